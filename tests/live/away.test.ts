import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { crowdStories, staffCrowd } from './support/crowd.ts';
import { openEar } from './support/ear.ts';
import { callOf } from './support/journal.ts';
import { useHouse } from './support/live.ts';
import { until } from './support/until.ts';
import { testWhereItCan } from './support/switch-under-test.ts';

const house = useHouse();

const HOUSE_LEASES: readonly string[] = ['journal-archive', 'follow-ups', 'thresholds'];

testWhereItCan('keeps its callers while Callwright is away')(
  'who calls while Callwright is away hears music, and is served when it is back',
  async () => {
    const { phone, call, journal, pbx, restart, callwright, ready } = house();
    await phone('1005', { answerAfterMs: 100 });
    await callwright.end('SIGKILL');
    const ear = await openEar();
    const caller = await call({ to: '501', from: '7001', earPort: ear.port });
    await caller.answered();
    await hears(ear.heard, 50);
    expect(await pbx.channels()).toHaveLength(1);

    const since = journal.mark();
    await restart();
    await ready('eve');
    const [connected] = await journal.until('call.connected', { since });
    expect(connected.data).toMatchObject({ queue: 'desk', agentId: 'eve' });
    caller.hangUp();
    const [ended] = await journal.until('call.ended', { since });
    expect(ended.data.detected).toBe('event');
    ear.close();
  },
);

testWhereItCan('keeps its callers while Callwright is away')(
  'asked to end, Callwright leaves no process; calls stay, with talk and music, and go on when it is back',
  async () => {
    const { phone, call, journal, pbx, restart, callwright, ready, live } = house();
    await phone('1005', { answerAfterMs: 300, echo: true });
    await phone('1006', { answerAfterMs: 100 });
    const [talker, waiter] = [await openEar(), await openEar()];
    await ready('eve');
    const since = journal.mark();
    const talking = await call({ to: '501', from: '7001', earPort: talker.port });
    await journal.until('call.connected', { since });
    talker.speak();
    const waiting = await call({ to: '501', from: '7002', earPort: waiter.port });
    // What is said to him takes three seconds; who hears more than that hears music.
    await hears(waiter.heard, 200);
    await hears(talker.heardHimself, 50);

    expect(processesOf(callwright.data)).toHaveLength(2);
    expect(await callwright.end('SIGTERM')).toBe(0);
    expect(processesOf(callwright.data)).toEqual([]);
    // Those of the whole house may be the ones of the process that was killed before: they lapse by themselves.
    expect((await live.leases()).filter(({ name }) => !HOUSE_LEASES.includes(name))).toEqual([]);
    expect(await pbx.channels()).toHaveLength(3);
    await hears(waiter.heard, 50);
    await hears(talker.heardHimself, 50);

    const outage = journal.mark();
    await restart();
    const [reconciled] = await journal.until('switch.reconciled', { since: outage });
    expect(reconciled.data).toMatchObject({ adopted: 2, closed: 0, unknown: 0, freedAgents: 0 });
    await ready('finn');
    const [connected] = await journal.until('call.connected', { since: outage });
    expect(connected.data.agentId).toBe('finn');
    await hears(talker.heardHimself, 50);
    for (const caller of [talking, waiting]) caller.hangUp();
    await journal.until('call.ended', { since: outage, times: 2 });
    for (const ear of [talker, waiter]) ear.close();
  },
);

testWhereItCan('can be killed')(
  'Asterisk is killed under Callwright: its calls are closed in the records, agents are free, new calls are served',
  async () => {
    const { phone, crowd, call, journal, pbx, ready, api } = house();
    await phone('1005', { answerAfterMs: 100 });
    await ready('eve');
    const since = journal.mark();
    await crowd([
      { to: '501', from: '7001' },
      { to: '501', from: '7002' },
    ]);
    await journal.until('call.connected', { since });
    await journal.until('call.queued', { since, times: 2 });

    await pbx.crash();
    await journal.until('switch.disconnected', { since });
    await pbx.start();
    const [reconciled] = await journal.until('switch.reconciled', { since });
    expect(reconciled.data).toMatchObject({ closed: 2, adopted: 0 });
    expect(journal.of('switch.connected', since).at(-1)?.data.restarted).toBe(true);
    const ended = await journal.until('call.ended', { since, times: 2 });
    expect(ended.map(({ data }) => data.detected)).toEqual(['reconcile', 'reconcile']);
    await until(
      'eve to be free',
      () => api.agent('eve'),
      ({ state, status }) => state === 'idle' && status === 'ready',
    );

    const again = journal.mark();
    await call({ to: '501', from: '7003' });
    const [connected] = await journal.until('call.connected', { since: again });
    expect(connected.data.agentId).toBe('eve');
  },
);

test('Redis is killed under Callwright: calls go on, and what ended meanwhile is written afterwards', async () => {
  const { phone, crowd, journal, api, redis } = house();
  const phones = await phone('crowd', { answerAfterMs: 100 });
  await staffCrowd(house(), 2);
  const since = journal.mark();
  const callers = await crowd(crowdStories(4), 100);
  await journal.until('call.connected', { since, times: 2 });
  await journal.until('call.queued', { since, times: 4 });
  // Who has not heard yet that he was answered would not hang up either.
  await Promise.all(callers.map((caller) => caller.answered()));

  await redis.crash();
  // One who talks and one who waits hang up while nothing can be written.
  const leaving = [callers[0], callers[3]].flatMap((caller) => caller ?? []);
  for (const caller of leaving) caller.hangUp();
  await phones.until('ended');
  await until(
    'both to be gone',
    () => api.calls(),
    (calls) => calls.length === 2,
  );

  await redis.start();
  const ended = await journal.until('call.ended', { since, times: 2 });
  expect(ended.map(({ data }) => data.detected)).toEqual(['event', 'event']);
  // The third in the row gets the agent whom the first has left.
  const connected = await journal.until('call.connected', { since, times: 3 });
  const arrivals = new Map(journal.of('call.arrived', since).map((event) => [callOf(event), event.data.ani]));
  expect(arrivals.get(callOf(connected[2] ?? connected[0]))).toBe(callers[2]?.from);
  const gone = new Set(leaving.map(({ from }) => from));
  const records = async () => (await api.records()).filter((record) => gone.has(record.ani ?? ''));
  await until('both records', records, (found) => found.length === 2);
});

testWhereItCan('keeps its callers while Callwright is away')(
  'asked to end while Redis is away, Callwright ends all the same; the call stays and goes on when both are back',
  async () => {
    const { phone, call, journal, redis, pbx, restart, callwright, ready } = house();
    await phone('1005', { answerAfterMs: 100 });
    const since = journal.mark();
    const caller = await call({ to: '501', from: '7001' });
    await journal.until('call.queued', { since });
    await caller.answered();

    await redis.crash();
    expect(await callwright.end('SIGTERM')).toBe(0);
    expect(processesOf(callwright.data)).toEqual([]);
    expect(await pbx.channels()).toHaveLength(1);
    await redis.start();
    await restart();
    await ready('eve');
    await journal.until('call.connected', { since });
    caller.hangUp();
    await journal.until('call.ended', { since });
  },
);

/** Waits until so many more packets have been heard. */
async function hears(heard: () => number, packets: number): Promise<void> {
  const before = heard();
  await until(
    'sound',
    () => heard() - before,
    (more) => more > packets,
  );
}

/** Processes that have the folder in their command line or their environment. */
const processesOf = (folder: string): readonly string[] =>
  readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return false;
    try {
      return ['cmdline', 'environ'].some((file) => readFileSync(`/proc/${pid}/${file}`, 'utf8').includes(folder));
    } catch {
      return false; // it ended while we looked, or is somebody else's
    }
  });
