import { styleText } from 'node:util';
import type { Explanation } from '../engine/ports/explain.ts';
import { wrapped } from './screen.ts';

const NOW = 'now';

/** Times in front, what each line rests on below it. */
export function told({ headline, lines, at: now }: Omit<Explanation, 'of' | 'id'>, width: number): readonly string[] {
  const times = lines.map(({ at }) => (at === null ? NOW : timeOf(at, now)));
  const margin = Math.max(NOW.length, ...times.map(({ length }) => length)) + 2;
  const body = lines.flatMap(({ text, details }, i) => {
    const [first = '', ...rest] = wrapped(text, width, margin);
    const time = styleText('dim', (times[i] ?? '').padEnd(margin));
    const below = details.flatMap((detail) => wrapped(detail, width, margin + 2, margin + 4));
    return [time + first.slice(margin), ...rest, ...below];
  });
  return [...wrapped(headline, width).map((line) => styleText('bold', line)), ...body];
}

/** In the time of who asks; of another day with the date. */
function timeOf(at: number, now: number): string {
  const [day, time = ''] = new Date(at).toLocaleString('sv-SE').split(' ');
  const [today] = new Date(now).toLocaleString('sv-SE').split(' ');
  return day === today ? time : `${day ?? ''} ${time}`;
}
