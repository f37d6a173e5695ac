import { styleText } from 'node:util';
import type { CampaignAnswer, QualityAnswer } from './campaign-answer.ts';
import { between } from './preflight-lines.ts';
import { wrapped } from './screen.ts';

interface Why {
  readonly headline: string;
  readonly gates: readonly { readonly gate: string; readonly pass: boolean }[];
}

export interface Shown {
  readonly view: CampaignAnswer;
  readonly why: Why;
  /** Null: it is not known at this moment. */
  readonly quality: QualityAnswer | null;
  readonly now: number;
}

type Colour = Parameters<typeof styleText>[0];

const STATUS: Readonly<Record<string, Colour>> = { running: 'green', paused: 'yellow', draft: 'gray' };
const WIDE = 100;
const TITLE = 11;
const BAR = 20;

/** The whole campaign as a manager looks at it, in lines no longer than the screen is wide. */
export function campaignLines(shown: Shown, width: number): readonly string[] {
  const { view } = shown;
  const room = Math.min(width, WIDE);
  return [
    title(view),
    ...wrapped(whyOf(shown), room).map((line) => styleText(isHeld(shown) ? ['bold', 'yellow'] : 'dim', line)),
    '',
    ...rows(shown).flatMap(([name, text]) => titled(name, text, room)),
    ...(shown.quality ? qualityLines(shown.quality, room) : []),
  ];
}

/** One campaign of several: its name, and how far it is. */
export function summaryLines(view: CampaignAnswer, now: number, width: number): readonly string[] {
  const { live } = view;
  const binding = bindingOf(view);
  const parts = [
    progress(view),
    ...(binding && binding.of > 0 ? [`abandoned ${percent(binding.rate)} of ${percent(binding.cap)}`] : []),
    ...(live?.finishAt ? [`done by ${moment(live.finishAt.likely, now)}`] : []),
  ];
  return [`${title(view)}  ${styleText('dim', view.campaign.id)}`, ...wrapped(parts.join('   '), width, 2)];
}

function title({ campaign: { name, status, mode } }: CampaignAnswer): string {
  return `${styleText('bold', name)}  ${styleText(STATUS[status] ?? 'white', `● ${status}`)}  ${mode}`;
}

/** That all agents talk is as it should be. */
const FINE: ReadonlySet<string> = new Set(['agents-free']);

/** It runs, and something keeps it from dialling: that is what a manager looks for first. */
const isHeld = ({ view, why }: Shown): boolean =>
  view.campaign.status === 'running' && why.gates.some(({ gate, pass }) => !pass && !FINE.has(gate));

const whyOf = ({ view, why }: Shown): string =>
  why.gates.every(({ pass }) => pass) && view.because !== null ? view.because : why.headline;

function rows({ view, quality, now }: Shown): readonly (readonly [string, string])[] {
  const { live, inFlight, abandonment, amd } = view;
  // With a flow that talks nobody waits for an agent, and nobody is kept from one.
  const talks = view.campaign.mode === 'agentless';
  const limits = talks ? [] : (abandonment?.limits ?? []);
  return [
    ['Leads', progress(view) + heldBack(view, quality)],
    ...(live?.finishAt ? [['Done by', finish(live.finishAt, now)] as const] : []),
    ...(live && !talks ? [['Agents', agents(live)] as const] : []),
    [
      'Lines',
      live
        ? `${bar(live.lines.inUse, live.lines.max)}  ${lines(live, talks)}`
        : `${n(inFlight)} ${inFlight === 1 ? 'call' : 'calls'} out`,
    ],
    ...limits.map((limit, nth) => [nth === 0 ? 'Abandoned' : '', abandoned(limit)] as const),
    ...(amd ? [['Machines', machines(amd, talks)] as const] : []),
    ['Dials', outcomes(view)],
  ];
}

function machines(
  { machines: kept, falsePositive, charged }: NonNullable<CampaignAnswer['amd']>,
  talks: boolean,
): string {
  const found = falsePositive
    ? `${percent(falsePositive.share)} of them persons (${percent(falsePositive.low)} – ${percent(falsePositive.high)})`
    : 'how many were persons nobody knows yet';
  if (talks) return `${n(kept)} did not hear the flow, ${found}`;
  const how =
    charged.from === 'not-charged'
      ? 'none of it counts as abandoned'
      : `${percent(charged.share)} count as abandoned, ${charged.from}`;
  return `${n(kept)} kept from agents, ${found}${styleText('dim', `  ${how}`)}`;
}

function progress({ leads: { pending, leased, done } }: CampaignAnswer): string {
  const all = pending + leased + done;
  if (all === 0) return 'none yet: upload a list';
  const busy = leased > 0 ? `, ${n(leased)} on the line` : '';
  return `${bar(done, all)}  ${n(done)} of ${n(all)} done, ${n(pending)} wait${busy}`;
}

/** Leads that count in no list of those to be dialled: by a filter, by a quota, or because somebody stopped them. */
function heldBack({ leads: { pending, leased, done } }: CampaignAnswer, quality: QualityAnswer | null): string {
  const held = (quality?.all.leads ?? 0) - pending - leased - done;
  return held > 0 ? `, ${n(held)} held back` : '';
}

type Live = NonNullable<CampaignAnswer['live']>;

function finish({ low, likely, high, from }: NonNullable<Live['finishAt']>, now: number): string {
  const prior = from === 'preflight' ? ' (as the preflight had it)' : '';
  const span = between({ low, middle: likely, high }, (at) => moment(at, now));
  return `${moment(likely, now)}${styleText('dim', `  8 of 10: ${span}${prior}`)}`;
}

function agents({ agents: { idle, talk, wrap }, idleMs }: Live): string {
  if (idle + talk + wrap === 0) return 'none is ready';
  const kinds = [
    styleText('cyan', `${talk} talk`),
    styleText('magenta', `${wrap} wrap-up`),
    styleText('green', `${idle} free`),
  ];
  const waits = idleMs === null ? '' : `   idle ${(idleMs / 1_000).toFixed(1)} s before a talk`;
  return `${kinds.join(', ')}${waits}`;
}

function lines({ lines: { inUse, max }, dialLevel }: Live, talks: boolean): string {
  const level = dialLevel === null || talks ? '' : `   ${dialLevel.toFixed(1)} dials a free agent`;
  return `${n(inUse)} of ${n(max)}${level}`;
}

type Limit = NonNullable<CampaignAnswer['abandonment']>['limits'][number];

function abandoned({ rate, cap, abandoned: lost, of, window, scope, from, to, budget }: Limit): string {
  const colour: Colour = rate > cap ? ['bold', 'red'] : rate > 0.8 * cap ? 'yellow' : 'green';
  const span = from === to ? from : `${from} – ${to}`;
  const whose = scope === 'all' ? ', all campaigns' : '';
  const left = `${n(Math.max(0, Math.floor(budget)))} more may be`;
  const when = styleText('dim', `   ${window.replaceAll('-', ' ')}${whose}: ${span}`);
  if (of === 0) return `${bar(0, cap, 10)}  nobody has answered; at most ${percent(cap)}${when}`;
  const share = `${styleText(colour, percent(rate))} of ${percent(cap)}`;
  return `${bar(rate, cap, 10)}  ${share}: ${decimal(lost)} of ${decimal(of)}, ${left}${when}`;
}

const bindingOf = ({ campaign: { mode }, abandonment }: CampaignAnswer): Limit | undefined =>
  mode === 'agentless' ? undefined : (abandonment?.limits.find(({ binds }) => binds) ?? abandonment?.limits[0]);

function outcomes({ outcomes: all, live }: CampaignAnswer): string {
  const ended = Object.entries(all).filter(([outcome]) => outcome !== 'open');
  const sum = ended.reduce((total, [, count]) => total + count, 0);
  if (sum === 0) return live && live.callsMade > 0 ? `${n(live.callsMade)}, none has ended yet` : 'none yet';
  const most = ended.toSorted(([, a], [, b]) => b - a).map(([outcome, count]) => `${outcome} ${n(count)}`);
  return `${n(sum)} ended: ${most.join(', ')}`;
}

const HEAD = ['LIST', 'LEADS', 'DIALS', 'PERSON', 'MACHINE', 'NO ANSWER', 'NO NUMBER', 'REFUSED'];

/** List by list, and all of them below when there are several. */
function qualityLines({ lists, all }: QualityAnswer, width: number): readonly string[] {
  if (all.dials === 0) return [];
  const row = (name: string, list: QualityAnswer['all']) => [
    name,
    n(list.leads),
    n(list.dials),
    ...[list.contact, list.machine, list.noAnswer, list.invalid, list.refused].map(({ share }) =>
      share === null ? '–' : percent(share),
    ),
  ];
  const named = lists.map((list) => row(list.name || list.listId || 'its leads', list));
  const table = [...named, ...(lists.length > 1 ? [row('all', all)] : [])];
  const widths = HEAD.map((head, column) =>
    Math.max(head.length, ...table.map((cells) => (cells[column] ?? '').length)),
  );
  const rest = widths.slice(1).reduce((sum, each) => sum + each + 2, 0);
  const first = Math.max(4, Math.min(widths[0] ?? 0, width - rest));
  const line = ([name = '', ...cells]: readonly string[]) =>
    [cut(name, first).padEnd(first), ...cells.map((cell, nth) => cell.padStart(widths[nth + 1] ?? 0))].join('  ');
  return ['', styleText('dim', line(HEAD)), ...table.map(line)];
}

function titled(name: string, text: string, width: number): readonly string[] {
  const [first = '', ...more] = wrappedSeen(text, width - TITLE);
  return [`${styleText('bold', name.padEnd(TITLE))}${first}`, ...more.map((line) => ' '.repeat(TITLE) + line)];
}

/** Breaks at a comma or two spaces, so that what belongs together stays together; colours take no room. */
function wrappedSeen(text: string, width: number): readonly string[] {
  const parts = text.split(/(?<=, )|(?<= {2})(?! )/u);
  const found: string[] = [];
  let line = '';
  for (const each of parts) {
    if (line !== '' && seen(line + each).trimEnd().length > width) {
      found.push(line.trimEnd());
      line = each;
    } else line += each;
  }
  return [...found, line.trimEnd()];
}

const ESCAPES = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'gu');
const seen = (text: string): string => text.replace(ESCAPES, '');

const cut = (text: string, width: number): string => (text.length > width ? `${text.slice(0, width - 1)}…` : text);

function bar(part: number, all: number, width = BAR): string {
  const share = all <= 0 ? 0 : Math.min(1, part / all);
  // Something is never shown as nothing, nor almost all as all.
  const full = share === 0 ? 0 : share === 1 ? width : Math.min(width - 1, Math.max(1, Math.round(share * width)));
  return '█'.repeat(full) + '░'.repeat(width - full);
}

const n = (count: number): string => count.toLocaleString('en');
const decimal = (count: number): string => n(Number(count.toFixed(1)));
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const DAY_MS = 86_400_000;

/** As the clock on the wall of who asks has it; the day only where it is another. */
function moment(at: number, now: number): string {
  const time = new Date(at).toLocaleTimeString('sv-SE', { hour: '2-digit', minute: '2-digit' });
  if (new Date(at).toDateString() === new Date(now).toDateString()) return time;
  const day = new Date(at).toLocaleDateString('en-GB', { weekday: 'short', day: 'numeric' });
  const month = at - now > 6 * DAY_MS ? ` ${new Date(at).toLocaleDateString('en-GB', { month: 'short' })}` : '';
  return `${day}${month} ${time}`;
}
