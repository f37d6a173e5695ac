import { expect, it } from 'vitest';
import type { JournalEvent } from '../../../src/call/journal.ts';
import { EvidenceKeeper } from '../../../src/engine/evidence-keeper.ts';
import type { DialNews } from '../../../src/engine/evidence-picker.ts';
import { labProfile } from '../../support/lab-profile.ts';
import { createMemoryHistory } from '../../support/memory-history.ts';
import { createMemoryLive } from '../../support/memory-live-store.ts';
import { silent } from '../../support/silent.ts';
import { SimulatedClock } from '../../support/simulated-clock.ts';

const T = Date.parse('2026-11-23T09:00:00Z');
const rules = labProfile().abandonment;

/** The facts of a call that is answered after five seconds and put to an agent after six. */
function call(id: string): readonly JournalEvent[] {
  const about = { campaignId: 'one', leadId: `lead-${id}`, attemptId: `attempt-${id}` };
  const of = { subject: `call/${id}` };
  return [
    { ...of, seq: 1, at: T, type: 'attempt.started', data: { ...about, number: '+358401', trunk: 'public' } },
    { ...of, seq: 2, at: T + 5_000, type: 'call.answered', data: { legId: `leg-${id}` } },
    {
      ...of,
      seq: 3,
      at: T + 6_000,
      type: 'call.connected',
      data: { agentId: 'alice', queue: 'campaign:one', waitedMs: 1_000, rangMs: 500 },
    },
  ];
}

const disposed = (callId: string, kind: string): JournalEvent => ({
  subject: 'agent/alice',
  seq: 1,
  at: T + 90_000,
  type: 'call.disposed',
  data: { callId, agentId: 'alice', queue: 'campaign:one', disposition: 'said', campaignId: 'one', kind },
});

function house() {
  const clock = new SimulatedClock(T);
  const live = createMemoryLive(() => clock.now()).connect();
  const history = createMemoryHistory();
  const state = { away: false };
  const kept: typeof history = {
    ...history,
    keepEvidence: (facts) => (state.away ? Promise.reject(new Error('away')) : history.keepEvidence(facts)),
  };
  const told: DialNews[] = [];
  const keeper = () => {
    const made = new EvidenceKeeper({ clock, log: silent, live, history: kept });
    made.listen((news) => told.push(news));
    return made;
  };
  const counted = async () => {
    const query = { campaignIds: ['one'], rules, from: 0, until: T + 3_600_000 };
    return (await history.answeredDays(query)).map(({ type }) => type);
  };
  return { clock, live, state, told, keeper, counted };
}

it('says of each dial what it counts as from when its fate is known, and keeps it', async () => {
  const { clock, keeper, told, counted } = house();
  const one = keeper();
  for (const event of call('a')) one.see(event);
  expect(told.map(({ before, after }) => [before?.connectedAt, after?.connectedAt])).toEqual([
    [undefined, null],
    [null, T + 6_000],
  ]);
  expect(await counted()).toEqual([]);
  await clock.advance(1_000);
  expect(await counted()).toEqual(['connected']);
});

it('reads the books when all is in them, and tells what came while they were read', async () => {
  const { keeper, counted } = house();
  const one = keeper();
  for (const event of call('a')) one.see(event);
  const read = async () => {
    for (const event of call('b')) one.see(event);
    return counted();
  };
  const { value, meanwhile } = await one.still(read, (found, news) => ({ value: found, meanwhile: [...news] }));
  expect(value).toEqual(['connected']);
  expect(meanwhile.map(({ callId }) => callId)).toEqual(['b', 'b']);
  expect(await one.still(counted, (found) => found)).toEqual(['connected', 'connected']);
});

it('lets nobody read while the database does not take what was told, and loses none of it', async () => {
  const { keeper, counted, state } = house();
  const one = keeper();
  state.away = true;
  for (const event of call('a')) one.see(event);
  await expect(one.still(counted, (found) => found)).rejects.toThrow('could not be written');
  state.away = false;
  expect(await one.still(counted, (found) => found)).toEqual(['connected']);
});

it('goes on with a call that began in a process before, and corrects one that ended there', async () => {
  const { live, keeper, counted, told } = house();
  const [started, answered, put] = call('a');
  if (!started || !answered || !put) throw new Error('a call has three facts');
  await live.append([started, answered]);
  const two = keeper();
  await two.catchUp();
  expect(await counted()).toEqual([]);
  two.see(put);
  expect(told.map(({ after }) => after?.connectedAt)).toEqual([T + 6_000]);
  expect(await two.still(counted, (found) => found)).toEqual(['connected']);
  const three = keeper();
  three.see(disposed('a', 'machine'));
  expect(told.at(-1)).toEqual({ campaignId: 'one', callId: 'a', before: null, after: null });
  expect(await three.still(counted, (found) => found)).toEqual(['connected', 'met-machine']);
  three.see(disposed('a', 'success'));
  expect(await three.still(counted, (found) => found)).toEqual(['connected']);
});
