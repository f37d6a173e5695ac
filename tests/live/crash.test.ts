import { expect } from 'vitest';
import { crowdStories, staffCrowd } from './support/crowd.ts';
import type { House } from './support/house.ts';
import { callOf } from './support/journal.ts';
import { useHouse } from './support/live.ts';
import { until } from './support/until.ts';
import { testWhereItCan } from './support/switch-under-test.ts';

const house = useHouse();
const TALKING = 5;
const QUEUED = 10;

testWhereItCan('keeps its callers while Callwright is away')(
  'Callwright is killed with ten callers queued and five talking: all stay, are adopted, and keep their order',
  async () => {
    const { phone, crowd, journal, pbx, restart, callwright } = house();
    await phone('crowd', { answerAfterMs: 100 });
    await staffCrowd(house(), TALKING);
    const since = journal.mark();
    const callers = await crowd(crowdStories(TALKING + QUEUED), 100);
    await journal.until('call.connected', { since, times: TALKING });
    await journal.until('call.queued', { since, times: TALKING + QUEUED });
    const before = await pbx.channels();
    expect(before).toHaveLength(TALKING + QUEUED + TALKING);

    await callwright.end('SIGKILL');
    expect((await pbx.channels()).toSorted()).toEqual(before.toSorted());
    // One of those who talk and one of those who wait, the second in the queue, do not wait for the restart.
    const leaving = [callers[0], callers[TALKING + 1]].flatMap((caller) => caller ?? []);
    for (const caller of leaving) caller.hangUp();
    await until(
      'two channels to end',
      () => pbx.channels(),
      (left) => left.length === before.length - 2,
    );

    const outage = journal.mark();
    await restart();
    const [reconciled] = await journal.until('switch.reconciled', { since: outage });
    expect(reconciled.data).toMatchObject({ adopted: TALKING + QUEUED - 1, closed: 1, unknown: 0 });
    const lost = await journal.until('call.ended', { since: outage, times: 2 });
    expect(lost.map(({ data }) => data.detected)).toEqual(['reconcile', 'reconcile']);
    const gone = new Set(leaving.map(({ from }) => from));
    expect(new Set(lost.map((event) => ani(house(), callOf(event))))).toEqual(gone);

    // The agent whose caller left is free; the others are set free one at a time.
    const staying = callers.filter(({ from }) => !gone.has(from));
    const waiting = staying.slice(TALKING - 1).map(({ from }) => from);
    for (const [index, caller] of staying.slice(0, waiting.length).entries()) {
      const served = await journal.until('call.connected', { since: outage, times: index + 1 });
      expect(ani(house(), callOf(served[index] ?? served[0]))).toBe(waiting[index]);
      caller.hangUp();
    }
    const lostRecords = await until('both records', reconciledRecords, (records) => records.length > 1);
    expect(new Set(lostRecords.map((record) => record.ani))).toEqual(gone);
  },
);

testWhereItCan('keeps its callers while Callwright is away')(
  'one in the menu and one whose agent rings: both go on where they were when Callwright is back',
  async () => {
    const { phone, call, journal, restart, callwright, ready } = house();
    await phone('1004', { answerAfterMs: 100 });
    // Long enough for the other call to come to its menu first, and within the ring time of five seconds.
    const picksUpMeanwhile = await phone('1005', { answerAfterMs: 3_500 });
    await ready('dora', 'eve');
    const since = journal.mark();
    await call({ to: '501', from: '7001' });
    await picksUpMeanwhile.until('ringing');
    await journal.until('leg.ringing', { since });
    await call({ to: '500', from: '7002' });
    await journal.until('flow.node.entered', { since, fits: ({ data }) => data.node === 'language' });
    await callwright.end('SIGKILL');
    // His phone is answered by nobody's switch: he puts it down, or is put down.
    await picksUpMeanwhile.until('ended');
    const [offered] = journal.of('call.offered', since);
    await until(
      'his ring time to be over',
      () => Date.now() - (offered?.at ?? 0),
      (ms) => ms > 5_000,
    );

    const outage = journal.mark();
    await restart();
    const connected = await journal.until('call.connected', { since: outage, times: 2 });
    const served = connected.map((event) => [event.data.agentId, ani(house(), callOf(event))]);
    expect(Object.fromEntries(served)).toEqual({ dora: '7002', eve: '7001' });
    expect(picksUpMeanwhile.count('ringing')).toBe(2);
  },
);

const reconciledRecords = async () => (await house().api.records()).filter(({ detected }) => detected === 'reconcile');

const ani = ({ journal }: House, callId: string): string | null | undefined =>
  journal.of('call.arrived').find((event) => callOf(event) === callId)?.data.ani;
