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
const CALL_OFF_EVERY_MS = 5_000;

/**
 * Lets callers and dials end: nobody new comes, campaigns stop, those that somebody made beside the demo's own too, promised callbacks are called off, and what lasts too
 * long is hung up. Answers the callers.
 */
export async function settle(
  { service }: Callwright,
  call: Call,
  people: { stop(): Promise<number> },
): Promise<number> {
  for (const { campaign } of await service.campaigns())
    if (campaign.status === 'running') await service.commandCampaign(campaign.id, 'pause');
  const callers = people.stop();
  const deadline = Date.now() + PATIENCE_MS;
  let callOffAt = Date.now();
  while (service.calls().length > 0) {
    if (Date.now() >= callOffAt) {
      await callOff(call);
      callOffAt = Date.now() + CALL_OFF_EVERY_MS;
    }
    if (Date.now() > deadline) for (const { id } of service.calls()) service.hangupCall(id);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return callers;
}

/** Who was promised a callback would else be rung for as long as agents and tries last. */
async function callOff(call: Call): Promise<void> {
  const { items } = await call<{ items: { id: string }[] }>('GET', `/v1/callbacks?state=waiting&limit=${PAGE}`);
  // One that an agent has taken on meanwhile is no longer waiting: it ends as a talk does.
  for (const { id } of items) await call('DELETE', `/v1/callbacks/${id}`).catch(() => undefined);
}

/** Counts the same calls three ways and says whether the three agree. */
export async function summary(call: Call, callers: number): Promise<Account> {
  const { items: campaigns } = await call<{ items: CampaignView[] }>('GET', '/v1/campaigns');
  const [leads, attempts]: [Lead[], Attempt[]] = [[], []];
  for (const { campaign } of campaigns) {
    leads.push(...(await pages<Lead>(call, `/v1/campaigns/${campaign.id}/leads`)));
    attempts.push(...(await pages<Attempt>(call, `/v1/campaigns/${campaign.id}/attempts`)));
  }
  const metrics = await call<string>('GET', '/metrics');
  const events = await journal(call);

  const fromApi = withoutOpen(added(campaigns.map(({ outcomes }) => outcomes)));
  const fromRows = countBy(attempts, ({ outcome }) => outcome ?? 'open');
  const fromMetrics = dialsOf(metrics);
  const fromJournal = countBy(
    events.filter(({ type }) => type === 'attempt.ended'),
    ({ data }) => String(data['outcome']),
  );
  const done = leads.filter(({ status }) => status === 'done');
  // Whom a rule forbids is done without a dial.
  const undone = done.filter(({ outcome, refused }) => outcome === null && refused === undefined).length;
  const title = campaigns.length === 1 ? 'campaign ' : `${campaigns.length} campaigns`;
  const agrees = [fromRows, fromMetrics, fromJournal].every((counts) => same(counts, fromApi)) && undone === 0;
  const text = [
    '',
    'What the demo did',
    ...inboundLines(events, callers),
    `  ${title}  ${done.length} of ${leads.length} leads done, each with one outcome${undone > 0 ? `, but ${undone} without` : ''}`,
    ...rows({ API: fromApi, attempts: fromRows, metrics: fromMetrics, journal: fromJournal }),
    agrees ? '  The API, the metrics and the journal agree.' : '  The figures DISAGREE: this is a fault.',
  ].join('\n');
  return { text, agrees };
}

export interface Told {
  readonly type: string;
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const arrivedHere = ({ type, data }: Told) => type === 'call.arrived' && data['direction'] === 'inbound';

/** Each caller once, however often he was handed on; calls of ours (a campaign's, callbacks) are nobody's wait. */
export function inboundLines(events: readonly Told[], callers: number): string[] {
  const came = new Set(events.filter(arrivedHere).map(({ subject }) => subject));
  const firstOf = (type: string) =>
    new Map(
      events
        .filter((event) => event.type === type && came.has(event.subject))
        .toReversed()
        .map(({ subject, data }) => [subject, data] as const),
    );
  const count = (type: string) => firstOf(type).size;
  const waits = [...firstOf('call.connected').values()].map(({ waitedMs }) => Number(waitedMs));
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
    all.push(...page.items.map(({ type, subject, data }) => ({ type: plain(type), subject, data })));
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

const added = (all: readonly Counts[]): Counts =>
  all.reduce<Record<string, number>>((sum, counts) => {
    for (const [name, count] of Object.entries(counts)) sum[name] = (sum[name] ?? 0) + count;
    return sum;
  }, {});

const withoutOpen = (counts: Counts): Counts =>
  Object.fromEntries(Object.entries(counts).filter(([name]) => name !== 'open'));

function same(a: Counts, b: Counts): boolean {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => (a[key] ?? 0) === (b[key] ?? 0));
}
