import type { EpochMs } from '../call/ids.ts';
import type { Cell } from '../dialer/evidence-csv.ts';
import { dayBegins } from './campaign-ledger-read.ts';
import type { OutboundAbandonment } from './ports/outbound-figures.ts';
import { written } from './report-figures.ts';
import { escaped } from '../dialer/markup.ts';
import { timeOf } from './report-time.ts';

interface Sheet {
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly zone: string;
}

type Rate = Pick<OutboundAbandonment, 'abandoned' | 'of' | 'rate'>;

/**
 * Abandonment of a campaign as lines of the CSV: of the span; of each day of the profile's zone that it touches, the first and the last
 * cut where the span is; and of each limit's window that the end of the span lies in, which may begin before it.
 */
export function abandonmentRows(
  { campaignId, definition, days, profile, zone, limits, ...whole }: OutboundAbandonment,
  sheet: Sheet,
): readonly (readonly Cell[])[] {
  const rows = (
    span: Span,
    told: string,
    name: string,
    { rate, abandoned, of }: Rate,
  ): readonly (readonly Cell[])[] => {
    const place = [timeOf(span.from, sheet.zone), timeOf(span.to, sheet.zone), campaignId];
    const about = [told, `telephony, ${profile}`];
    return [
      [...place, name, rate, 'share', ...about],
      [...place, `${name}.abandoned`, abandoned, 'calls', ...about],
      [...place, `${name}.of`, of, 'calls', ...about],
    ];
  };
  const daily = days.flatMap(({ day, ...rate }) => {
    const { from, to } = spanOf(day, day, zone);
    const cut = { from: Math.max(from, sheet.from), to: Math.min(to, sheet.to) };
    return rows(cut, definition, 'outboundAbandonment.day', rate);
  });
  const held = limits.flatMap(({ window, scope, from, to, definition: told, ...rate }) =>
    rows(spanOf(from, to, zone), told, `outboundAbandonment.${window}.${scope}`, rate),
  );
  return [...rows(sheet, definition, 'outboundAbandonment', whole), ...daily, ...held];
}

type Span = Pick<Sheet, 'from' | 'to'>;

/** From the beginning of a local date to the end of another. */
const spanOf = (first: string, last: string, zone: string): Span => ({
  from: dayBegins(first, zone),
  to: dayBegins(Temporal.PlainDate.from(last).add({ days: 1 }).toString(), zone),
});

const percent = (rate: number | null) => written({ unit: 'share' }, rate);
const plain = (count: number) => String(Number(count.toFixed(2)));

/** The same as a part of the page. */
export function abandonmentTable(outbound: readonly OutboundAbandonment[]): string {
  if (outbound.length === 0) return '';
  const rows = outbound.map(({ campaignId, name, profile, abandoned, of, rate, limits, definition }) => {
    const held = limits.map((limit) => {
      const sign = limit.kept ? '' : ' <strong>passed</strong>';
      return `${escaped(percent(limit.rate))} of at most ${escaped(percent(limit.cap))}${sign}, ${escaped(limit.from)} to ${escaped(limit.to)}${limit.scope === 'all' ? ', all campaigns of the profile' : ''}`;
    });
    const numbers = [percent(rate), plain(abandoned), plain(of)].map((each) => `<td class="n">${each}</td>`).join('');
    return `<tr><td>${escaped(name)}<br><span class="small id">${escaped(campaignId)}</span></td><td class="id">${escaped(profile)}</td>${numbers}<td>${held.join('<br>')}</td><td class="small">${escaped(definition)}</td></tr>`;
  });
  const titles = ['campaign', 'profile', 'abandonment', 'abandoned', 'of', 'limits at the end of the span'];
  const head = [...titles.map((title) => `<th>${title}</th>`), '<th class="wide">definition</th>'].join('');
  return `<h2>Abandonment of campaigns, by their compliance profiles</h2><table><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}
