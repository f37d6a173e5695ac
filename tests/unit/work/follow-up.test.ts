import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WorkFact } from '../../../src/call/work-facts.ts';
import { applyFollowUp, type FollowUp, type FollowUpEvent, numbered } from '../../../src/work/follow-up.ts';
import {
  createFollowUp,
  decideFollowUp,
  type FollowUpCommand,
  type FollowUpWish,
  MOST,
} from '../../../src/work/follow-up-decide.ts';
import { dueFact, wakeAt } from '../../../src/work/follow-up-due.ts';
import {
  type FollowUpRules,
  ladderOf,
  type Owner,
  ownersOf,
  PLAIN_FOLLOW_UPS,
} from '../../../src/work/follow-up-rules.ts';
import { TEST_RULES } from '../../support/test-follow-ups.ts';

const T0 = 1_790_000_000_000;
const MINUTE = 60_000;
const DUE = T0 + 60 * MINUTE;
const AGENTS = ['alice', 'bob', 'carol', 'david'];
const OWNERS = { rules: TEST_RULES, isAgent: (id: string) => AGENTS.includes(id) };
const team = (id: string): Owner => ({ kind: 'team', id });
const agent = (id: string): Owner => ({ kind: 'agent', id });
const FINANCE = team('finance');
const WISH: FollowUpWish = { kind: 'task', reason: 'Refund 12 €', owner: FINANCE, dueAt: DUE };

class Story {
  events: FollowUpEvent[] = [];
  followUp: FollowUp;
  now = T0;
  rules: FollowUpRules = TEST_RULES;

  constructor(wish: Partial<FollowUpWish> = {}) {
    this.followUp = this.#take(factsOf(createFollowUp('f1', { ...WISH, ...wish }, 'bob', OWNERS, T0)), null);
  }

  /** Facts of what was done, or why it was not. */
  do(command: FollowUpCommand): string {
    const decision = decideFollowUp(this.followUp, command, 'carol', OWNERS, this.now);
    if (!decision.ok) return decision.why;
    this.followUp = this.#take(decision.facts, this.followUp);
    return decision.facts.map(({ type }) => type).join(' ');
  }

  /** What the warden tells when he looks now. */
  look(): string[] {
    const told: string[] = [];
    for (
      let fact = dueFact(this.followUp, this.rules, this.now);
      fact;
      fact = dueFact(this.followUp, this.rules, this.now)
    ) {
      this.followUp = this.#take([fact], this.followUp);
      told.push(words(fact));
    }
    return told;
  }

  at(minutes: number): this {
    this.now = T0 + minutes * MINUTE;
    return this;
  }

  #take(facts: readonly WorkFact[], before: FollowUp | null): FollowUp {
    const events = numbered('f1', facts, before?.seq ?? 0, this.now);
    this.events.push(...events);
    return events.reduce(applyFollowUp, before) as FollowUp;
  }
}

function factsOf(decision: ReturnType<typeof createFollowUp>): readonly WorkFact[] {
  if (!decision.ok) throw new Error(decision.sentence);
  return decision.facts;
}

function words(fact: WorkFact): string {
  const type = fact.type.replace('followup.', '');
  return fact.type === 'followup.escalated' ? `${type} ${fact.data.afterMs / MINUTE} to ${fact.data.owner.id}` : type;
}

const CLOSE: FollowUpCommand = { type: 'close', outcome: 'done', note: null };
const REOPEN: FollowUpCommand = { type: 'reopen', dueAt: null, note: null };
const putOff = (minutes: number): FollowUpCommand => ({ type: 'put-off', dueAt: T0 + minutes * MINUTE, note: null });
const assign = (to: Owner): FollowUpCommand => ({ type: 'assign', to, note: null });

describe('a promise', () => {
  it('is due soon, is alarmed before it is due, overdue, and handed on, each once', () => {
    const story = new Story();
    const told = Array.from({ length: 200 }, (_, minute) =>
      story
        .at(minute)
        .look()
        .map((what) => `${minute} ${what}`),
    ).flat();
    expect(told).toEqual([
      '30 due-soon',
      '50 escalated -10 to finance',
      '60 overdue',
      '75 escalated 15 to supervisors',
      // not the supervisors' step of 5 minutes, which would hand it back
      '120 escalated 60 to supervisors',
    ]);
  });

  it('that nobody looked after for hours is told all in order, but not that it is due soon', () => {
    expect(new Story().at(300).look()).toEqual([
      'escalated -10 to finance',
      'overdue',
      'escalated 15 to supervisors',
      'escalated 60 to supervisors',
    ]);
  });

  it('that is put off is told anew', () => {
    const story = new Story();
    story.at(65).look();
    expect(story.do(putOff(600))).toBe('followup.put-off');
    expect(story.at(569).look()).toEqual([]);
    expect(story.at(570).look()).toEqual(['due-soon']);
    expect(story.at(600).look()).toEqual(['escalated -10 to finance', 'overdue']);
  });

  it('that is made late is overdue at once', () => {
    expect(new Story({ dueAt: T0 }).look()).toEqual(['escalated -10 to finance', 'overdue']);
    expect(new Story({ dueAt: T0 + 5 * MINUTE, owner: agent('carol') }).look()).toEqual(['due-soon']);
  });

  it('is told nothing of while it is closed, and after that only what was not', () => {
    const story = new Story({ owner: agent('alice') });
    expect(story.at(40).look()).toEqual(['due-soon']);
    story.do(CLOSE);
    expect(story.at(100).look()).toEqual([]);
    expect(wakeAt(story.followUp, TEST_RULES, story.now)).toBeNull();
    story.do(REOPEN);
    expect(story.look()).toEqual(['overdue']);
  });

  it('goes by the rules that hold now, and by the usual ones where its owner is no more', () => {
    const story = new Story();
    story.rules = {
      ...PLAIN_FOLLOW_UPS,
      usual: { dueSoonMs: 5 * MINUTE, steps: [{ afterMs: MINUTE, to: null, alarm: true }] },
    };
    expect(wakeAt(story.followUp, story.rules, story.now)).toBe(DUE - 5 * MINUTE);
    expect(story.at(61).look()).toEqual(['overdue', 'escalated 1 to finance']);
  });

  it('of somebody who is not warned wakes when it is due', () => {
    const rules = { ...PLAIN_FOLLOW_UPS, usual: { dueSoonMs: 0, steps: [] } };
    expect(wakeAt(new Story({ owner: agent('bob') }).followUp, rules, T0)).toBe(DUE);
  });
});

describe('what a command does to a promise', () => {
  const OPEN = () => new Story().at(10);
  const CLOSED = () => {
    const story = new Story().at(10);
    story.do(CLOSE);
    return story;
  };
  it.each<[FollowUpCommand, string, string]>([
    [assign(team('sales')), 'followup.assigned', 'conflict'],
    [assign(agent('alice')), 'followup.assigned', 'conflict'],
    [assign(FINANCE), '', 'conflict'],
    [assign(team('ghosts')), 'invalid', 'conflict'],
    [assign(agent('zoe')), 'invalid', 'conflict'],
    [assign({ kind: 'department', id: 'finance' }), 'invalid', 'conflict'],
    [{ type: 'note', note: 'rang twice' }, 'followup.noted', 'followup.noted'],
    [{ type: 'note', note: 'x'.repeat(MOST.note + 1) }, 'invalid', 'invalid'],
    [putOff(90), 'followup.put-off', 'conflict'],
    [putOff(20), 'followup.put-off', 'conflict'],
    [putOff(60), '', 'conflict'],
    [putOff(10), 'invalid', 'conflict'],
    [{ type: 'put-off', dueAt: 1.5, note: null }, 'invalid', 'conflict'],
    [CLOSE, 'followup.closed', 'conflict'],
    [{ type: 'close', outcome: 'All done!', note: null }, 'invalid', 'conflict'],
    [REOPEN, 'conflict', 'followup.reopened'],
    [{ type: 'reopen', dueAt: T0 + 90 * MINUTE, note: 'again' }, 'conflict', 'followup.reopened'],
    [{ type: 'reopen', dueAt: T0, note: null }, 'conflict', 'invalid'],
  ])('%o', (command, whileOpen, whileClosed) => {
    expect([OPEN().do(command), CLOSED().do(command)]).toEqual([whileOpen, whileClosed]);
  });

  it('is written with how late it was', () => {
    const story = new Story().at(70);
    story.do(CLOSE);
    expect(story.events.at(-1)).toMatchObject({ data: { lateMs: 10 * MINUTE, outcome: 'done', by: 'carol' } });
    const early = new Story().at(5);
    early.do(CLOSE);
    expect(early.events.at(-1)).toMatchObject({ data: { lateMs: 0 } });
  });

  it('ends at a bound, beyond which it can only be closed', () => {
    const story = new Story();
    while (story.followUp.seq < MOST.facts) story.do({ type: 'note', note: 'again' });
    expect(story.do({ type: 'note', note: 'again' })).toBe('conflict');
    expect(story.do(CLOSE)).toBe('followup.closed');
  });
});

describe('owners', () => {
  it('have the ladder of their own, of their department, or the usual one', () => {
    const own = { dueSoonMs: 1, steps: [] };
    const rules = {
      ...TEST_RULES,
      departments: new Map([['office', { title: '', members: [], teams: ['sales'], ladder: own }]]),
    };
    expect(ladderOf(FINANCE, rules).dueSoonMs).toBe(30 * MINUTE);
    expect(ladderOf(team('sales'), rules)).toBe(own);
    expect(ladderOf({ kind: 'department', id: 'office' }, rules)).toBe(own);
    expect(ladderOf(agent('carol'), rules)).toBe(TEST_RULES.usual);
    expect(ladderOf(team('ghosts'), rules)).toBe(TEST_RULES.usual);
  });

  it('are an agent, his teams and their departments', () => {
    const names = (id: string) => ownersOf(id, TEST_RULES).map((owner) => `${owner.kind} ${owner.id}`);
    expect(names('bob')).toEqual(['agent bob', 'team finance', 'department office']);
    expect(names('carol')).toEqual(['agent carol', 'team supervisors', 'team sales', 'department office']);
    expect(names('david')).toEqual(['agent david', 'department office']);
    expect(names('zoe')).toEqual(['agent zoe']);
  });
});

describe('whatever people do, and whenever somebody looks', () => {
  const owners = fc.constantFrom(FINANCE, team('supervisors'), team('sales'), agent('bob'), {
    kind: 'department',
    id: 'office',
  } as const);
  const minutes = fc.integer({ min: -30, max: 300 });
  const step = fc.oneof(
    fc.record({ does: fc.constant('wait' as const), minutes: fc.integer({ min: 0, max: 120 }) }),
    fc.record({ does: fc.constant('look' as const) }),
    fc.record({ does: fc.constant('rules' as const), usual: fc.boolean() }),
    fc.record({ does: fc.constant('assign' as const), to: owners }),
    fc.record({ does: fc.constant('put-off' as const), minutes }),
    fc.record({ does: fc.constant('close' as const) }),
    fc.record({ does: fc.constant('reopen' as const), minutes: fc.option(minutes) }),
  );

  it('nothing is told twice, and nothing is forgotten', () => {
    fc.assert(
      fc.property(owners, minutes, fc.array(step, { maxLength: 40 }), (owner, due, steps) => {
        const story = new Story({ owner, dueAt: T0 + due * MINUTE });
        for (const each of steps) {
          if (each.does === 'wait') story.now += each.minutes * MINUTE;
          else if (each.does === 'rules') story.rules = each.usual ? PLAIN_FOLLOW_UPS : TEST_RULES;
          else if (each.does === 'assign') story.do(assign(each.to));
          else if (each.does === 'put-off')
            story.do({ type: 'put-off', dueAt: story.now + each.minutes * MINUTE, note: null });
          else if (each.does === 'close') story.do(CLOSE);
          else if (each.does === 'reopen') {
            const dueAt = each.minutes === null ? null : story.now + each.minutes * MINUTE;
            story.do({ type: 'reopen', dueAt, note: null });
          } else {
            story.look();
            expectNothingForgotten(story);
          }
        }
        expectNothingTwice(story.events);
        expect(story.events.reduce<FollowUp | null>(applyFollowUp, null)).toEqual(story.followUp);
      }),
      { numRuns: 2_000 },
    );
  });

  function expectNothingForgotten({ followUp, rules, now, events }: Story): void {
    const next = wakeAt(followUp, rules, now);
    if (followUp.state === 'closed') expect(next).toBeNull();
    else if (followUp.dueAt > now) {
      expect(next).toBeGreaterThan(now);
      expect(next).toBeLessThanOrEqual(followUp.dueAt);
    } else
      expect(
        sinceDueWasSet(events)
          .at(-1)
          ?.map(({ type }) => type),
      ).toContain('followup.overdue');
  }

  function expectNothingTwice(events: readonly FollowUpEvent[]): void {
    for (const part of sinceDueWasSet(events)) {
      for (const type of ['followup.due-soon', 'followup.overdue'])
        expect(part.filter((event) => event.type === type).length).toBeLessThanOrEqual(1);
      const steps = part.flatMap((event) => (event.type === 'followup.escalated' ? [event.data.afterMs] : []));
      expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
    }
  }

  /** The story in parts, each from one setting of the due time to the next. */
  function sinceDueWasSet(events: readonly FollowUpEvent[]): FollowUpEvent[][] {
    let dueAt = Number.NaN;
    const parts: FollowUpEvent[][] = [];
    for (const event of events) {
      const set = 'dueAt' in event.data ? event.data.dueAt : dueAt;
      if (set !== dueAt) parts.push([]);
      dueAt = set;
      parts.at(-1)?.push(event);
    }
    return parts;
  }
});
