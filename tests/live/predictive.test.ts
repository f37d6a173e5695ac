import { afterEach, expect, test } from 'vitest';
import { behaviourOf } from '../../src/local/behaviour.ts';
import type { CampaignSettings } from '../../src/engine/ports/history.ts';
import { CROWD_DESKS } from './support/house.ts';
import { useHouse } from './support/live.ts';
import { counts, figures, quantile, type Replay, replay } from './support/predictive.ts';
import { until } from './support/until.ts';

/** So long the run takes; the short form when nothing is said. Half an hour of it: `npm run bench:predictive`. */
const MINUTES = Number(process.env['CALLWRIGHT_PREDICTIVE_MINUTES'] ?? 0);
const LONG = MINUTES > 0;
const RUN_MS = LONG ? MINUTES * 60_000 : 45_000;
const LAST_CALLS_MS = 60_000;

/** The people of the short form are in a hurry. */
const PACE = LONG ? 1 : 0.3;

const house = useHouse({ withWorld: true, pace: PACE });

const AGENTS = 20;
const LEAVE = 5;
/** So many of the first on the list have asked not to be called. */
const NOT_TO_BE_CALLED = 5;
/** The law's, and the share of live answers that may wait longer: 16 CFR 310.4(b)(4). */
const CAP = 0.03;
const DEADLINE_MS = 2_000;
/** Whom nobody could serve while Callwright was away. Of the few answers of the short form, two are more than the cap. */
const LOST_BY_CRASH = 2;
const FOUND_WITHIN_MS = 2_000;

const SETTINGS: Partial<CampaignSettings> = {
  name: 'predictive run',
  mode: 'predictive',
  trunk: 'wide',
  profile: 'lab',
  callerId: '+358401234567',
  language: 'en',
  maxLines: 100,
  cps: 20,
  ringMs: 15_000,
  maxAttempts: 1,
  connectDeadlineMs: DEADLINE_MS,
  wrapUpMs: LONG ? 5_000 : 1_000,
};

/** In each hundred 58 people, 7 machines, 20 busy, 9 who are out, 6 who decline or are dead lines. */
const MIX: readonly number[] = [
  ...range(0, 58),
  ...range(60, 67),
  ...range(70, 80),
  ...range(70, 80),
  ...range(80, 89),
  ...range(92, 98),
];

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

/** The step has no factor in common with the mix, so that each stretch of the list holds all of it. */
function leadNumber(index: number): string {
  const last = MIX[(index * 37) % MIX.length] ?? 0;
  return `+35840${String(10_000 + index)}${String(last).padStart(2, '0')}`;
}

async function staff(): Promise<readonly string[]> {
  const { api, phone, ready } = house();
  await phone('crowd', { answerAfterMs: 100, seconds: RUN_MS / 1_000 + 300 });
  const robots = CROWD_DESKS.slice(0, AGENTS).map((desk) => ({ id: `r${desk}`, phone: desk }));
  for (const { id, phone: desk } of robots)
    await api.saveAgent({ id, phone: desk, name: id, skills: {}, queues: [], campaigns: ['*'] });
  await ready(...robots.map(({ id }) => id));
  return robots.map(({ id }) => id);
}

/** Whoever is in a call ends it first. */
async function logOut(id: string): Promise<void> {
  const { api } = house();
  await until(
    `${id} to be free`,
    () => api.agent(id),
    ({ state }) => state === 'idle',
    { withinMs: 60_000, everyMs: 1_000 },
  );
  await api.setStatus(id, 'logged-out');
}

const lastCalls = () =>
  until(
    'the last calls to end',
    () => house().api.calls(),
    (calls) => calls.length === 0,
    { withinMs: LAST_CALLS_MS },
  );

/** Nothing is left to ring on into the next test when this one fails. */
afterEach(async () => {
  const { api } = house();
  for (const { campaign } of await api.campaigns()) await api.kill(campaign.id);
  await lastCalls();
}, LAST_CALLS_MS + 10_000);

async function start(settings: Partial<CampaignSettings>, numbers: readonly string[]): Promise<string> {
  const { api } = house();
  const { campaign } = await api.createCampaign({ ...SETTINGS, ...settings });
  const found = await api.importLeads(campaign.id, ['number', ...numbers].join('\n'));
  expect(found).toMatchObject({ added: numbers.length, rejected: 0 });
  await api.command(campaign.id, 'start');
  return campaign.id;
}

const runFor = (what: string, since: number, ms: number): Promise<number> =>
  until(
    what,
    () => performance.now() - since,
    (passed) => passed >= ms,
    { withinMs: ms + 5_000 },
  );

test('predictive: five agents leave at once, Callwright is killed and comes back; the cap holds, and the books agree', {
  timeout: RUN_MS + 120_000,
}, async () => {
  const agents = await staff();
  const { api: first, journal, world, callwright, restart } = house();
  const numbers = Array.from({ length: LONG ? MINUTES * 300 : 1_000 }, (_, index) => leadNumber(index));
  const since = journal.mark();
  const asked = numbers.filter((_, index) => index % 9 === 4).slice(0, NOT_TO_BE_CALLED);
  for (const number of asked) await first.keepFromCalls(number);
  const id = await start({}, numbers);
  const began = performance.now();

  await runFor('a part of the run', began, RUN_MS * 0.3);
  const leaving = agents.slice(0, LEAVE);
  await Promise.all(leaving.map((agent) => first.setStatus(agent, 'not-ready')));
  await Promise.all(leaving.map(logOut));
  await runFor('half of the run', began, RUN_MS * 0.5);
  const killedAt = Date.now();
  await callwright.end('SIGKILL');
  await restart();
  const backAt = Date.now();
  // Whoever hung up while nobody was there is found gone by the new process, and was played nothing.
  const isOfOutage = ({ at, apologyMs }: Replay['abandoned'][number]) =>
    apologyMs < 100 && at >= killedAt - DEADLINE_MS && at <= backAt + FOUND_WITHIN_MS;
  await runFor('the end of the run', began, RUN_MS);
  const { api } = house();
  await api.command(id, 'pause');
  await lastCalls();

  const attempts = await api.attempts(id);
  await journal.until('attempt.ended', { since, times: attempts.length });
  const run = replay(journal.all(since), agents);
  console.log(tableOf(run));

  // The books: what the journal tells, what the database keeps, what the API counts, and what the carrier saw.
  const byOutcome = run.outcomes;
  expect(counts(attempts.map(({ outcome }) => outcome ?? 'open'))).toEqual(byOutcome);
  expect((await api.campaign(id)).outcomes).toEqual(byOutcome);
  expect(run.numbers.toSorted()).toEqual(attempts.map(({ number }) => number).toSorted());
  expect(new Set(world.dialled()).size).toBe(world.dialled().length); // nobody was rung twice
  expect(asked.filter((number) => world.dialled().includes(number))).toEqual([]);
  const refused = journal.of('attempt.refused', since).filter(({ data }) => data.rule === 'dnc');
  expect(new Set(refused.map(({ data }) => data.leadId)).size).toBe(NOT_TO_BE_CALLED);
  expect(new Set(run.numbers)).toEqual(new Set(world.dialled()));
  expect((await api.leads(id)).every(({ status, attempts: tries }) => status !== 'leased' && tries <= 1)).toBe(true);

  expect(run.answers).toBeGreaterThan(LONG ? MINUTES * 30 : 35);
  expect(run.abandoned.length).toBeLessThanOrEqual(Math.max(CAP * run.answers, LOST_BY_CRASH));
  expect(quantile(run.waitsMs, 1 - CAP)).toBeLessThanOrEqual(DEADLINE_MS);
  expect(run.abandoned.filter((person) => !heardUs(person) && !isOfOutage(person))).toEqual([]);
});

/** The message of the tests takes this long at the least. Who has no time hangs up before its end. */
function heardUs({ number, apologyMs, openMs }: Replay['abandoned'][number]): boolean {
  const person = behaviourOf(number);
  const stays = person.kind === 'person' ? person.talkMs * PACE : Number.POSITIVE_INFINITY;
  return apologyMs > 400 || (apologyMs > 0 && openMs > stays - 200);
}

function tableOf(run: Replay): string {
  const people = run.numbers.filter((number) => ['person', 'machine'].includes(behaviourOf(number).kind)).length;
  return figures([
    ['dials', run.dials],
    ['numbers that pick up', people],
    ['live answers', run.answers],
    ['connected', run.connected],
    ['abandoned', run.abandoned.length],
    ['abandonment', `${((100 * run.abandoned.length) / run.answers).toFixed(2)} %`],
    ['answer to agent, p50', `${quantile(run.waitsMs, 0.5)} ms`],
    ['answer to agent, p97', `${quantile(run.waitsMs, 0.97)} ms`],
    ['agents talk', `${(100 * run.talkShare).toFixed(0)} %`],
    ...Object.entries(run.outcomes).map(([outcome, count]): [string, number] => [`outcome ${outcome}`, count]),
  ]);
}

test('kill switch: with a hundred dials ringing, no new one starts a second later, and what rings is told', async () => {
  const { api, journal } = house();
  const since = journal.mark();
  const numbers = Array.from({ length: 400 }, (_, index) => `+35841${10_000 + index}85`); // nobody is at home
  const flow = { mode: 'agentless', flow: 'house' } as const;
  const id = await start({ ...flow, maxLines: 120, cps: 25 }, numbers);
  await journal.until('leg.ringing', { since, times: 100 });
  const pulled = Date.now();
  const { stillOut } = await api.kill(id);
  const tookMs = Date.now() - pulled;
  await lastCalls();
  const started = journal.of('attempt.started', since);
  const lastMs = Math.max(...started.map(({ at }) => at)) - pulled;
  console.log(
    figures([
      ['kill answered after', `${tookMs} ms`],
      ['last dial after it', `${lastMs} ms`],
      ['still ringing', stillOut.length],
    ]),
  );
  expect(lastMs).toBeLessThan(1_000);
  expect(stillOut.length).toBeGreaterThanOrEqual(95);
  expect(stillOut.every(({ state }) => state === 'ringing')).toBe(true);
  expect(started.length).toBeLessThan(numbers.length);
  expect((await api.campaign(id)).campaign.status).toBe('paused');
});
