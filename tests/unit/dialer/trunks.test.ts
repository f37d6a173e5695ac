import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ATTEMPT_OUTCOMES, type AttemptOutcome } from '../../../src/dialer/outcome.ts';
import { chooseTrunk, takeTrunk, type TrunkOrder, trunkRoom } from '../../../src/dialer/trunk-choice.ts';
import { adoptLines, trunkHeard, type TrunkNews } from '../../../src/dialer/trunk-health.ts';
import {
  NO_TRUNKS,
  PLAIN_CARE,
  type TrunkRule,
  type TrunksState,
  type TrunkUse,
  trunkIn,
} from '../../../src/dialer/trunk-state.ts';

const NUMBER = '+358401234567';
const SWEDEN = '+46701234567';
const routes = [{ prefix: '+46', perMinute: 1 }];
const rule = (name: string, change: Partial<TrunkRule> = {}): TrunkRule => ({
  name,
  lines: 1_000,
  cps: 1_000,
  routes: [],
  care: PLAIN_CARE,
  ...change,
});
const rulesOf = (...rules: readonly TrunkRule[]) => new Map(rules.map((one) => [one.name, one]));
const use = (trunk: string, weight = 1, tier = 0): TrunkUse => ({ trunk, weight, tier });
const order = (uses: readonly TrunkUse[], change: Partial<TrunkOrder> = {}): TrunkOrder => ({
  turnsOf: 'c1',
  number: NUMBER,
  uses,
  prefer: 'weight',
  ...change,
});
const ended = (outcome: AttemptOutcome, startedAt: number, sip: number | null = null, number = NUMBER): TrunkNews => ({
  type: 'ended',
  outcome,
  sip,
  startedAt,
  number,
});

/** One call after the other, each ending as told before the next begins. */
class Line {
  state: TrunksState = NO_TRUNKS;
  now = 1_000_000;
  readonly rules: ReadonlyMap<string, TrunkRule>;

  constructor(...rules: readonly TrunkRule[]) {
    this.rules = rulesOf(...rules);
  }

  ask(asked: TrunkOrder) {
    return chooseTrunk(this.rules, this.state, asked, this.now);
  }

  dial(asked: TrunkOrder): string | null {
    const choice = this.ask(asked);
    if (!choice.ok) return null;
    this.state = choice.state;
    return choice.trunk;
  }

  hear(trunk: string, news: TrunkNews): void {
    const known = this.rules.get(trunk);
    if (known) this.state = trunkHeard(known, this.state, news, this.now);
  }

  call(asked: TrunkOrder, outcome: AttemptOutcome, sip: number | null = null): string | null {
    const trunk = this.dial(asked);
    const startedAt = this.now;
    this.now += 100;
    if (trunk !== null) this.hear(trunk, ended(outcome, startedAt, sip, asked.number));
    return trunk;
  }
}

describe('the choice', () => {
  it('keeps weights, to the call after each whole round', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 }), (weights) => {
        const names = weights.map((_, i) => `t${i}`);
        const line = new Line(...names.map((name) => rule(name)));
        const asked = order(names.map((name, i) => use(name, weights[i])));
        const round = weights.reduce((sum, weight) => sum + weight, 0);
        const counts = new Map<string, number>();
        for (let i = 1; i <= round * 3; i += 1) {
          const trunk = line.call(asked, 'busy') ?? '';
          counts.set(trunk, (counts.get(trunk) ?? 0) + 1);
          if (i % round !== 0) continue;
          expect(names.map((name) => counts.get(name))).toEqual(weights.map((weight) => (weight * i) / round));
        }
      }),
    );
  });

  it('fails over to the next tier only when no trunk of the first can take the call, and says so', () => {
    const line = new Line(rule('a', { lines: 1 }), rule('b'));
    const asked = order([use('a'), use('b', 1, 1)]);
    expect(line.ask(asked)).toMatchObject({ trunk: 'a', why: 'Trunk a: its turn by weight 1.' });
    expect(line.dial(asked)).toBe('a');
    expect(line.ask(asked)).toMatchObject({
      trunk: 'b',
      why: 'Trunk b of tier 1: the only one that can take the call.',
    });
    line.hear('a', ended('no-answer', line.now));
    expect(line.dial(asked)).toBe('a');
  });

  it('lets a call for somebody on the line go by a trunk whose starts are used up, and counts it', () => {
    const line = new Line(rule('a', { cps: 1 }));
    const asked = order([use('a')]);
    const pressing = { ...asked, pressing: true };
    expect([line.dial(asked), line.dial(asked), line.dial(pressing)]).toEqual(['a', null, 'a']);
    line.now += 999;
    expect(line.dial(asked)).toBeNull();
    line.now += 1;
    expect(line.dial(asked)).toBe('a');
    expect(trunkIn(line.state, 'a').linesInUse).toBe(3);
  });

  it('gives such a call a trunk that failed when there is no other, and never one without a line or a route', () => {
    const care = { ...PLAIN_CARE, deadAfter: 1 };
    const line = new Line(rule('a', { care }), rule('b', { cps: 1 }), rule('c', { lines: 1 }), rule('d', { routes }));
    const asked = order([use('a'), use('b'), use('c'), use('d')], { pressing: true });
    expect(line.call(order([use('a')]), 'congestion', 503)).toBe('a');
    expect(new Set([line.dial(asked), line.dial(asked)])).toEqual(new Set(['b', 'c']));
    expect([line.dial(asked), line.dial(order([use('c'), use('d')], { pressing: true }))]).toEqual(['b', null]);
    expect(line.dial(order([use('a')]))).toBeNull();
    expect(line.dial(order([use('a'), use('c'), use('d')], { pressing: true }))).toBe('a');
  });

  it('leads to extensions of another site whatever its routes are, for they are no numbers of the world', () => {
    const line = new Line(rule('a', { routes }));
    expect([line.dial(order([use('a')])), line.dial(order([use('a')], { number: '1001' }))]).toEqual([null, 'a']);
  });

  it("takes what was chosen for a call, also when it is another's turn by now", () => {
    const line = new Line(rule('a', { cps: 1 }), rule('b'));
    const asked = order([use('a'), use('b')]);
    const took = takeTrunk(line.rules, line.state, asked, 'a', line.now);
    expect(took).toEqual((line.ask(asked) as { state: TrunksState }).state);
    const late = takeTrunk(line.rules, took, asked, 'a', line.now);
    expect(trunkIn(late, 'a')).toMatchObject({ linesInUse: 2, starts: [{ count: 1 }, { count: 1 }] });
    expect(takeTrunk(line.rules, took, asked, 'gone', line.now)).toBe(took);
  });

  it('dials only where a route leads, by the longest prefix, and the cheapest first when that is asked', () => {
    const [finland, mobile] = [
      { prefix: '+358', perMinute: 0.01 },
      { prefix: '+35840', perMinute: 0.09 },
    ];
    const line = new Line(
      rule('a', { routes: [finland, mobile] }),
      rule('b', { routes: [{ prefix: '+', perMinute: 0.05 }] }),
    );
    const uses = [use('a', 9), use('b', 1)];
    expect(line.dial(order(uses, { prefer: 'rate' }))).toBe('b');
    expect(line.dial(order(uses, { prefer: 'rate', number: '+358912345' }))).toBe('a');
    expect(line.dial(order(uses, { number: SWEDEN }))).toBe('b');
    expect(line.ask(order([use('a')], { number: SWEDEN }))).toEqual({
      ok: false,
      because: ['Trunk a has no route to this number.'],
      until: null,
    });
    expect(line.ask(order([]))).toMatchObject({ ok: false, because: ['There is no trunk for it.'] });
    expect(line.ask(order([use('x')]))).toMatchObject({ ok: false, because: ['There is no trunk x.'] });
  });

  it('says which limit holds, and when it lets go', () => {
    const line = new Line(rule('a', { cps: 1 }), rule('b', { lines: 1 }));
    line.dial(order([use('a')]));
    line.dial(order([use('b')]));
    expect(line.ask(order([use('a'), use('b')]))).toEqual({
      ok: false,
      because: ['Trunk a may start 1 call per second.', 'Trunk b has 1 of its 1 lines in use.'],
      until: line.now + 1_000,
    });
  });

  it('asks again when the first of them has room', () => {
    const line = new Line(rule('a', { cps: 0.25 }), rule('b', { cps: 0.5 }));
    for (const name of ['a', 'b']) line.dial(order([use(name)]));
    expect(line.ask(order([use('a')]))).toMatchObject({ until: line.now + 4_000 });
    expect(line.ask(order([use('a'), use('b')]))).toMatchObject({ until: line.now + 2_000 });
  });

  it('counts a trunk once, though two of its uses name it', () => {
    const room = trunkRoom(rulesOf(rule('a', { lines: 3, cps: 2 })), NO_TRUNKS, [use('a'), use('a', 1, 1)], 0);
    expect(room).toMatchObject({ lines: 3, launch: 2 });
  });

  it('gives a destination no more than the trunk has, whatever is said of the destination', () => {
    const wide = rule('a', { lines: 1, routes: [{ prefix: '+358', perMinute: 0, lines: 9, cps: 9 }] });
    const line = new Line(wide);
    line.dial(order([use('a')]));
    expect(line.ask(order([use('a')]))).toMatchObject({ because: ['Trunk a has 1 of its 1 lines in use.'] });
  });

  it('gives a call that presses no line that its destination does not have', () => {
    const line = new Line(rule('a', { routes: [{ prefix: '+358', perMinute: 0, lines: 1 }] }));
    line.dial(order([use('a')]));
    expect(line.ask(order([use('a')], { pressing: true })).ok).toBe(false);
  });

  it('has the call start of a dial that was not made again, and that of one that was made not', () => {
    const narrow = rule('a', { cps: 1, routes: [{ prefix: '+358', perMinute: 0, cps: 1 }] });
    const line = new Line(narrow);
    line.dial(order([use('a')]));
    line.hear('a', { type: 'not-dialled', number: NUMBER, startedAt: line.now });
    expect(line.dial(order([use('a')]))).toBe('a');
    line.hear('a', ended('busy', line.now));
    expect(line.ask(order([use('a')])).ok).toBe(false);
  });

  it('keeps the starts of a destination when its lines are counted anew, and never has less than no line in use', () => {
    const narrow = rule('a', { routes: [{ prefix: '+358', perMinute: 0, cps: 1 }] });
    const line = new Line(narrow);
    line.dial(order([use('a')]));
    line.state = adoptLines(narrow, line.state, []);
    expect(line.ask(order([use('a')])).ok).toBe(false);
    line.hear('a', ended('busy', line.now));
    expect(trunkIn(line.state, 'a')).toMatchObject({ linesInUse: 0, routes: { '+358': { linesInUse: 0 } } });
  });

  it('knows the lines that calls to a destination hold after a restart', () => {
    const narrow = rule('a', {
      routes: [
        { prefix: '+358', perMinute: 0, lines: 2 },
        { prefix: '+', perMinute: 0 },
      ],
    });
    const line = new Line(narrow);
    line.state = adoptLines(narrow, NO_TRUNKS, [NUMBER, NUMBER, SWEDEN]);
    expect(line.ask(order([use('a')]))).toMatchObject({
      ok: false,
      because: ['Trunk a to +358 has 2 of its 2 lines in use.'],
      until: line.now + 5_000,
    });
    expect(line.ask(order([use('a')], { number: SWEDEN }))).toMatchObject({ ok: true });
  });

  it('goes by another trunk where a destination of the first is full, and back when a call there has ended', () => {
    const line = new Line(rule('a', { routes: [{ prefix: '+358', perMinute: 0, lines: 1 }] }), rule('b'));
    const uses = [use('a'), use('b', 1, 1)];
    const take = () => {
      const choice = line.ask(order(uses));
      if (choice.ok) line.state = choice.state;
      return choice.ok ? choice.trunk : choice.because;
    };
    expect([take(), take(), take()]).toEqual(['a', 'b', 'b']);
    line.state = trunkHeard(
      rule('a', { routes: [{ prefix: '+358', perMinute: 0, lines: 1 }] }),
      line.state,
      ended('busy', line.now),
      line.now,
    );
    expect([take(), take()]).toEqual(['a', 'b']);
  });

  it('has no room for anybody when each of its destinations is full', () => {
    const routes = [
      { prefix: '+358', perMinute: 0, cps: 1 },
      { prefix: '+46', perMinute: 0, lines: 1 },
    ];
    const narrow = rule('a', { routes });
    const state = adoptLines(narrow, NO_TRUNKS, [SWEDEN]);
    const room = (at: typeof state, now = 5_000) => trunkRoom(rulesOf(narrow), at, [use('a')], now);
    expect(room(state)).toMatchObject({ launch: 1 });
    const choice = chooseTrunk(rulesOf(narrow), state, order([use('a')]), 5_000);
    const full = choice.ok ? choice.state : state;
    expect(room(full)).toMatchObject({
      launch: 0,
      because: ['Trunk a to +358 may start 1 call per second. Trunk a to +46 has 1 of its 1 lines in use.'],
    });
    expect(room(full, 6_000)).toMatchObject({ launch: 1 });
  });

  it('is never over the lines or call starts of a destination, whatever begins and ends', () => {
    const step = fc.record({ sweden: fc.boolean(), ms: fc.nat(700), end: fc.nat(3), redial: fc.boolean() });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom(0.5, 1, 3),
        fc.array(step, { maxLength: 80 }),
        (lines, cps, steps) => {
          const narrow = rule('a', {
            routes: [
              { prefix: '+358', perMinute: 0, lines, cps },
              { prefix: '+46', perMinute: 0 },
            ],
          });
          let [state, now] = [NO_TRUNKS, 1_000_000];
          const out: number[] = [];
          const starts: number[] = [];
          for (const { sweden, ms, end, redial } of steps) {
            now += ms;
            for (const startedAt of out.splice(0, end)) {
              const news: TrunkNews = redial
                ? { type: 'not-dialled', number: NUMBER, startedAt }
                : ended('busy', startedAt);
              if (redial) starts.splice(starts.indexOf(startedAt), 1);
              state = trunkHeard(narrow, state, news, now);
            }
            const choice = chooseTrunk(
              rulesOf(narrow),
              state,
              order([use('a')], { number: sweden ? SWEDEN : NUMBER }),
              now,
            );
            if (sweden) expect(choice.ok).toBe(true);
            if (!choice.ok) continue;
            state = choice.state;
            if (sweden) continue;
            out.push(now);
            starts.push(now);
            expect(out.length).toBeLessThanOrEqual(lines);
            const period = cps < 1 ? 1_000 / cps : 1_000;
            expect(starts.filter((at) => now - at < period).length).toBeLessThanOrEqual(Math.max(1, cps));
          }
        },
      ),
    );
  });

  it('a dial given up after its second frees no start of another', () => {
    const narrow = rule('a', { routes: [{ prefix: '+358', perMinute: 0, lines: 9, cps: 1 }] });
    const ask = (state: TrunksState, at: number) =>
      chooseTrunk(rulesOf(narrow), state, order([use('a')], { number: NUMBER }), at);
    const first = ask(NO_TRUNKS, 1_000_000);
    const second = first.ok ? ask(first.state, 1_001_000) : first;
    if (!second.ok) throw new Error('both may start, a second apart');
    const news = { type: 'not-dialled', number: NUMBER, startedAt: 1_000_000 } as const;
    expect(ask(trunkHeard(narrow, second.state, news, 1_001_000), 1_001_000).ok).toBe(false);
    const own = { ...news, startedAt: 1_001_000 };
    expect(ask(trunkHeard(narrow, second.state, own, 1_001_000), 1_001_000).ok).toBe(true);
  });

  it('knows the lines that calls hold after a restart', () => {
    const line = new Line(rule('a', { lines: 3 }));
    line.state = adoptLines(rule('a'), NO_TRUNKS, [NUMBER, NUMBER, NUMBER]);
    expect(line.ask(order([use('a')]))).toMatchObject({ ok: false, until: null });
  });
});

describe('a trunk that fails', () => {
  const asked = order([use('a')]);
  const care = {
    ...PLAIN_CARE,
    backOffAfter: 1,
    backOffMs: 1_000,
    backOffMostMs: 8_000,
    deadAfter: 4,
    probeEveryMs: 30_000,
  };
  const untilOf = (line: Line, about: TrunkOrder = asked): number | null => {
    const choice = line.ask(about);
    return choice.ok ? null : (choice.until ?? 0) - line.now;
  };

  it('is left alone twice as long after each failure, to that destination alone', () => {
    const line = new Line(rule('a', { care: { ...care, deadAfter: 99 } }));
    for (const waitMs of [1_000, 2_000, 4_000, 8_000, 8_000]) {
      expect(line.call(asked, 'congestion', 503)).toBe('a');
      expect(untilOf(line)).toBe(waitMs);
      expect(line.ask(order([use('a')], { number: SWEDEN }))).toMatchObject({ ok: true, probe: false });
      line.now += waitMs;
      expect(line.ask(asked)).toMatchObject({ ok: true, probe: true });
    }
    line.call(asked, 'busy');
    expect(line.ask(asked)).toMatchObject({ ok: true, probe: false });
  });

  it('is not left alone for single failures between rings, however many calls there are', () => {
    const patient = { ...care, backOffAfter: 3, deadAfter: 10 };
    const line = new Line(rule('a', { lines: 9_999, care: patient }));
    const begun: number[] = [];
    for (let i = 0; i < 4_000; i += 1) {
      line.now += 2;
      expect(line.dial(asked)).toBe('a');
      begun.push(line.now);
      // One of fifty fails at once; the others ring three seconds after they began.
      if (i % 50 === 0 && i >= 1_500) line.hear('a', ended('congestion', line.now, 503));
      const rings = begun[i - 1_500];
      if (rings !== undefined && i % 50 !== 0) line.hear('a', { type: 'alive', number: NUMBER, startedAt: rings });
    }
    for (let i = 0; i < 3; i += 1) line.call(asked, 'congestion', 503);
    expect(untilOf(line)).toBe(1_000);
  });

  it('waits as long as Retry-After says', () => {
    const line = new Line(rule('a', { care }));
    line.dial(asked);
    line.hear('a', { ...ended('congestion', line.now, 503), retryAfterMs: 60_000 } as TrunkNews);
    expect(line.ask(asked)).toEqual({
      ok: false,
      because: ['Trunk a fails to +3584 (503 Service Unavailable); one call will try in 60 s.'],
      until: line.now + 60_000,
    });
  });

  it('counts twenty calls that fail together as one failure', () => {
    const line = new Line(rule('a', { care: { ...care, deadAfter: 99 } }));
    const begun = Array.from({ length: 20 }, () => {
      line.dial(asked);
      return line.now++;
    });
    line.now += 500;
    for (const startedAt of begun) line.hear('a', ended('congestion', startedAt, 503));
    expect(untilOf(line)).toBe(1_000);
    expect(trunkIn(line.state, 'a').linesInUse).toBe(0);
  });

  it('is dead after so many in a row to whatever number, is tried by one call at a time, and comes back by one ring', () => {
    const line = new Line(rule('a', { care }), rule('b'));
    const both = (number: string) => order([use('a'), use('b', 1, 1)], { number });
    for (const number of ['+358401', '+46701', '+37250', '+47900'])
      expect(line.call(both(number), 'failed', 500)).toBe('a');
    expect(line.ask(order([use('a')], { number: '+4930123' }))).toMatchObject({
      because: ['Trunk a is dead (500 Server Internal Error); one call will try in 30 s.'],
    });
    expect(line.call(both('+4930123'), 'busy')).toBe('b');
    line.now += 30_000;
    const began = line.now;
    expect(line.dial(both('+4930123'))).toBe('a');
    line.now += 1_000;
    expect(line.dial(both('+4930123'))).toBe('b');
    expect(line.ask(order([use('a')], { number: '+4930123' }))).toMatchObject({
      because: ['Trunk a is dead; one call tries whether it is over.'],
    });
    line.hear('a', { type: 'alive', number: '+4930123', startedAt: began });
    expect(line.dial(both('+4930123'))).toBe('a');
  });

  it('is not brought back by a call that began before', () => {
    const line = new Line(rule('a', { care }));
    line.dial(asked);
    const early = line.now;
    for (let i = 0; i < 4; i += 1) {
      line.now += 10_000;
      line.call(asked, 'congestion', 503);
    }
    line.now += 1_000;
    line.hear('a', { type: 'alive', number: NUMBER, startedAt: early });
    line.hear('a', ended('connected', early));
    expect(line.ask(asked)).toMatchObject({ ok: false, because: [expect.stringContaining('is dead')] });
  });

  it('is spared on, and comes nearer to dead, though a call that began before rings or ends well', () => {
    const line = new Line(rule('a', { care }));
    line.dial(asked);
    const early = line.now;
    line.now += 1_000;
    line.call(asked, 'congestion', 503);
    line.hear('a', { type: 'alive', number: NUMBER, startedAt: early });
    expect(untilOf(line)).toBe(1_000);
    for (const number of [SWEDEN, '+37250', '+4790']) line.call(order([use('a')], { number }), 'congestion', 503);
    line.hear('a', ended('connected', early));
    line.call(order([use('a')], { number: '+31201' }), 'congestion', 503);
    expect(line.ask(order([use('a')], { number: '+4930123' })).ok).toBe(false);
  });

  it('is suspected when every number is said to be wrong, and not for one', () => {
    const line = new Line(rule('a', { care }));
    for (let i = 0; i < 11; i += 1) expect(line.call(asked, 'invalid-number', 404)).toBe('a');
    expect(line.ask(asked)).toMatchObject({ ok: true, probe: false });
    line.call(asked, 'invalid-number', 404);
    expect(line.ask(asked)).toMatchObject({ ok: false });
    const other = new Line(rule('a', { care }));
    for (let i = 0; i < 60; i += 1) expect(other.call(asked, i % 6 === 5 ? 'no-answer' : 'invalid-number')).toBe('a');
  });

  it('is suspected after so many thirds of a failure, though they add up to a little less', () => {
    const line = new Line(rule('a', { care: { ...care, deadAfter: 5 } }));
    for (let i = 0; i < 15; i += 1) expect(line.call(asked, 'invalid-number')).toBe('a');
    expect(line.ask(asked).ok).toBe(false);
  });

  it('has no row of failures any more when a call that began within the row ends well', () => {
    const line = new Line(rule('a', { care }));
    const to = (number: string) => order([use('a')], { number });
    line.call(to('+4670'), 'congestion', 503);
    line.dial(to('+3725'));
    const within = line.now;
    line.now += 1_000;
    for (const number of ['+4790', '+3120']) line.call(to(number), 'congestion', 503);
    line.hear('a', ended('busy', within, null, '+3725'));
    line.call(to('+4930'), 'congestion', 503);
    expect(line.ask(to('+3360')).ok).toBe(true);
  });

  it('counts those that fail in one moment as one failure, and heeds the longest Retry-After of them', () => {
    const line = new Line(rule('a', { care: { ...care, deadAfter: 99 } }));
    for (let i = 0; i < 3; i += 1) line.dial(asked);
    for (let i = 0; i < 2; i += 1) line.hear('a', ended('failed', line.now));
    expect(untilOf(line)).toBe(1_000);
    line.hear('a', { ...ended('congestion', line.now, 503), retryAfterMs: 5_000 } as TrunkNews);
    expect(untilOf(line)).toBe(5_000);
  });

  it('is left alone at its first failure when it asks for it', () => {
    const line = new Line(rule('a', { care: { ...care, backOffAfter: 3 } }));
    line.dial(asked);
    line.hear('a', { ...ended('congestion', line.now, 503), retryAfterMs: 7_000 } as TrunkNews);
    expect(untilOf(line)).toBe(7_000);
  });

  it('is not well again by a call that began in the moment of the failure', () => {
    const line = new Line(rule('a', { care }));
    line.dial(asked);
    line.dial(asked);
    const began = line.now;
    line.hear('a', ended('congestion', began, 503));
    line.hear('a', ended('busy', began));
    expect(untilOf(line)).toBe(1_000);
  });

  it('is tried by one call, also when another one ends that tells nothing', () => {
    const line = new Line(rule('a', { care }));
    line.dial(asked);
    const early = line.now;
    line.now += 10;
    line.call(asked, 'congestion', 503);
    line.now += 2_000;
    expect(line.dial(asked)).toBe('a');
    line.hear('a', ended('cancelled', early));
    expect(line.ask(asked)).toMatchObject({ because: ['Trunk a fails to +3584; one call tries whether it is over.'] });
  });

  it('has one line for the probe when it is dead and its time is over, if it has any', () => {
    const few = rule('a', { lines: 2, care });
    const line = new Line(few);
    for (let i = 0; i < 4; i += 1) {
      line.call(asked, 'congestion', 503);
      line.now += 10_000;
    }
    const room = (numbers: readonly string[]) =>
      trunkRoom(line.rules, adoptLines(few, line.state, numbers), [use('a')], line.now);
    expect(room([NUMBER])).toMatchObject({ lines: 1, linesInUse: 1, launch: 0 });
    line.now += 30_000;
    expect(room([])).toMatchObject({ lines: 1, linesInUse: 0, launch: 1 });
    expect(room([NUMBER])).toMatchObject({ lines: 2, linesInUse: 1, launch: 1 });
    expect(room([NUMBER, NUMBER])).toMatchObject({ lines: 2, linesInUse: 2, launch: 0 });
  });

  it.each<[string, AttemptOutcome, number | null, boolean]>([
    ['401 Unauthorized', 'failed', 401, true],
    ['403 Forbidden', 'rejected', 403, false],
    ['404 Not Found', 'invalid-number', 404, false],
    ['486 Busy Here', 'busy', 486, false],
    ['488 Not Acceptable Here', 'failed', 488, false],
    ['500 Server Internal Error', 'failed', 500, true],
    ['503 Service Unavailable', 'congestion', 503, true],
    ['603 Decline', 'rejected', 603, false],
    ['606 Not Acceptable', 'failed', 606, false],
    ['the tone for no circuit', 'congestion', null, true],
    ['the switch could not dial', 'failed', null, true],
    ['a dial that we took back', 'cancelled', 487, false],
  ])('%s', (_name, outcome, sip, spared) => {
    const line = new Line(rule('a', { care }));
    line.call(asked, outcome, sip);
    expect(line.ask(asked).ok).toBe(!spared);
  });

  it('tries again after a probe that showed nothing, was not dialled, or was never heard of', () => {
    const line = new Line(rule('a', { care }));
    line.call(asked, 'congestion', 503);
    line.now += 2_000;
    line.call(asked, 'cancelled');
    expect(line.ask(asked)).toMatchObject({ ok: true, probe: true });
    line.dial(asked);
    line.hear('a', { type: 'not-dialled', number: NUMBER, startedAt: line.now });
    expect(line.ask(asked)).toMatchObject({ ok: true, probe: true });
    line.dial(asked);
    line.now += 179_000;
    expect(line.ask(asked).ok).toBe(false);
    line.now += 1_000;
    expect(line.ask(asked)).toMatchObject({ ok: true, probe: true });
  });
});

it('never exceeds lines or call starts, never sends a failing trunk more than a probe, and gives every line back', () => {
  type Act = { readonly kind: 'dial' | 'end' | 'alive' | 'undo'; readonly pick: number; readonly waitMs: number };
  const act = fc.record({
    kind: fc.constantFrom<Act['kind']>('dial', 'dial', 'dial', 'end', 'end', 'alive', 'undo'),
    pick: fc.nat(1_000),
    waitMs: fc.constantFrom(0, 1, 40, 700, 5_000),
  });
  const limits = fc.record({ lines: fc.integer({ min: 1, max: 6 }), cps: fc.constantFrom(0.5, 1, 3, 10) });
  fc.assert(
    fc.property(fc.array(limits, { minLength: 1, maxLength: 3 }), fc.array(act, { maxLength: 150 }), (rows, acts) => {
      const care = { ...PLAIN_CARE, backOffAfter: 2, deadAfter: 4 };
      const line = new Line(...rows.map((row, i) => rule(`t${i}`, { ...row, care })));
      const uses = rows.map((_, i) => use(`t${i}`, i + 1, i % 2));
      const open: { trunk: string; startedAt: number; number: string; probe: boolean }[] = [];
      const starts = new Map<string, number[]>();
      for (const { kind, pick, waitMs } of acts) {
        line.now += waitMs;
        if (kind === 'dial') {
          const number = pick % 2 === 0 ? NUMBER : SWEDEN;
          const choice = line.ask(order(uses, { number }));
          if (!choice.ok) {
            expect(choice.because).toHaveLength(uses.length);
            continue;
          }
          const probing = open.filter(
            (one) => one.probe && one.trunk === choice.trunk && line.now - one.startedAt < 180_000,
          );
          const { dead, troubles } = trunkIn(line.state, choice.trunk);
          const own = troubles[number.slice(0, 5)];
          const spared = dead ?? (own && own.failures > 0 ? own : null);
          if (spared && choice.probe) expect(line.now).toBeGreaterThanOrEqual(spared.until);
          if (dead && choice.probe && dead.probeAt !== null) expect(probing).toEqual([]);
          expect(choice.probe).toBe(Boolean(spared));
          line.state = choice.state;
          starts.set(choice.trunk, [...(starts.get(choice.trunk) ?? []), line.now]);
          open.push({ trunk: choice.trunk, startedAt: line.now, number, probe: choice.probe });
        } else if (open.length > 0) {
          const [one] = kind === 'alive' ? [open[pick % open.length]] : open.splice(pick % open.length, 1);
          if (!one) continue;
          const { trunk, number, startedAt } = one;
          if (kind === 'alive') line.hear(trunk, { type: 'alive', number, startedAt });
          else if (kind === 'undo') {
            line.hear(trunk, { type: 'not-dialled', number, startedAt });
          } else
            line.hear(
              trunk,
              ended(ATTEMPT_OUTCOMES[pick % ATTEMPT_OUTCOMES.length] ?? 'failed', startedAt, null, number),
            );
        }
        for (const [i, row] of rows.entries()) {
          const held = open.filter(({ trunk }) => trunk === `t${i}`).length;
          expect(trunkIn(line.state, `t${i}`).linesInUse).toBe(held);
          expect(held).toBeLessThanOrEqual(row.lines);
        }
      }
      if (acts.some(({ kind }) => kind === 'undo')) return; // an undone start may be used again
      for (const [i, { cps }] of rows.entries()) {
        const [size, period] = [Math.max(1, Math.floor(cps)), cps < 1 ? 1_000 / cps : 1_000];
        const began = starts.get(`t${i}`) ?? [];
        for (const at of began)
          expect(began.filter((t) => t >= at && t < at + period).length).toBeLessThanOrEqual(size);
      }
    }),
  );
});

it('is plain data: written down and read again it decides the same', () => {
  const line = new Line(rule('a', { cps: 5 }), rule('b'));
  const asked = order([use('a', 2), use('b')]);
  for (const outcome of ['busy', 'congestion', 'no-answer', 'failed'] as const) line.call(asked, outcome);
  const copy = JSON.parse(JSON.stringify(line.state)) as TrunksState;
  expect(copy).toEqual(line.state);
  expect(chooseTrunk(line.rules, copy, asked, line.now)).toEqual(line.ask(asked));
});
