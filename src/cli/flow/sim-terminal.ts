import type { SimulatedCall } from '../../ivr/sim/simulated-call.ts';
import { readScript } from './sim-script.ts';
import { lineOf } from './sim-lines.ts';

/** A person with a keyboard and a clock. */
export interface Terminal {
  /** The key that is pressed next, or null when none is within that time. */
  readonly key: (withinMs: number) => Promise<string | null>;
  /** ms, from any beginning; a part of one may be in it. */
  readonly now: () => number;
  readonly print: (line: string) => void;
}

export const KEYS_HELP =
  'Keys: 0–9 * # are pressed · space: skip to what happens next · t: let time pass · s: talk for 3 s · ?: these keys · Ctrl-C: hang up';

const CTRL_C = '\u0003';
const TALK_MS = 3_000;

/** Lets a person walk through the call in his own time; he may skip what takes long. */
export async function converse(call: SimulatedCall, terminal: Terminal): Promise<void> {
  const show = printer(call, terminal);
  terminal.print(KEYS_HELP);
  for (show(); !call.isOver; show()) {
    const since = terminal.now();
    const pressed = await terminal.key(Math.max(0, (call.nextAt ?? call.now) - call.now));
    const passed = Math.max(0, Math.round(terminal.now() - since));
    if (pressed === null) call.next();
    else {
      call.passTo(call.now + passed);
      await act(call, pressed, terminal);
    }
  }
}

/** Prints what has happened since it was asked last; answers whether there was anything to see. */
export function printer(call: SimulatedCall, { print }: Pick<Terminal, 'print'>): () => boolean {
  let shown = 0;
  return () => {
    const lines = call.log.slice(shown).flatMap((entry) => lineOf(entry, call.scenario.at) ?? []);
    shown = call.log.length;
    for (const line of lines) print(line);
    return lines.length > 0;
  };
}

async function act(call: SimulatedCall, key: string, terminal: Terminal): Promise<void> {
  if (/^[0-9*#]$/.test(key)) call.press(key);
  else if (key === ' ') skip(call);
  else if (key === 's') call.talk(TALK_MS);
  else if (key === 't') await jump(call, terminal);
  else if (key === '?') terminal.print(KEYS_HELP);
  else if (key === CTRL_C) call.hangUp();
}

/** To the next thing that can be seen. */
function skip(call: SimulatedCall): void {
  const seen = () => call.log.filter((entry) => lineOf(entry, 0) !== null).length;
  const before = seen();
  while (seen() === before && call.next());
}

/** `t`, a length of time, Enter. */
async function jump(call: SimulatedCall, terminal: Terminal): Promise<void> {
  terminal.print('Let how much time pass? Type it like 30s or 2h, then Enter:');
  let typed = '';
  for (let key = await terminal.key(FOR_EVER); key !== '\r' && key !== '\n'; key = await terminal.key(FOR_EVER)) {
    if (key === CTRL_C) return;
    typed += key ?? '';
  }
  try {
    const [step] = readScript(`silence ${typed}`);
    if (step && 'silence' in step) call.passTo(call.now + step.silence);
  } catch {
    terminal.print(`\`${typed}\` is no length of time.`);
  }
}

/** The longest that a timer can wait. */
const FOR_EVER = 2 ** 31 - 1;
