import { describe, expect, it } from 'vitest';
import { converse, KEYS_HELP, type Terminal } from '../../../src/cli/flow/sim-terminal.ts';
import { flowOf } from '../ivr/caller.ts';
import { callTo, heardBy, lasted, pathOf } from '../ivr/sim/sim-house.ts';

const FLOW = flowOf(`
greet: { type: play, prompt: welcome, next: main }
main: { type: menu, prompt: choose, timeout: 10s, keys: { "1": take, "2": end }, outcomes: { noInput: end, invalid: end } }
take: { type: voicemail, box: support, outcomes: { done: end, empty: end, full: end } }
end: { type: hangup }`);

/** Somebody who presses these keys, each after so many ms, on a clock that only he moves. */
function someone(
  ...keys: readonly (readonly [afterMs: number, key: string])[]
): Terminal & { readonly lines: string[] } {
  const lines: string[] = [];
  const left = [...keys];
  let now = 0;
  let since = 0;
  return {
    lines,
    now: () => now,
    print: (line) => void lines.push(line),
    key(withinMs) {
      const [next] = left;
      const due = next ? since + next[0] : Number.POSITIVE_INFINITY;
      if (!next || due > now + withinMs) {
        now += withinMs;
        return Promise.resolve(null);
      }
      left.shift();
      now = due;
      since = due;
      return Promise.resolve(next[1]);
    },
  };
}

async function at(...keys: readonly (readonly [number, string])[]) {
  const call = callTo(FLOW);
  const person = someone(...keys);
  await converse(call, person);
  return { call, lines: person.lines };
}

describe('a caller at the terminal', () => {
  it('hears what is said when it is said, and presses keys at once', async () => {
    const { call, lines } = await at([3_000, '2']);
    expect([pathOf(call), lasted(call), heardBy(call)]).toEqual(['greet main end', 3_000, ['welcome', 'choose']]);
    expect(lines[0]).toBe(KEYS_HELP);
    expect(lines.filter((line) => line.includes('> 2'))).toEqual(['  0:03.0  > 2']);
  });

  it('counts in whole ms, as clocks of calls do, whatever the clock of the terminal counts', async () => {
    const call = callTo(FLOW);
    await converse(call, someone([3_000.4, '2']));
    expect([pathOf(call), lasted(call)]).toEqual(['greet main end', 3_000]);
  });

  it('skips to what happens next', async () => {
    const { call } = await at([100, ' '], [100, '2']);
    expect([pathOf(call), lasted(call)]).toEqual(['greet main end', 2_100]);
  });

  it('lets time pass', async () => {
    const { call } = await at([0, 't'], [5, '5'], [5, 's'], [5, '\r'], [0, '2']);
    expect([pathOf(call), lasted(call)]).toEqual(['greet main end', 5_000]);
    const { lines } = await at([0, 't'], [5, 'x'], [5, '\r'], [0, '?']);
    expect(lines).toContain('`x` is no length of time.');
    expect(lines.filter((line) => line === KEYS_HELP)).toHaveLength(2);
  });

  it('talks into a recording, and hangs up', async () => {
    const { call } = await at([2_500, '1'], [2_500, 's'], [2_000, '\u0003']);
    const kept = call.log.find((entry) => entry.type === 'fact' && entry.fact.type === 'voicemail.left');
    expect(kept).toMatchObject({ fact: { data: { box: 'support', durationMs: 2_500 } } });
    expect(call.log.at(-1)).toMatchObject({ type: 'ended', reason: 'hungUp' });
  });
});
