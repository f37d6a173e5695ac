import type { CollectNode, InputNode, KeyAction, MenuNode } from './flow.ts';
import {
  answer,
  arm,
  assign,
  become,
  disarm,
  hush,
  type Move,
  noteInput,
  setLanguage,
  speak,
  type Walk,
} from './walk.ts';

/**
 * Menus and digit collection: the keys' part of the machine in step.ts.
 *
 *     speaking ──said──▶ listening ──key──▶ keying ──complete──▶ next node
 *        ▲  └────────────key (barge-in)──────▲ │
 *        └──────── again: no input, wrong ─────┘
 */
export function enterInput(walk: Walk, node: InputNode): Move | null {
  walk.state.digits = '';
  walk.state.tries = { noInput: 0, invalid: 0 };
  if (!node.input.bargeIn) walk.state.typed = ''; // the whole prompt is to be heard first
  if (walk.state.typed !== '') return takeTyped(walk, node);
  return ask(walk, node, 'first');
}

type Asking = 'first' | 'noInput' | 'invalid';

function ask(walk: Walk, node: InputNode, asking: Asking): Move | null {
  const { first, again, invalid } = node.prompts;
  const speech = { first, noInput: again, invalid: [...invalid, ...again] }[asking];
  walk.state.digits = '';
  return speak(walk, speech) ? null : listen(walk, node);
}

/** The prompt was said, or could not be: from now on silence counts. */
export function listen(walk: Walk, node: InputNode): Move | null {
  answer(walk);
  walk.state.playbackId = null;
  arm(walk, 'noInput', walk.now + node.input.timeoutMs);
  return become(walk, 'listening');
}

/** A key, in whatever stage of this node. */
export function takeKey(walk: Walk, node: InputNode, digit: string): Move | null {
  if (walk.state.stage === 'speaking' && !node.input.bargeIn) return null;
  hush(walk);
  disarm(walk);
  answer(walk);
  return node.type === 'menu' ? menuKey(walk, node, digit) : collectKey(walk, node, digit);
}

function takeTyped(walk: Walk, node: InputNode): Move | null {
  let move: Move | null = null;
  while (move === null && walk.state.typed !== '') {
    const digit = walk.state.typed.charAt(0);
    walk.state.typed = walk.state.typed.slice(1);
    move = takeKey(walk, node, digit);
  }
  return move;
}

function menuKey(walk: Walk, node: MenuNode, digit: string): Move | null {
  const pressed = walk.state.digits + digit;
  const longer = [...node.keys.keys()].some((key) => key.length > pressed.length && key.startsWith(pressed));
  walk.state.digits = pressed;
  if (longer) return awaitKey(walk, node);
  return menuDone(walk, node);
}

function menuDone(walk: Walk, node: MenuNode): Move | null {
  const pressed = walk.state.digits;
  noteInput(walk, pressed);
  const action = node.keys.get(pressed);
  return action ? act(walk, node, pressed, action) : wrong(walk, node);
}

function act(walk: Walk, node: MenuNode, pressed: string, action: KeyAction): Move | null {
  assign(walk, action.set);
  if (action.language !== null) setLanguage(walk, action.language);
  if (action.go !== null) return { outcome: `key ${pressed}`, to: action.go };
  walk.state.steps += 1;
  if (walk.state.steps >= walk.flow.maxSteps) return { outcome: 'repeat', to: node.id }; // over the budget by going in again
  return ask(walk, node, 'first');
}

function collectKey(walk: Walk, node: CollectNode, digit: string): Move | null {
  if (digit === node.digits.end) return collectDone(walk, node);
  walk.state.digits += digit;
  return walk.state.digits.length >= node.digits.max ? collectDone(walk, node) : awaitKey(walk, node);
}

function collectDone(walk: Walk, node: CollectNode): Move | null {
  const digits = walk.state.digits;
  const masked = walk.flow.vars.get(node.save)?.pii === true;
  noteInput(walk, masked ? 'x'.repeat(digits.length) : digits);
  if (digits.length < node.digits.min || !node.pattern.test(digits)) return wrong(walk, node);
  assign(walk, { [node.save]: digits });
  return { outcome: 'ok', to: node.outcomes.ok };
}

function awaitKey(walk: Walk, node: InputNode): null {
  arm(walk, 'interDigit', walk.now + node.input.interDigitMs);
  return become(walk, 'keying');
}

/** Nothing more was keyed: what there is counts. */
export function keyingOver(walk: Walk, node: InputNode): Move | null {
  disarm(walk);
  return node.type === 'menu' ? menuDone(walk, node) : collectDone(walk, node);
}

/** Nothing was keyed at all. */
export function silence(walk: Walk, node: InputNode): Move | null {
  disarm(walk);
  return retry(walk, node, 'noInput');
}

function wrong(walk: Walk, node: InputNode): Move | null {
  walk.state.typed = ''; // keys after a wrong one were meant for a place that the caller is not in
  return retry(walk, node, 'invalid');
}

function retry(walk: Walk, node: InputNode, why: 'noInput' | 'invalid'): Move | null {
  const tries = { ...walk.state.tries, [why]: walk.state.tries[why] + 1 };
  walk.state.tries = tries;
  if (tries[why] > node.input.retries[why]) return { outcome: why, to: node.outcomes[why] };
  return ask(walk, node, why);
}
