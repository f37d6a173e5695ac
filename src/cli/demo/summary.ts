import type { AttemptOutcome, Attempt, Lead } from '../../engine/ports/history.ts';
import type { CampaignView } from '../../engine/ports/service.ts';
import type { Callwright } from '../../main.ts';
import type { api } from './api.ts';

type Call = ReturnType<typeof api>;
type Counts = Readonly<Record<string, number>>;

export interface Account {
  readonly text: string;
  /** Whether the API, the metrics and the journal tell the same. */
  readonly agrees: boolean;
}

/** Rows of one answer, at most. */
const PAGE = 200;
const LOOK_MS = 250;
/** Whatever still rings or talks by then is hung up, so that a demo always ends. */
const PATIENCE_MS = 45_000;

/** Lets callers and dials end: nobody new comes, the campaign stops, and what lasts too long is hung up. Answers the callers. */
export async function settle(
  { service }: Callwright,
  campaignId: string,
  people: { stop(): Promise<number> },
): Promise<number> {
  const campaign = await service.campaign(campaignId);
  if (campaign?.campaign.status === 'running') await service.commandCampaign(campaignId, 'pause');
  const callers = people.stop();
  const deadline = Date.now() + PATIENCE_MS;
  while (service.calls().length > 0) {
    if (Date.now() > deadline) for (const { id } of service.calls()) service.hangupCall(id);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return callers;
}

/** Counts the same calls three ways and says whether the three agree. */
export async function summary(call: Call, campaignId: string, callers: number): Promise<Account> {
  const campaign = await call<CampaignView>('GET', `/v1/campaigns/${campaignId}`);
  const leads = await pages<Lead>(call, `/v1/campaigns/${campaignId}/leads`);
  const attempts = await pages<Attempt>(call, `/v1/campaigns/${campaignId}/attempts`);
  const metrics = await call<string>('GET', '/metrics');
  const events = await journal(call);

  const fromApi = withoutOpen(campaign.outcomes);
  const fromRows = countBy(attempts, ({ outcome }) => outcome ?? 'open');
  const fromMetrics = dialsOf(metrics);
  const fromJournal = countBy(
    events.filter(({ type }) => type === 'attempt.ended'),
    ({ data }) => String(data['outcome']),
  );
  const undone = leads.filter(({ status, outcome }) => status === 'done' && outcome === null).length;
  const agrees = [fromRows, fromMetrics, fromJournal].every((counts) => same(counts, fromApi)) && undone === 0;
  const text = [
    '',
    'What the demo did',
    ...inbound(events, callers),
    `  campaign   ${campaign.leads.done} of ${leads.length} leads done, each with one outcome${undone > 0 ? `, but ${undone} without` : ''}`,
    ...rows({ API: fromApi, attempts: fromRows, metrics: fromMetrics, journal: fromJournal }),
    agrees ? '  The API, the metrics and the journal agree.' : '  The figures DISAGREE: this is a fault.',
  ].join('\n');
  return { text, agrees };
}

interface Told {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

function inbound(events: readonly Told[], callers: number): string[] {
  const inQueues = events.filter(({ data }) => !String(data['queue']).startsWith('campaign:'));
  const count = (type: string) => inQueues.filter((event) => event.type === type).length;
  const waits = inQueues.filter(({ type }) => type === 'call.connected').map(({ data }) => Number(data['waitedMs']));
  const mean = waits.length === 0 ? 0 : waits.reduce((sum, wait) => sum + wait, 0) / waits.length / 1_000;
  return [
    `  callers    ${callers} called in`,
    `  queues     ${count('call.queued')} waited, ${count('call.connected')} reached an agent after ${mean.toFixed(1)} s on average, ${count('call.abandoned')} gave up`,
  ];
}

function rows(sources: Readonly<Record<string, Counts>>): string[] {
  const outcomes = [...new Set(Object.values(sources).flatMap(Object.keys))].toSorted() as AttemptOutcome[];
  const line = (name: string, cells: readonly string[]) =>
    `    ${name.padEnd(16)}${cells.map((cell) => cell.padStart(10)).join('')}`;
  const names = Object.keys(sources);
  const body = outcomes.map((outcome) =>
    line(
      outcome,
      names.map((name) => String(sources[name]?.[outcome] ?? 0)),
    ),
  );
  return [line('outcome', names), ...body];
}

async function pages<T extends { readonly id: string }>(call: Call, path: string): Promise<T[]> {
  const all: T[] = [];
  for (let before = ''; ; ) {
    const { items } = await call<{ items: T[] }>('GET', `${path}?limit=${PAGE}${before}`);
    all.push(...items);
    const last = items.at(-1);
    if (items.length < PAGE || !last) return all;
    before = `&before=${encodeURIComponent(last.id)}`;
  }
}

async function journal(call: Call): Promise<Told[]> {
  const all: Told[] = [];
  for (let after = ''; ; ) {
    const page = await call<{ items: Told[]; cursor: string | null }>('GET', `/v1/events?limit=${PAGE}${after}`);
    all.push(...page.items.map(({ type, data }) => ({ type: plain(type), data })));
    if (page.items.length < PAGE) return all;
    after = `&after=${encodeURIComponent(page.cursor ?? '')}`;
  }
}

/** CloudEvents types carry a prefix; the journal's own name is what is left. */
const plain = (type: string) => type.replace(/^callwright\./, '').replace(/\.v\d+$/, '');

function dialsOf(metrics: string): Counts {
  const found = metrics.matchAll(/^callwright_dials_total\{outcome="([^"]+)"\} (\d+)$/gm);
  return Object.fromEntries([...found].map(([, outcome = '', count = '0']) => [outcome, Number(count)]));
}

function countBy<T>(items: readonly T[], key: (item: T) => string): Counts {
  const counts: Record<string, number> = {};
  for (const item of items) counts[key(item)] = (counts[key(item)] ?? 0) + 1;
  return counts;
}

const withoutOpen = (counts: Counts): Counts =>
  Object.fromEntries(Object.entries(counts).filter(([name]) => name !== 'open'));

function same(a: Counts, b: Counts): boolean {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => (a[key] ?? 0) === (b[key] ?? 0));
}
