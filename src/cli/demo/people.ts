import type { PublicNetwork } from '../../local/public-network.ts';

/** A caller of the demo: who, which keys, how patient. */
interface Story {
  readonly from: string;
  readonly keys: readonly { readonly afterMs: number; readonly digits: string }[];
  readonly patienceMs: number;
}

/**
 * Last two digits of numbers below this: whoever is rung there hangs up some day, or is never reached. The last two of each
 * hundred talk for ever (`local/behaviour.ts`), and so would an agent who leaves it to them to end the call.
 */
const ENDS_SOME_DAY = 98;

/** When somebody who would rather leave a message presses the key for it: he is told and waits from about 14 s on. */
const LEAVES_AT_MS = [15_000, 18_000, 21_000];

/**
 * The callers of a demo, the same ones each time: by turns they ask for billing or tech in three languages, some press a
 * wrong key first, some lose patience, and some leave a message rather than wait.
 */
export function storyOf(index: number): Story {
  const language = String((index % 3) + 1);
  const wish = index % 2 === 0 ? '1' : '2';
  const wrong = index % 7 === 5 ? [{ afterMs: 6_000, digits: '7' }] : [];
  const later = wrong.length > 0 ? 8_000 : 0;
  const number = 1_000_000 + 100 * Math.floor(index / ENDS_SOME_DAY) + (index % ENDS_SOME_DAY);
  const leaves = index % 6 === 4 ? LEAVES_AT_MS : [];
  return {
    from: `+35850${number}`,
    keys: [
      { afterMs: 2_500, digits: language },
      ...wrong,
      { afterMs: 6_000 + later, digits: wish },
      { afterMs: 9_000 + later, digits: '123456#' },
      ...leaves.map((afterMs) => ({ afterMs: afterMs + later, digits: '*' })),
    ],
    patienceMs: index % 9 === 8 ? 25_000 : 55_000,
  };
}

/** Lets people call until it is told to stop; at most `crowd` at once, so that a small machine keeps up. */
export function letPeopleCall(network: PublicNetwork, number: string, crowd: number): { stop(): Promise<number> } {
  const closing = new AbortController();
  let calls = 0;
  const line = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      const story = storyOf(calls);
      calls += 1;
      await network.call({ ...story, to: number });
    }
  };
  const lines = Array.from({ length: crowd }, line);
  return {
    stop: async () => {
      closing.abort();
      await Promise.allSettled(lines);
      return calls;
    },
  };
}

/** A list of numbers of the simulated network: three in five are people, the rest busy, silent, machines or dead. */
export function leadsCsv(count: number): string {
  const rows = Array.from({ length: count }, (_, index) => {
    const last = (index * 37 + 11) % ENDS_SOME_DAY;
    return `+35840${String(20_000 + index).slice(-5)}${String(last).padStart(2, '0')},Lead ${index + 1},demo`;
  });
  return ['number,name,list', ...rows].join('\n');
}
