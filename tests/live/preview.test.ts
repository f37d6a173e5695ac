import { afterEach, expect, test } from 'vitest';
import type { CampaignSettings } from '../../src/engine/ports/history.ts';
import { useHouse } from './support/live.ts';
import { until } from './support/until.ts';

/** Preview dialling and chains of campaigns, with real phones and the simulated public network. */
const house = useHouse({ withWorld: true, pace: 0.3 });

const SETTINGS: Partial<CampaignSettings> = {
  trunk: 'wide',
  profile: 'lab',
  callerId: '+358401234567',
  language: 'en',
  ringMs: 15_000,
  retryAfterMs: 600_000,
  cps: 20,
  wrapUpMs: 0,
};

/** What happens at a number is in its last two digits; see src/local/behaviour.ts. No number is used twice in this file. */
const PATIENT = '98';
const BUSY = '70';
const TALKS_5_S = '00';
let people = 0;
const somebody = (last: string) => `+3584077${String((people += 1)).padStart(3, '0')}${last}`;

async function campaign(name: string, numbers: readonly string[], change: Partial<CampaignSettings>): Promise<string> {
  const { api } = house();
  const { campaign } = await api.createCampaign({ ...SETTINGS, ...change, name });
  if (numbers.length > 0) await api.importLeads(campaign.id, ['number', ...numbers].join('\n'));
  return campaign.id;
}

async function preview(name: string, numbers: readonly string[], change: Partial<CampaignSettings> = {}) {
  const { api, journal } = house();
  const since = journal.mark();
  const id = await campaign(name, numbers, { mode: 'preview', ...change });
  await api.command(id, 'start');
  return { id, since };
}

/** The agent is shown this number. */
const shown = async (agentId: string, number: string, since: number) =>
  (
    await house().journal.until('campaign.preview.offered', {
      since,
      fits: ({ data }) => data.agentId === agentId && data.number === number,
    })
  )[0];
const ended = async (how: string, since: number) =>
  (await house().journal.until('campaign.preview.ended', { since, fits: ({ data }) => data.how === how }))[0].data;
const rung = (number: string) =>
  house()
    .world.dialled()
    .filter((each) => each === number).length;

afterEach(async () => {
  const { api } = house();
  for (const { campaign } of await api.campaigns()) await api.kill(campaign.id);
  await until(
    'the last calls to end',
    () => api.calls(),
    (calls) => calls.length === 0,
    { withinMs: 30_000 },
  );
}, 40_000);

test('an agent reads, skips one, dials the next: his phone first, then the lead’s, and they talk', async () => {
  const { api, journal, phone, ready } = house();
  const desk = await phone('1005', { answerAfterMs: 300 });
  await ready('eve');
  const [first, second] = [somebody(PATIENT), somebody(PATIENT)];
  const { id, since } = await preview('reads', [first, second]);

  await shown('eve', first, since);
  expect(await api.preview('eve')).toMatchObject({ number: first, campaign: 'reads', state: 'reading', attempts: 0 });
  await api.skipPreview('eve', 'spoke with him today');
  expect(await ended('skipped', since)).toMatchObject({ agentId: 'eve', why: 'spoke with him today' });
  await shown('eve', second, since);
  expect([desk.count('ringing'), rung(first), rung(second)]).toEqual([0, 0, 0]);

  await api.dialPreview('eve');
  const [connected] = await journal.until('call.connected', { since });
  expect(connected.data).toMatchObject({ agentId: 'eve', waitedMs: 0 });
  const story = journal.all(since).filter(({ subject }) => subject === connected.subject);
  const order = ['call.offered', 'leg.answered', 'attempt.started', 'call.answered', 'call.connected'];
  expect(story.map(({ type }) => type).filter((type) => order.includes(type))).toEqual(order);
  desk.hangUp();
  const [end] = await journal.until('attempt.ended', { since });
  expect(end.data).toMatchObject({ outcome: 'connected' });
  expect([desk.count('ringing'), rung(first), rung(second)]).toEqual([1, 0, 1]);
  // The journal is told first, and then the books.
  const leads = await until(
    'the lead who talked to be done',
    () => api.leads(id),
    (all) => all.some(({ status }) => status === 'done'),
  );
  expect(leads.find(({ number }) => number === first)).toMatchObject({ status: 'pending', attempts: 0 });
  expect(leads.find(({ number }) => number === second)).toMatchObject({ status: 'done', outcome: 'connected' });
}, 40_000);

test('a lead whom nobody chose in time is dialled for the agent, where the campaign says so', async () => {
  const { journal, phone, ready } = house();
  const desk = await phone('1005', { answerAfterMs: 300 });
  await ready('eve');
  const number = somebody(PATIENT);
  const { since } = await preview('dials', [number], { previewMs: 5_000, previewAfter: 'dial' });
  const offered = await shown('eve', number, since);
  const [connected] = await journal.until('call.connected', { since });
  expect(connected.at - offered.at).toBeGreaterThanOrEqual(5_000);
  expect(rung(number)).toBe(1);
  desk.hangUp();
}, 40_000);

test('and shown to another, where it says that', async () => {
  const { phone, ready } = house();
  const desks = [await phone('1005', { answerAfterMs: 300 }), await phone('1006', { answerAfterMs: 300 })];
  await ready('eve', 'finn');
  const number = somebody(PATIENT);
  const { since } = await preview('hands on', [number], {
    previewMs: 5_000,
    previewAfter: 'skip',
    retryAfterMs: 1_000,
  });
  const first = await shown('eve', number, since);
  const next = await shown('finn', number, since);
  expect(next.at - first.at).toBeGreaterThanOrEqual(5_000);
  expect(await ended('lapsed', since)).toMatchObject({ agentId: 'eve' });
  expect([rung(number), ...desks.map((desk) => desk.count('ringing'))]).toEqual([0, 0, 0]);
}, 40_000);

test('an agent who does not come to his phone loses the lead to the next, who talks with it', async () => {
  const { api, journal, phone, ready } = house();
  await phone('1005', { refuse: 486 });
  const desk = await phone('1006', { answerAfterMs: 300 });
  await ready('eve', 'finn');
  const number = somebody(PATIENT);
  const { since } = await preview('is not there', [number]);
  await shown('eve', number, since);
  await api.dialPreview('eve');
  await shown('finn', number, since);
  expect(rung(number)).toBe(0);
  await api.dialPreview('finn');
  const [connected] = await journal.until('call.connected', { since });
  expect(connected.data.agentId).toBe('finn');
  expect(rung(number)).toBe(1);
  desk.hangUp();
}, 40_000);

test('an agent who reads when Callwright is killed is free for another lead; the one he read was not dialled', async () => {
  const { journal, phone, ready, callwright, restart } = house();
  const desk = await phone('1005', { answerAfterMs: 300 });
  await ready('eve');
  const [read, other] = [somebody(PATIENT), somebody(PATIENT)];
  const { since } = await preview('is killed', [read, other]);
  await shown('eve', read, since);
  const killed = journal.mark();
  await callwright.end('SIGKILL');
  await restart();
  await shown('eve', other, killed);
  await house().api.dialPreview('eve');
  await journal.until('call.connected', { since: killed });
  desk.hangUp();
  await journal.until('attempt.ended', { since: killed });
  expect([rung(read), rung(other)]).toEqual([0, 1]);
}, 60_000);

test('a lead goes on to the next campaign once its agent is done with it, though Callwright is killed in his wrap-up', async () => {
  const { api, journal, phone, ready, callwright, restart } = house();
  await phone('1005', { answerAfterMs: 100 });
  await ready('eve');
  const [talked, busy] = [somebody(TALKS_5_S), somebody(BUSY)];
  const since = journal.mark();
  const next = await campaign('asks how it was', [], { mode: 'agentless', flow: 'house' });
  await api.command(next, 'start');
  const chain = [{ outcomes: ['connected' as const], to: 'asks how it was', afterMs: 0 }];
  const first = await campaign('sells', [talked, busy], {
    mode: 'progressive',
    maxAttempts: 1,
    wrapUpMs: 8_000,
    chain,
  });
  await api.command(first, 'start');
  const [talk] = await journal.until('attempt.ended', { since, withinMs: 30_000 });
  expect(talk.data.outcome).toBe('connected');
  await journal.until('agent.state.changed', { since, fits: ({ data }) => data.state === 'wrap-up' });
  expect(journal.of('lead.chained', since)).toEqual([]);
  await callwright.end('SIGKILL');
  await restart();

  const [chained] = await journal.until('lead.chained', { since, withinMs: 60_000 });
  expect(chained.data).toMatchObject({ campaignId: first, toCampaignId: next });
  const ofNext = await journal.until('attempt.ended', {
    since,
    withinMs: 60_000,
    fits: ({ data }) => data.campaignId === next,
  });
  expect(ofNext[0].data.leadId).toBe(chained.data.toLeadId);
  await journal.until('attempt.ended', { since, withinMs: 60_000, fits: ({ data }) => data.outcome === 'busy' });
  expect(journal.of('lead.chained', since)).toHaveLength(1);
  expect((await house().api.leads(next)).map(({ number }) => number)).toEqual([talked]);
  expect([rung(talked), rung(busy)]).toEqual([2, 1]);
}, 150_000);
