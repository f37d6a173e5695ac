/** How the callers of one SIPp fared. */
export interface Tally {
  readonly served: number;
  readonly failed: number;
  /** SIP messages sent again, as no answer had come within 500 ms (RFC 3261 §17.1.1.2, timer A). */
  readonly resent: number;
}

/** Reads SIPp's -trace_stat file: a line of names, then lines of figures; the last one counts everything. */
export function counts(csv: string): Tally {
  const lines = csv.trim().split('\n');
  const names = lines[0]?.split(';') ?? [];
  const figures = lines.at(-1)?.split(';') ?? [];
  const figure = (name: string): number => {
    const value = Number(figures[names.indexOf(name)]);
    if (Number.isNaN(value)) throw new Error(`SIPp counted no ${name}`);
    return value;
  };
  return {
    served: figure('SuccessfulCall(C)'),
    failed: figure('FailedCall(C)'),
    resent: figure('Retransmissions(C)'),
  };
}

/** Reads SIPp's -trace_rtt file: one answered call a line, its time in ms in the second column. */
export const setupTimes = (csv: string): readonly number[] =>
  csv
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => Number(line.split(';')[1]));

/** How often each thing went wrong, in words. */
export type Complaints = Readonly<Record<string, number>>;

const COMPLAINT =
  /received 'SIP\/2\.0 (?<answer>\d{3} [^\r\n]*)|unexpected (?<request>[A-Z]+) for call|(?<timeout>receive timeout)/g;

/** Reads SIPp's -trace_err file: an entry for each call that it gave up, with the message that did not fit. */
export function complaints(text: string): Complaints {
  const found = [...text.matchAll(COMPLAINT)].map(({ groups = {} }) => {
    const { answer, request } = groups;
    return answer ?? (request === undefined ? 'no answer in time' : `${request} too early`);
  });
  return Object.fromEntries(
    Object.entries(Object.groupBy(found, (why) => why)).map(([why, all]) => [why, all?.length ?? 0]),
  );
}
