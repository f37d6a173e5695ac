import { describe, expect, it } from 'vitest';
import { calendarFile, calendarOf } from '../../../src/ivr/calendar.ts';
import { Caller, digits, flowOf } from './caller.ts';

const switchVars = (count: number, tier: string) =>
  `vars: { count: { type: int, default: ${count} }, tier: { type: enum, values: [a, vip], default: ${tier} } }`;

describe('switch', () => {
  const nodes = `
s:
  type: switch
  cases:
    - { when: call.from.startsWith("+46"), go: se }
    - { when: count > 2 && tier == "vip", set: { count: 9 }, go: vip }
    - { when: 10 / count > 4, go: se }
  else: other
se: { type: play, prompt: se }
vip: { type: play, prompt: { say: number, of: count } }
other: { type: play, prompt: other }`;

  it('takes the first case that holds, else the rest', () => {
    expect(new Caller(flowOf(nodes, switchVars(3, 'vip')), { ani: '+4670' }).hears).toEqual(['en/se']);
    expect(new Caller(flowOf(nodes, switchVars(3, 'vip'))).hears).toEqual(digits('9'));
    expect(new Caller(flowOf(nodes, switchVars(3, 'a'))).hears).toEqual(['en/other']);
    expect(new Caller(flowOf(nodes, switchVars(3, 'a')), { ani: null }).hears).toEqual(['en/other']);
  });

  it('that cannot be told goes to onError, else ends the call', () => {
    const withError = `${switchVars(0, 'a')}\ndefaults: { onError: oops }`;
    expect(new Caller(flowOf(`${nodes}\noops: { type: play, prompt: apology }`, withError)).hears).toEqual([
      'en/apology',
    ]);
    const caller = new Caller(flowOf(nodes, switchVars(0, 'a')));
    expect(caller.command('hangup').reason).toBe('error');
    expect(caller.did).not.toContain('answer');
  });
});

const desk = (forced: boolean) =>
  calendarOf(
    'desk',
    calendarFile.parse({
      timezone: 'Europe/Helsinki',
      weekly: { 'mon-fri': ['08:00-18:00'] },
      holidays: [{ date: '2026-12-25', name: 'Christmas Day' }],
      forced,
    }),
  );

describe('hours', () => {
  const nodes = `
h: { type: hours, calendar: desk, outcomes: { open: o, closed: c, holiday: d, forced: f } }
o: { type: play, prompt: open }
c: { type: play, prompt: closed }
d: { type: play, prompt: holiday }
f: { type: play, prompt: forced }`;
  it.each([
    ['en/open', '2026-03-10T10:00+02:00', false],
    ['en/closed', '2026-03-10T07:59:59+02:00', false],
    ['en/holiday', '2026-12-25T12:00+02:00', false],
    ['en/forced', '2026-03-10T10:00+02:00', true],
  ])('leads to %s', (heard, at, forced) => {
    const caller = new Caller(flowOf(nodes), { now: Date.parse(at), calendars: [desk(forced)] });
    expect(caller.hears).toEqual([heard]);
  });

  it('without its calendar is an error', () => {
    expect(new Caller(flowOf(nodes)).command('hangup').reason).toBe('error');
  });
});

describe('queue', () => {
  const nodes = `
q:
  type: queue
  queue: support
  priority: { base: 5, add: [{ when: tier == "vip", points: 300 }, { when: call.language == "sv", points: 7 }] }
  require: [{ skill: "lang:\${call.language}", level: 3 }, { skill: "topic:\${tier}", level: 2 }, { skill: phone, level: 1 }]
  maxWait: 2m
  outcomes: { answeredEnd: bye, timeout: late, full: full, noAgents: none, closed: shut, error: oops }
bye: { type: play, prompt: bye }
late: { type: play, prompt: late }
full: { type: play, prompt: full }
none: { type: play, prompt: none }
shut: { type: play, prompt: shut }
oops: { type: play, prompt: oops }`;
  const vip = 'vars: { tier: { type: enum, values: [vip], default: vip } }';

  it('answers and asks for an agent who speaks the language', () => {
    const caller = new Caller(flowOf(nodes, vip));
    expect(caller.did).toEqual(['language', 'answer', 'queue']);
    expect(caller.command('queue').request).toEqual({
      queue: 'support',
      language: 'en',
      require: [
        { skill: 'lang:en', level: 3 },
        { skill: 'topic:vip', level: 2 },
        { skill: 'phone', level: 1 },
      ],
      priority: 305,
      maxWaitMs: 120_000,
      relax: [],
      exitKeys: [],
      announce: null,
      offerCallback: null,
      preferLastAgent: null,
      preferOwner: null,
    });
  });

  it.each([
    ['answeredEnd', 'en/bye'],
    ['timeout', 'en/late'],
    ['full', 'en/full'],
    ['noAgents', 'en/none'],
    ['closed', 'en/shut'],
    ['error', 'en/oops'],
  ] as const)('goes on after %s', (outcome, heard) => {
    const caller = new Caller(flowOf(nodes, vip));
    expect(caller.press('1').did).toEqual([]);
    expect(caller.is({ type: 'queue.left', outcome }).hears).toEqual([heard]);
    expect(caller.facts).toContain(`flow.node.left q ${outcome}`);
  });
});

const transferNodes = (to: string) => `
t: { type: transfer, ${to}, ring: 20s, outcomes: { answeredEnd: a, busy: b, noAnswer: n, failed: f } }
a: { type: hangup }
b: { type: play, prompt: busy }
n: { type: play, prompt: noanswer }
f: { type: play, prompt: failed }`;

describe('transfer', () => {
  it.each([
    ['to: "1001"', { kind: 'phone', name: '1001' }],
    ['to: "+358401234567", trunk: public', { kind: 'number', number: '+358401234567', trunk: 'public' }],
  ])('rings %s', (to, target) => {
    const caller = new Caller(flowOf(transferNodes(to)));
    expect(caller.did).toEqual(['language', 'answer', 'transfer']);
    expect(caller.command('transfer')).toEqual({ type: 'transfer', to: target, ringMs: 20_000 });
  });

  it.each([
    ['busy', 'en/busy'],
    ['noAnswer', 'en/noanswer'],
    ['failed', 'en/failed'],
  ] as const)('goes on after %s', (outcome, heard) => {
    expect(new Caller(flowOf(transferNodes('to: "1001"'))).is({ type: 'transfer.ended', outcome }).hears).toEqual([
      heard,
    ]);
  });
});

describe('hangup', () => {
  it.each([
    ['normal', 16],
    ['busy', 17],
    ['rejected', 21],
    ['congestion', 34],
  ])('%s sends cause %i and needs no answer', (reason, q850) => {
    const caller = new Caller(flowOf(`h: { type: hangup, reason: ${reason} }`));
    expect(caller.did).toEqual(['language', 'hangup']);
    expect(caller.command('hangup')).toEqual({ type: 'hangup', cause: { q850 }, reason });
  });
});

describe('the step budget', () => {
  const loop = `
a: { type: menu, prompt: main, keys: { "1": b }, outcomes: { noInput: end, invalid: end } }
b: { type: switch, cases: [{ when: call.from == "x", go: end }], else: a }
end: { type: hangup }`;
  const round = (caller: Caller) => {
    while (caller.state.nodeId === 'a' && caller.state.stage !== 'ended') caller.press('1');
    return caller;
  };

  it('ends a flow that goes round', () => {
    const caller = round(new Caller(flowOf(loop)));
    expect(caller.command('hangup')).toMatchObject({ reason: 'step-limit', cause: { q850: 34 } });
    expect(caller.facts.at(-1)).toBe('flow.finished step-limit');
    expect(caller.path).toHaveLength(200);
  });

  it('goes to onError first', () => {
    const head = 'defaults: { onError: sorry }\nlimits: { maxSteps: 10 }';
    const caller = round(new Caller(flowOf(`${loop}\nsorry: { type: play, prompt: apology, next: a }`, head)));
    expect(caller.hears).toEqual(['en/apology']);
    expect(caller.path).toHaveLength(11);
    expect(round(caller.listens()).command('hangup').reason).toBe('step-limit');
  });
});
