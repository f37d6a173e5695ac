import { CAUSE } from '../call/cause.ts';
import type { DialTarget } from '../call/switch.ts';
import type { FlowFile, NodeFile } from './flow-file.ts';
import type { Assignments, FlowNode, InputSettings, KeyAction, Speech } from './flow.ts';
import { readPattern } from './pattern.ts';
import { type Path, suggest } from './problem.ts';
import { fits, type Scope } from './scope.ts';

type AnyNode = FlowFile['nodes'][string];

/** What a telephone menu does when neither node nor `defaults` say otherwise. */
const INPUT: InputSettings = {
  timeoutMs: 6_000,
  interDigitMs: 2_000,
  retries: { noInput: 2, invalid: 2 },
  bargeIn: true,
};

export function buildNode(id: string, node: AnyNode, scope: Scope): FlowNode {
  switch (node.type) {
    case 'play':
      return buildPlay(id, node, scope);
    case 'menu':
      return buildMenu(id, node, scope);
    case 'collect':
      return buildCollect(id, node, scope);
    case 'switch':
      return buildSwitch(id, node, scope);
    case 'hours':
      return buildHours(id, node, scope);
    case 'queue':
      return buildQueue(id, node, scope);
    case 'transfer':
      return buildTransfer(id, node, scope);
    default:
      return { type: 'hangup', id, error: null, reason: node.reason, cause: CAUSE[node.reason] };
  }
}

function buildPlay(id: string, node: NodeFile<'play'>, scope: Scope): FlowNode {
  return {
    ...base('play', id, node, scope),
    speech: speech(node.prompt, ['nodes', id, 'prompt'], scope),
    bargeIn: node.bargeIn,
    next: node.next === undefined ? null : scope.edge(id, node.next, ['nodes', id, 'next']),
  };
}

function buildSwitch(id: string, node: NodeFile<'switch'>, scope: Scope): FlowNode {
  return {
    ...base('switch', id, node, scope),
    cases: node.cases.map(({ when, set, go }, i) => ({
      when: scope.condition(when, ['nodes', id, 'cases', i, 'when']),
      set: assignments(set, ['nodes', id, 'cases', i, 'set'], scope),
      go: scope.edge(id, go, ['nodes', id, 'cases', i, 'go']),
    })),
    otherwise: scope.edge(id, node.else, ['nodes', id, 'else']),
  };
}

function buildHours(id: string, node: NodeFile<'hours'>, scope: Scope): FlowNode {
  return {
    ...base('hours', id, node, scope),
    calendar: node.calendar,
    outcomes: edges(id, node, ['open', 'closed', 'holiday', 'forced'], scope),
  };
}

function buildTransfer(id: string, node: NodeFile<'transfer'>, scope: Scope): FlowNode {
  return {
    ...base('transfer', id, node, scope),
    to: dialTarget(id, node, scope),
    ringMs: node.ring,
    outcomes: edges(id, node, ['answeredEnd', 'busy', 'noAnswer', 'failed'], scope),
  };
}

function buildMenu(id: string, node: NodeFile<'menu'>, scope: Scope): FlowNode {
  const actions = Object.entries(node.keys).map(([key, action]): [string, KeyAction] => {
    const path = ['nodes', id, 'keys', key];
    const full = typeof action === 'string' ? { set: {}, go: action, language: undefined } : action;
    const target = typeof action === 'string' ? path : [...path, 'go'];
    if (full.language !== undefined) checkLanguage(full.language, [...path, 'language'], scope);
    return [
      key,
      {
        set: assignments(full.set, [...path, 'set'], scope),
        language: full.language ?? null,
        go: full.go === REPEAT ? null : scope.edge(id, full.go, target),
      },
    ];
  });
  if (actions.length === 0) scope.report(['nodes', id, 'keys'], 'The menu has no keys.', 'Give it at least one.');
  return {
    ...base('menu', id, node, scope),
    prompts: prompts(id, node, scope),
    keys: new Map(actions),
    input: inputSettings(node, scope),
    outcomes: edges(id, node, ['noInput', 'invalid'], scope),
  };
}

/** The word that says the prompt again; no node may bear it. */
export const REPEAT = 'repeat';

function buildCollect(id: string, node: NodeFile<'collect'>, scope: Scope): FlowNode {
  const pattern = readPattern(node.pattern);
  if (!pattern.ok) {
    const cure = 'Write digits and classes only, like ^[1-9][0-9]{5,7}$.';
    scope.report(['nodes', id, 'pattern'], `The pattern is refused: ${pattern.why}.`, cure);
  }
  const target = scope.vars.get(node.save);
  if (target?.type !== 'string') {
    const strings = [...scope.vars].filter(([, decl]) => decl.type === 'string').map(([name]) => name);
    scope.report(['nodes', id, 'save'], `\`${node.save}\` is no variable of type string.`, suggest(node.save, strings));
  }
  return {
    ...base('collect', id, node, scope),
    prompts: prompts(id, node, scope),
    digits: node.digits,
    pattern: pattern.ok ? pattern.regex : /^$/,
    save: node.save,
    input: inputSettings(node, scope),
    outcomes: edges(id, node, ['ok', 'noInput', 'invalid'], scope),
  };
}

function buildQueue(id: string, node: NodeFile<'queue'>, scope: Scope): FlowNode {
  node.require.forEach(({ skill }, i) => checkSkill(skill, ['nodes', id, 'require', i, 'skill'], scope));
  return {
    ...base('queue', id, node, scope),
    queue: node.queue,
    priority: {
      base: node.priority.base,
      add: node.priority.add.map(({ when, points }, i) => ({
        when: scope.condition(when, ['nodes', id, 'priority', 'add', i, 'when']),
        points,
      })),
    },
    require: node.require,
    maxWaitMs: node.maxWait ?? null,
    outcomes: edges(id, node, ['answeredEnd', 'timeout', 'full', 'noAgents', 'closed'], scope),
  };
}

function base<T extends AnyNode['type']>(
  type: T,
  id: string,
  node: Exclude<AnyNode, { type: 'hangup' }>,
  scope: Scope,
) {
  const own = node.outcomes?.error;
  const error = own === undefined ? null : scope.edge(id, own, ['nodes', id, 'outcomes', 'error']);
  return { type, id, error: error ?? scope.file.defaults.onError ?? null };
}

type Outcomes = Readonly<Record<string, string | undefined>>;

/** Every outcome leads somewhere: by the node's own edge, or for `noInput` and `invalid` by the flow's default. */
function edges<O extends string>(
  id: string,
  node: { outcomes?: Outcomes | undefined },
  names: readonly O[],
  scope: Scope,
) {
  const { noInput, invalid } = scope.file.defaults;
  const defaults = new Map<string, string | undefined>([
    ['noInput', noInput],
    ['invalid', invalid],
  ]);
  const targets = names.map((outcome): [O, string] => {
    const own = node.outcomes?.[outcome];
    if (own !== undefined) return [outcome, scope.edge(id, own, ['nodes', id, 'outcomes', outcome])];
    const filled = defaults.get(outcome);
    if (filled !== undefined) return [outcome, scope.edge(id, filled, ['defaults', outcome])];
    const cure = `Add \`${outcome}: <node>\` under its outcomes.`;
    scope.report(['nodes', id, 'outcomes'], `The outcome \`${outcome}\` of \`${id}\` leads nowhere.`, cure);
    return [outcome, ''];
  });
  return Object.fromEntries(targets) as Record<O, string>;
}

function prompts(id: string, node: NodeFile<'menu' | 'collect'>, scope: Scope) {
  const path = ['nodes', id, 'prompt'];
  return {
    first: speech(node.prompt.first, path, scope),
    again: speech(node.prompt.again, path, scope),
    invalid: speech(node.prompt.invalid, path, scope),
  };
}

function speech(
  items: readonly (string | { say: 'digits' | 'number'; of: string })[],
  path: Path,
  scope: Scope,
): Speech {
  return items.map((item) => {
    if (typeof item === 'string') return { prompt: item };
    const type = item.say === 'number' ? 'int' : 'string';
    const known = [...scope.vars].filter(([, decl]) => decl.type === type).map(([name]) => name);
    if (!known.includes(item.of)) {
      scope.report(path, `\`${item.of}\` is no variable of type ${type}.`, suggest(item.of, known));
    }
    return item;
  });
}

function inputSettings(node: NodeFile<'menu' | 'collect'>, scope: Scope): InputSettings {
  const common = scope.file.defaults.menu;
  return {
    timeoutMs: node.timeout ?? common.timeout ?? INPUT.timeoutMs,
    interDigitMs: node.interDigit ?? common.interDigit ?? INPUT.interDigitMs,
    retries: {
      noInput: node.retries?.noInput ?? common.retries?.noInput ?? INPUT.retries.noInput,
      invalid: node.retries?.invalid ?? common.retries?.invalid ?? INPUT.retries.invalid,
    },
    bargeIn: node.bargeIn ?? common.bargeIn ?? INPUT.bargeIn,
  };
}

function assignments(set: Assignments, path: Path, scope: Scope): Assignments {
  for (const [name, value] of Object.entries(set)) {
    const decl = scope.vars.get(name);
    if (!decl) {
      scope.report(
        [...path, name],
        `The variable \`${name}\` is not declared.`,
        suggest(name, scope.vars.keys()),
        'key',
      );
    } else if (!fits(decl, value)) {
      const cure = decl.type === 'enum' ? suggest(String(value), decl.values) : `Its type is ${decl.type}.`;
      scope.report([...path, name], `\`${name}\` cannot be ${JSON.stringify(value)}.`, cure);
    }
  }
  return set;
}

function checkLanguage(language: string, path: Path, scope: Scope): void {
  const { supported } = scope.file.languages;
  if (supported.includes(language)) return;
  scope.report(path, `The flow does not support the language \`${language}\`.`, suggest(language, supported));
}

/** Only closed sets may stand in a skill's name, so that what is asked for can be known from the file. */
function checkSkill(skill: string, path: Path, scope: Scope): void {
  const enums = [...scope.vars].filter(([, decl]) => decl.type === 'enum').map(([name]) => name);
  const plain = skill.replace(/\$\{([^}]*)\}/g, (_, name: string) => {
    if (name !== 'call.language' && !enums.includes(name)) {
      scope.report(path, `\`${name}\` cannot stand in a skill.`, suggest(name, ['call.language', ...enums]));
    }
    return 'x';
  });
  if (/^[a-z][a-z0-9-]{0,40}(:[A-Za-z0-9-]{1,80})?$/.test(plain)) return;
  scope.report(path, 'A skill is a name, or a kind and a name.', 'Write it like "topic:${topic}" or "lang:fi".');
}

function dialTarget(id: string, { to, trunk }: NodeFile<'transfer'>, scope: Scope): DialTarget {
  if (!to.startsWith('+')) {
    if (trunk !== undefined) {
      scope.report(['nodes', id, 'trunk'], 'A phone of the house needs no trunk.', 'Remove `trunk`.');
    }
    return { kind: 'phone', name: to };
  }
  if (trunk === undefined) {
    scope.report(['nodes', id, 'to'], 'A number outside needs a trunk.', 'Add `trunk: <name>`.');
  }
  return { kind: 'number', number: to, trunk: trunk ?? '' };
}
