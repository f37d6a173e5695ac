import { describe, expect, it } from 'vitest';
import type { JournalEvent } from '../../src/call/journal.ts';
import type { Asker, FollowUpWish } from '../../src/engine/ports/follow-ups.ts';
import { PLAIN_FOLLOW_UPS } from '../../src/engine/site.ts';
import { agentProfile, testSite } from '../support/site.ts';
import { TEST_RULES, testRules } from '../support/test-follow-ups.ts';
import { callbackNodes, FlowHouse } from './flow-house.ts';
import { WalkHouse } from './house.ts';
import { journalOf, twoHouses } from './two-houses.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
/** A minute of the rules where a story is told many times. */
const SHORT = 4_000;
const ALL: Asker = { name: 'shift lead', agentId: null };
const SITE = { agents: ['alice', 'bob', 'carol', 'david'].map((id) => agentProfile(id)), followUps: TEST_RULES };
const FINANCE = { kind: 'team', id: 'finance' } as const;

const deskOf = (house: WalkHouse) => house.engine.house.followUps;
const wish = (house: WalkHouse, minutes: number, more: Partial<FollowUpWish> = {}): FollowUpWish => ({
  kind: 'task',
  reason: 'Return 4711 cannot be completed',
  owner: FINANCE,
  dueAt: house.clock.now() + minutes * MINUTE,
  ...more,
});

async function promise(house: WalkHouse, minutes: number, id?: string): Promise<string> {
  const made = await deskOf(house).create(wish(house, minutes), ALL, id);
  if (!made.ok) throw new Error(made.sentence);
  return made.value.id;
}

/** What the journal has of it; told twice counts once. */
async function told(house: WalkHouse, id: string): Promise<string[]> {
  const events = (await journalOf(house)).filter(({ subject }) => subject === `followup/${id}`);
  const once = new Map(events.map((event) => [event.seq, event]));
  const inOrder = [...once.values()].toSorted((a, b) => a.seq - b.seq);
  expect(inOrder.map(({ seq }) => seq)).toEqual(inOrder.map((_, i) => i + 1));
  return inOrder.map(wordsOf);
}

const wordsOf = (event: JournalEvent) => {
  const type = event.type.replace('followup.', '');
  return event.type === 'followup.escalated' ? `${type} to ${event.data.owner.id}` : type;
};

const WHOLE = [
  'created',
  'due-soon',
  'escalated to finance',
  'overdue',
  'escalated to supervisors',
  'escalated to supervisors',
];

describe('a promise', () => {
  it('is alarmed in time, handed on when it is late, and found by who has it now', async () => {
    const house = await new WalkHouse(SITE).start();
    const id = await promise(house, 60);
    const times: number[] = [];
    const from = house.clock.now();
    house.engine.witness((event) => {
      if (event.subject === `followup/${id}`) times.push(Math.floor((event.at - from) / MINUTE));
    });
    await house.clock.advance(3 * 60 * MINUTE);
    expect(await told(house, id)).toEqual(WHOLE);
    expect(times).toEqual([30, 50, 60, 75, 120]);
    const carol: Asker = { name: 'carol', agentId: 'carol' };
    expect(await deskOf(house).queues(carol)).toMatchObject([{ owner: { id: 'supervisors' }, open: 1, overdue: 1 }]);
    expect(await deskOf(house).queues({ name: 'alice', agentId: 'alice' })).toEqual([]);
    const closed = await deskOf(house).command(id, { type: 'close', outcome: 'refunded', note: 'by hand' }, carol);
    expect(closed).toMatchObject({ ok: true, value: { outcome: 'refunded', closedBy: 'carol' } });
    await house.clock.advance(5 * 60 * MINUTE);
    expect(await told(house, id)).toEqual([...WHOLE, 'closed']);
    expect(house.warnings).toEqual([]);
  });

  it('outlives the process that made it, however long nobody is there', async () => {
    const house = await new WalkHouse(SITE).start();
    const [soon, late] = [await promise(house, 60), await promise(house, 600)];
    await house.clock.advance(31 * MINUTE);
    house.kill();
    await house.clock.advance(5 * 60 * MINUTE);
    await house.restart();
    await house.clock.advance(30_000);
    expect(await told(house, soon)).toEqual(WHOLE);
    expect(await told(house, late)).toEqual(['created']);
  });

  it.each([0, 30, 50, 60, 75, 120])(
    'wherever the process dies after %i short minutes: is told, in order, and written once',
    async (minutes) => {
      const failures: string[] = [];
      let point = 1;
      for (let died = true; died; point += 1) {
        try {
          died = await story(minutes, point);
        } catch (error) {
          failures.push(`${point}: ${String(error)}`);
        }
      }
      expect(failures).toEqual([]);
      expect(point).toBeGreaterThan(5);
    },
  );

  /** The process dies before its `point`-th word to a store in the seconds around that minute; false when those were fewer. */
  async function story(minutes: number, point: number): Promise<boolean> {
    const house = await new WalkHouse({ ...SITE, followUps: testRules(SHORT) }).start();
    const due = (60 * SHORT) / MINUTE;
    if (minutes > 0) {
      await promise(house, due, 'f1');
      await house.clock.advance(minutes * SHORT - 6_000);
    }
    house.diesIn = point;
    if (minutes === 0) void promise(house, due, 'f1');
    await house.clock.advance(20_000);
    const died = house.dead;
    house.diesIn = 0;
    if (died) {
      house.kill();
      await house.restart();
    }
    await house.clock.advance(150 * SHORT);
    if (await house.followUps.one('f1')) {
      expect((await house.followUps.history('f1')).map(wordsOf)).toEqual(WHOLE);
      expect(await told(house, 'f1')).toEqual(WHOLE);
      expect(await house.followUps.untold('f1')).toEqual([]);
    } else expect([died, minutes]).toEqual([true, 0]);
    return died;
  }

  it('is looked after by one process of several, and by the other when that one dies', async () => {
    const { first, second, clock } = await twoHouses(SITE);
    const id = await promise(second, 60);
    await clock.advance(55 * MINUTE);
    first.kill();
    await clock.advance(2 * 60 * MINUTE);
    const events = (await journalOf(second)).filter(({ subject }) => subject === `followup/${id}`);
    expect(events.map(wordsOf)).toEqual(WHOLE);
  });

  it('is told when the live store is back, and made though it is away', async () => {
    const house = await new WalkHouse(SITE).start();
    house.refuses = 'append';
    const id = await promise(house, 60);
    await house.clock.advance(40 * MINUTE);
    expect(await told(house, id)).toEqual([]);
    house.refuses = '';
    await house.clock.advance(20_000);
    expect(await told(house, id)).toEqual(['created', 'due-soon']);
  });

  it('is told once more at worst when the answer of a store is lost', async () => {
    const house = await new WalkHouse(SITE).start();
    house.losesAnswerOf = 'append';
    const id = await promise(house, 60);
    await house.clock.advance(20_000);
    const events = (await journalOf(house)).filter(({ subject }) => subject === `followup/${id}`);
    expect(events.map(({ seq }) => seq)).toEqual([1, 1]);
    expect(house.warnings).toEqual(['news of a follow-up is told later: a store is away']);
  });

  it('goes by the rules of a new release, though it was made under another', async () => {
    const house = await new WalkHouse(SITE).start();
    const id = await promise(house, 300);
    await house.clock.advance(MINUTE);
    const usual = { ...PLAIN_FOLLOW_UPS.usual, dueSoonMs: 200 * MINUTE };
    const finance = { title: 'Finance', members: [], ladder: null };
    const followUps = { ...PLAIN_FOLLOW_UPS, usual, teams: new Map([['finance', finance]]) };
    house.folder.holds('b', testSite({ ...SITE, followUps }));
    expect(await house.service.releases.load('ci', { percent: null, note: '' })).toMatchObject({ ok: true });
    await house.clock.advance(100 * MINUTE);
    expect(await told(house, id)).toEqual(['created', 'due-soon']);
    await house.clock.advance(5 * 60 * MINUTE);
    expect(await told(house, id)).toEqual(['created', 'due-soon', 'overdue']);
  });

  it('is forgotten a year after it was closed, and not while it is open', async () => {
    const house = await new WalkHouse(SITE).start();
    const [open, closed] = [await promise(house, 60), await promise(house, 60)];
    await deskOf(house).command(closed, { type: 'close', outcome: 'done', note: null }, ALL);
    house.kill();
    await house.clock.advance(366 * DAY);
    await house.restart();
    await house.clock.advance(10_000);
    expect([(await house.followUps.one(open))?.state, await house.followUps.one(closed)]).toEqual(['open', null]);
    expect(await told(house, open)).toEqual(WHOLE.filter((word) => word !== 'due-soon'));
  });
});

describe('a callback that waits', () => {
  it('is shown as a follow-up of its queue, and is changed where callbacks are', async () => {
    const house = await new FlowHouse(callbackNodes('2h'), SITE).start();
    await house.takeCallback();
    const desk = deskOf(house);
    const queue = { kind: 'queue', id: 'billing' } as const;
    const [callback] = await house.flows.callbacks({ limit: 1 });
    const id = callback?.id ?? '';
    const shown = { id, kind: 'callback', owner: queue, state: 'open', dueAt: callback?.dueBy, ani: callback?.number };
    expect(await desk.list({ owner: queue, order: 'due', limit: 9 }, ALL)).toMatchObject([shown]);
    expect(await desk.list({ kind: 'callback', order: 'age', limit: 9 }, ALL)).toMatchObject([shown]);
    expect(await desk.one(id, ALL)).toMatchObject({ ok: true, value: { followUp: shown, history: [] } });
    expect(await desk.queues(ALL)).toMatchObject([{ owner: queue, open: 1, overdue: 0 }]);
    expect(await desk.queues({ name: 'alice', agentId: 'alice' })).toMatchObject([{ owner: queue }]);
    const close = { type: 'close', outcome: 'done', note: null } as const;
    expect(await desk.command(id, close, ALL)).toMatchObject({ ok: false, why: 'conflict' });
    await house.engine.house.callbackDesk.cancelCallback(id, 'shift lead');
    expect(await desk.list({ owner: queue, order: 'due', limit: 9 }, ALL)).toEqual([]);
    expect(await desk.one(id, ALL)).toMatchObject({
      ok: true,
      value: { followUp: { state: 'closed', outcome: 'cancelled' } },
    });
    expect(await desk.queues(ALL)).toEqual([]);
  });
});
