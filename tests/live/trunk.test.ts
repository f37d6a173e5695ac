import { expect, test } from 'vitest';
import type { JournalEvent } from '../../src/call/journal.ts';
import type { CampaignSettings } from '../../src/engine/ports/history.ts';
import { callOf } from './support/journal.ts';
import { useHouse } from './support/live.ts';
import { until } from './support/until.ts';
import { testWhereItCan } from './support/switch-under-test.ts';

const house = useHouse({ withWorld: true });

/** The last two digits say what happens at a number of the simulated public network (src/local/behaviour.ts). */
const number = (behaviour: number, line = 0): string => `+3584012${String(line).padStart(3, '0')}${behaviour}`;
const BUSY = 70;
const OUTCOMES: Readonly<Record<string, string>> = {
  [number(16)]: 'connected',
  [number(32)]: 'connected',
  [number(48)]: 'connected',
  [number(BUSY)]: 'busy',
  [number(80)]: 'no-answer',
  [number(92)]: 'rejected',
  [number(94)]: 'invalid-number',
  [number(96)]: 'congestion',
};

/**
 * A start counts from when it is let go; it is told once the books have it, which takes one longer than another. In that the
 * seconds of the journal are shorter than those of the limit.
 */
const TOLD_LATER_MS = 300;

const SETTINGS: Partial<CampaignSettings> = {
  profile: 'lab',
  name: 'live',
  trunk: 'public',
  callerId: '+358401234567',
  language: 'en',
  maxLines: 10,
  cps: 10,
  ringMs: 5_000,
  maxAttempts: 1,
  wrapUpMs: 0,
};

/** Starts a campaign over these numbers; answers its id. */
async function start(numbers: readonly string[], change: Partial<CampaignSettings> = {}): Promise<string> {
  const { api } = house();
  const { campaign } = await api.createCampaign({ ...SETTINGS, ...change });
  const found = await api.importLeads(campaign.id, ['number', ...numbers].join('\n'));
  expect(found).toMatchObject({ rows: numbers.length, added: numbers.length, rejected: 0 });
  await api.command(campaign.id, 'start');
  return campaign.id;
}

const finished = (id: string) =>
  until(
    'the campaign to finish',
    () => house().api.campaign(id),
    ({ campaign }) => campaign.status === 'finished',
    { withinMs: 30_000 },
  );

async function run(numbers: readonly string[], change?: Partial<CampaignSettings>): Promise<string> {
  const id = await start(numbers, change);
  await finished(id);
  return id;
}

test('busy, no answer, rejected, unallocated, no circuit and a person: every lead ends with one outcome, told alike everywhere', async () => {
  const { phone, ready, journal, api } = house();
  await phone('1005', { answerAfterMs: 100 });
  await phone('1006', { answerAfterMs: 100 });
  await ready('eve', 'finn');
  const id = await run(Object.keys(OUTCOMES));

  const leads = await api.leads(id);
  expect(Object.fromEntries(leads.map((lead) => [lead.number, lead.outcome]))).toEqual(OUTCOMES);
  expect(leads.every(({ status, attempts }) => status === 'done' && attempts === 1)).toBe(true);
  const attempts = await api.attempts(id);
  expect(Object.fromEntries(attempts.map((attempt) => [attempt.number, attempt.outcome]))).toEqual(OUTCOMES);
  const told = journal.of('attempt.ended').map(({ data }) => data);
  expect(Object.fromEntries(told.map((end) => [end.attemptId, end.outcome]))).toEqual(
    Object.fromEntries(attempts.map((attempt) => [attempt.id, attempt.outcome])),
  );
  expect(told).toHaveLength(attempts.length);
  const { outcomes } = await api.campaign(id);
  expect(outcomes).toEqual({ connected: 3, busy: 1, 'no-answer': 1, rejected: 1, 'invalid-number': 1, congestion: 1 });
  const metrics = await api.metrics();
  for (const [outcome, count] of Object.entries(outcomes)) {
    expect(metrics).toContain(`callwright_dials_total{outcome="${outcome}"} ${count}`);
  }
  expect(worstOverdial(journal.all())).toBe(0);
});

test('lines are respected: one line means one dial at a time, however many agents are free', async () => {
  const { ready, journal } = house();
  await ready('eve', 'finn');
  const since = journal.mark();
  await run([number(92, 1), number(92, 2), number(92, 3)], { maxLines: 1 });
  const legs = journal.all(since).filter(({ type }) => type === 'attempt.started' || type === 'attempt.ended');
  // A dial that went wrong is made again: how many there are is not what is asked here.
  expect(legs.length).toBeGreaterThanOrEqual(6);
  expect(legs.map(({ type }) => type)).toEqual(
    legs.map((_, index) => (index % 2 === 0 ? 'attempt.started' : 'attempt.ended')),
  );
});

test('leads are dialled in the order of the list, and call starts per second are respected in every second', async () => {
  const { ready, journal } = house();
  await ready('eve', 'finn');
  const since = journal.mark();
  const numbers = Array.from({ length: 8 }, (_, line) => number(BUSY, line));
  await run(numbers, { cps: 2 });
  const started = journal.of('attempt.started', since);
  expect(started.map(({ data }) => data.number)).toEqual(numbers);
  const starts = started.map(({ at }) => at);
  const almostASecond = 1_000 - TOLD_LATER_MS;
  const within = (first: number) => starts.filter((at) => at >= first && at < first + almostASecond).length;
  expect(Math.max(...starts.map(within))).toBeLessThanOrEqual(2);
  // Two in each of four seconds: what is late in one place is not lost in the sum.
  expect((starts.at(-1) ?? 0) - (starts[0] ?? 0)).toBeGreaterThanOrEqual(3_000 - TOLD_LATER_MS);
});

test('a person for whom no agent picks up in time hears so, and is counted as abandoned', async () => {
  const { phone, ready, journal, api } = house();
  const silent = await phone('1005', {});
  await ready('eve');
  const since = journal.mark();
  const id = await run([number(98)], { connectDeadlineMs: 1_000 });
  await silent.until('cancelled');
  const [abandoned] = await journal.until('call.abandoned', { since });
  expect(abandoned.data).toMatchObject({ queue: `campaign:${id}`, while: 'ringing' });
  expect(abandoned.data.waitedMs).toBeGreaterThanOrEqual(1_000);
  expect(abandoned.data.waitedMs).toBeLessThan(1_300);
  const [ended] = await journal.until('call.ended', { since });
  expect(ended.at - abandoned.at).toBeGreaterThan(400); // the word of regret was said
  expect(await api.leads(id)).toMatchObject([{ status: 'done', outcome: 'abandoned' }]);
  expect(await api.agent('eve')).toMatchObject({ status: 'ready', state: 'idle' });
});

testWhereItCan('keeps its callers while Callwright is away')(
  'Callwright is killed while it dials: back again, it goes on, and every lead still ends with one outcome',
  async () => {
    const { phone, ready, journal, callwright, restart } = house();
    await phone('1005', { answerAfterMs: 100 });
    await phone('1006', { answerAfterMs: 100 });
    await ready('eve', 'finn');
    const since = journal.mark();
    const numbers = [number(80, 1), number(80, 2), number(BUSY, 1), number(16, 1)];
    // Rings on longer than Callwright is away; else the switch would have ended it, for no cause that is known.
    const id = await start(numbers, { ringMs: 10_000 });
    await journal.until('leg.ringing', { since, times: 2 });
    await callwright.end('SIGKILL');
    await restart();
    await finished(id);
    const { api } = house();
    const attempts = await api.attempts(id);
    expect(attempts.map(({ number: called }) => called).toSorted()).toEqual(numbers.toSorted());
    expect(Object.fromEntries((await api.leads(id)).map((lead) => [lead.number, lead.outcome]))).toEqual({
      [number(80, 1)]: 'no-answer',
      [number(80, 2)]: 'no-answer',
      [number(BUSY, 1)]: 'busy',
      [number(16, 1)]: 'connected',
    });
    expect(journal.of('attempt.ended', since)).toHaveLength(numbers.length);
  },
);

/** Keys as a carrier's exchange sends them, which SIPp cannot do without privileges. */
test('keys sent as RFC 4733 events reach the flow once each', async () => {
  const { phone, ready, world, journal } = house();
  await phone('1003', { answerAfterMs: 100 });
  await ready('cleo');
  const since = journal.mark();
  const talk = world.call({
    from: '+358409876543',
    to: '500',
    keys: [
      { afterMs: 300, digits: '1' },
      { afterMs: 900, digits: '2' },
    ],
    patienceMs: 4_000,
  });
  const [connected] = await journal.until('call.connected', { since });
  expect(connected.data).toMatchObject({ queue: 'support', agentId: 'cleo' });
  expect(journal.of('call.arrived', since)[0]?.data).toMatchObject({ ani: '+358409876543', source: 'public' });
  expect(journal.of('flow.input.received', since).map(({ data }) => `${data.node} ${data.digits}`)).toEqual([
    'language 1',
    'topic 2',
  ]);
  expect(await talk).toMatchObject({ answered: true, endedBy: 'caller' });
});

/**
 * By how much more dials were ever out than agents were free for them, as the journal tells it: a dial is out from its
 * start until an agent is held for it or it has ended, and an agent is free while he is ready and idle.
 */
function worstOverdial(events: readonly JournalEvent[]): number {
  const [ready, busy, out] = [new Set<string>(), new Set<string>(), new Set<string>()];
  let worst = Number.NEGATIVE_INFINITY;
  for (const event of events) {
    if (event.type === 'agent.status.changed') toggle(ready, event.data.agentId, event.data.status === 'ready');
    if (event.type === 'agent.state.changed') {
      toggle(busy, event.data.agentId, event.data.state !== 'idle');
      if (event.data.state === 'reserved') out.delete(event.data.callId ?? '');
    }
    if (event.type === 'attempt.started') {
      out.add(callOf(event));
      worst = Math.max(worst, out.size - ready.difference(busy).size);
    }
    if (event.type === 'call.ended') out.delete(callOf(event));
  }
  return worst;
}

const toggle = (set: Set<string>, item: string, present: boolean): unknown =>
  present ? set.add(item) : set.delete(item);
