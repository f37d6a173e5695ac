import type { PublicNetwork } from '../../local/public-network.ts';

/** A caller of the demo: who, which keys, how patient. */
interface Story {
  readonly from: string;
  readonly keys: readonly { readonly afterMs: number; readonly digits: string }[];
  readonly patienceMs: number;
}

/**
 * The callers of a demo, the same ones each time: by turns they ask for billing or tech in three languages, some press a
 * wrong key first, some lose patience.
 */
function storyOf(index: number): Story {
  const language = String((index % 3) + 1);
  const wish = index % 2 === 0 ? '1' : '2';
  const wrong = index % 7 === 5 ? [{ afterMs: 6_000, digits: '7' }] : [];
  const later = wrong.length > 0 ? 8_000 : 0;
  return {
    from: `+35850${String(1_000_000 + index)}`,
    keys: [
      { afterMs: 2_500, digits: language },
      ...wrong,
      { afterMs: 6_000 + later, digits: wish },
      { afterMs: 9_000 + later, digits: '123456#' },
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

/** A list of numbers of the simulated network: two in three people, the rest busy, silent or machines. */
export function leadsCsv(count: number): string {
  const rows = Array.from({ length: count }, (_, index) => {
    const last = (index * 37 + 11) % 100;
    return `+35840${String(20_000 + index).slice(-5)}${String(last).padStart(2, '0')},Lead ${index + 1},demo`;
  });
  return ['number,name,list', ...rows].join('\n');
}
