import { describe, expect, it } from 'vitest';
import { entriesOf, factsIn } from '../../../../src/ivr/sim/log.ts';
import type { Sound } from '../../../../src/ivr/sim/sound.ts';
import { flowOf } from '../caller.ts';
import { callTo, heardBy, lasted, mocked, pathOf, queueFacts, toTheEnd } from './sim-house.ts';

const END = 'end: { type: hangup }';
const words = (language: string, said: string): Sound => ({ parts: [{ language, words: said }], lengthMs: null });

describe('time', () => {
  const greet = flowOf(`greet: { type: play, prompt: welcome, next: end }\n${END}`);

  it('lets a prompt last as long as its words: 150 a minute', () => {
    const sounds = new Map([['en/welcome', words('en', 'Welcome to our small house.')]]);
    expect(lasted(toTheEnd(callTo(greet, {}, sounds)))).toBe(2_000);
  });

  it('counts characters in Chinese', () => {
    const sounds = new Map([['en/welcome', words('zh', '欢迎您，再见。')]]);
    expect(lasted(toTheEnd(callTo(greet, {}, sounds)))).toBe(5 * 250);
  });

  it('takes the length of a recording as it is', () => {
    const sounds = new Map([['en/welcome', { parts: [{ language: 'en', words: 'Welcome' }], lengthMs: 7_345 }]]);
    expect(lasted(toTheEnd(callTo(greet, {}, sounds)))).toBe(7_345);
  });

  it('hears the parts of a speech one after another, and no part that was cut off', () => {
    const flow = flowOf(`
menu: { type: menu, prompt: [one, two, three], keys: { "1": end }, outcomes: { noInput: end, invalid: end } }
${END}`);
    const call = callTo(flow);
    call.passTo(call.now + 2_500);
    call.press('1');
    expect(heardBy(toTheEnd(call))).toEqual(['one', 'two']);
    expect(lasted(call)).toBe(2_500);
  });

  it('is the same to the millisecond each time', () => {
    const flow = flowOf(`
ask: { type: menu, prompt: main, keys: { "1": wait }, outcomes: { noInput: wait, invalid: wait } }
wait: { type: queue, queue: support, outcomes: { answeredEnd: end, timeout: end, full: end, noAgents: end, closed: end } }
${END}`);
    const [first, second] = [toTheEnd(callTo(flow)), toTheEnd(callTo(flow))];
    expect(second.log).toEqual(first.log);
    expect(lasted(first)).toBe(3 * (2_000 + 6_000) + 60_000);
  });
});

describe('a prompt that cannot be played', () => {
  it('leads an announcement to its error, and no question', () => {
    const flow = flowOf(`
greet: { type: play, prompt: welcome, next: ask, outcomes: { error: ask } }
ask: { type: menu, prompt: main, keys: { "1": end }, outcomes: { noInput: end, invalid: end } }
${END}`);
    const call = toTheEnd(callTo(flow, { mocks: { greet: mocked('error'), ask: mocked('error') } }));
    expect(factsIn(call.log, 'flow.node.left').map(({ outcome }) => outcome)).toEqual(['error', 'noInput', 'done']);
    expect([heardBy(call), lasted(call)]).toEqual([['main', 'main', 'main'], 3 * 8_000]);
  });
});

describe('words of the flow itself', () => {
  it('go by the name they have there', () => {
    const flow = flowOf(
      `greet: { type: play, prompt: hi, next: end }\n${END}`,
      'prompts: { hi: { tts: { en: "Good morning to you", fi: "Hyvää huomenta" } } }',
    );
    const call = toTheEnd(callTo(flow));
    expect(entriesOf(call.log, 'heard')).toMatchObject([
      { prompt: 'hi', words: 'Good morning to you', language: 'en' },
    ]);
    expect(lasted(call)).toBe(1_600);
  });
});

describe('the world', () => {
  const flow = flowOf(
    `
who:
  type: lookup
  request: { method: GET, url: "https://crm.example/\${call.from}" }
  timeout: 4s
  save: { tier: $.tier }
  outcomes: { ok: end, notFound: lost, timeout: slow, error: slow }
lost: { type: play, prompt: sorry, next: end }
slow: { type: play, prompt: sorry, next: end }
${END}`,
    'vars: { tier: { type: string, default: none } }',
  );

  it('answers as the scenario says, when it says', () => {
    const call = toTheEnd(callTo(flow, { mocks: { who: mocked('ok', 900, { tier: 'vip' }) } }));
    expect(call.vars).toEqual({ tier: 'vip' });
    expect([pathOf(call), lasted(call), call.longestSilenceMs]).toEqual(['who end', 900, 900]);
  });

  it('plays music from the second second on, so that silence ends there', () => {
    const call = toTheEnd(callTo(flow, { mocks: { who: mocked('ok', 3_500, { tier: 'vip' }) } }));
    expect([lasted(call), call.longestSilenceMs]).toEqual([3_500, 1_000]);
  });

  it('does not answer in time', () => {
    const late = toTheEnd(callTo(flow, { mocks: { who: mocked('ok', 4_001) } }));
    const never = toTheEnd(callTo(flow, { mocks: { who: mocked('timeout') } }));
    expect([pathOf(late), pathOf(never)]).toEqual(['who slow end', 'who slow end']);
    expect(lasted(never)).toBe(6_000);
  });

  it('tells when nobody said what it answers', () => {
    const call = toTheEnd(callTo(flow));
    expect(entriesOf(call.log, 'requested')).toMatchObject([
      { node: 'who', kind: 'lookup', answer: null, isKnown: false },
    ]);
  });

  it('answers one visit after another', () => {
    const again = flowOf(`
who:
  type: lookup
  request: { method: GET, url: "https://crm.example/x" }
  timeout: 4s
  outcomes: { ok: end, notFound: menu, timeout: end, error: end }
menu: { type: menu, prompt: main, keys: { "1": who }, outcomes: { noInput: who, invalid: who } }
${END}`);
    const call = callTo(again, { mocks: { who: [...mocked('notFound'), ...mocked('notFound'), ...mocked('ok')] } });
    expect(pathOf(toTheEnd(call))).toBe('who menu who menu who end');
  });
});

describe('queues', () => {
  const flow = flowOf(`
wait:
  type: queue
  queue: support
  require: [{ skill: "topic:tech", level: 3 }]
  relax: [{ after: 40s, require: [{ skill: "topic:tech", level: 1 }] }]
  exitKeys: { "*": out }
  offerCallback: { key: "1", whenEstimateOver: 3m }
  maxWait: 5m
  outcomes: { answeredEnd: end, callbackTaken: end, timeout: end, full: end, noAgents: end, closed: end }
out: { type: play, prompt: bye, next: end }
${END}`);
  const at = (change: Parameters<typeof queueFacts>[0]) => callTo(flow, { queues: { support: queueFacts(change) } });
  const outcome = (call: ReturnType<typeof at>) => toTheEnd(call).outcome;

  it('connects after the estimate, with what is asked of an agent by then', () => {
    const soon = toTheEnd(at({ estimateMs: 30_000 }));
    const later = toTheEnd(at({ estimateMs: 40_000 }));
    expect(entriesOf(soon.log, 'connected')[0]?.require).toEqual([{ skill: 'topic:tech', level: 3 }]);
    expect(entriesOf(later.log, 'connected')[0]?.require).toEqual([{ skill: 'topic:tech', level: 1 }]);
    expect([soon.outcome, lasted(soon), soon.longestSilenceMs]).toEqual(['answeredEnd', 90_000, 0]);
  });

  it('gives up when nobody is free in time, or as the scenario says', () => {
    const nobody = at({ agentsReady: 0 });
    expect([outcome(nobody), lasted(nobody)]).toEqual(['timeout', 300_000]);
    expect(outcome(at({ estimateMs: 301_000 }))).toBe('timeout');
    expect(outcome(at({ outcome: 'full' }))).toBe('full');
    expect(outcome(callTo(flow, { mocks: { wait: mocked('closed') } }))).toBe('closed');
  });

  it('lets a key lead out while the caller waits, and not while he talks', () => {
    const waiting = at({ estimateMs: 60_000 });
    waiting.passTo(waiting.now + 10_000);
    waiting.press('*');
    expect(pathOf(toTheEnd(waiting))).toBe('wait out end');
    const talking = at({ estimateMs: 5_000 });
    talking.passTo(talking.now + 10_000);
    talking.press('*');
    expect(pathOf(toTheEnd(talking))).toBe('wait end');
  });

  it('offers a callback only when the wait is long', () => {
    const long = at({ estimateMs: 200_000 });
    long.press('1');
    long.press('1');
    const short = at({ estimateMs: 20_000 });
    short.press('1');
    expect([outcome(long), outcome(short)]).toEqual(['callbackTaken', 'answeredEnd']);
  });

  it('lets who rather waits have the place he had', () => {
    const call = at({ estimateMs: 200_000 });
    call.passTo(call.now + 10_000);
    call.press('1*');
    const { at: connected } = entriesOf(toTheEnd(call).log, 'connected')[0] ?? {};
    expect([call.outcome, (connected ?? 0) - call.scenario.at]).toEqual(['answeredEnd', 200_000]);
  });
});

describe('transfers', () => {
  const flow = flowOf(`
ring: { type: transfer, to: "1001", ring: 25s, outcomes: { answeredEnd: end, busy: end, noAnswer: end, failed: end } }
${END}`);

  it.each([
    ['busy', 0],
    ['noAnswer', 25_000],
    ['answeredEnd', 60_000],
  ])('ends as %s', (outcome, ms) => {
    const call = toTheEnd(callTo(flow, { mocks: { ring: mocked(outcome) } }));
    expect([call.outcome, lasted(call)]).toEqual([outcome, ms]);
  });
});

describe('a caller who talks', () => {
  const flow = flowOf(
    `
take: { type: record, prompt: after-the-tone, max: 20s, silence: 4s, save: message, outcomes: { done: end, empty: nothing } }
nothing: { type: play, prompt: nothing, next: end }
${END}`,
    'vars: { message: { type: string } }',
  );
  const duration = (call: ReturnType<typeof callTo>) => factsIn(call.log, 'flow.recorded')[0]?.durationMs;
  /** After a prompt of two seconds. */
  const talking = (ms: number) => {
    const call = callTo(flow);
    while (call.stage !== 'recording' && call.next());
    call.talk(ms);
    return call;
  };

  it('is recorded as long as he talks', () => {
    const call = toTheEnd(talking(5_000));
    expect([duration(call), lasted(call), pathOf(call)]).toEqual([5_000, 11_000, 'take end']);
  });

  it('is cut off at the longest, or ends it by a key', () => {
    const long = toTheEnd(talking(60_000));
    expect([duration(long), lasted(long)]).toEqual([20_000, 22_000]);
    const keyed = talking(5_000);
    keyed.passTo(keyed.now + 3_000);
    keyed.press('#');
    expect([duration(toTheEnd(keyed)), lasted(keyed)]).toEqual([3_000, 5_000]);
  });

  it('says nothing', () => {
    expect(pathOf(toTheEnd(callTo(flow)))).toBe('take nothing end');
  });

  it('hangs up, and what he said is kept', () => {
    const call = talking(5_000);
    call.passTo(call.now + 2_000);
    call.hangUp();
    expect([duration(call), call.isOver, pathOf(call)]).toEqual([2_000, true, 'take']);
    expect(entriesOf(call.log, 'ended')).toMatchObject([{ reason: 'hungUp', node: 'take' }]);
  });

  it('is understood, or says nothing that could be', () => {
    const ask = flowOf(
      `
topic:
  type: speech
  prompt: say-it
  timeout: 5s
  save: message
  outcomes: { ok: end, noMatch: end, noInput: end, unavailable: end }
${END}`,
      'vars: { message: { type: string } }',
    );
    const said = callTo(ask);
    expect(said.speak('too early')).toBe(false);
    said.passTo(said.now + 3_000);
    expect(said.speak('my bill')).toBe(true);
    expect([toTheEnd(said).vars['message'], said.outcome, said.longestSilenceMs]).toEqual(['my bill', 'ok', 0]);
    const silent = toTheEnd(callTo(ask));
    expect([silent.outcome, lasted(silent)]).toEqual(['noInput', 7_000]);
  });
});

describe('memory, hours and shares', () => {
  it('remembers within the call what was remembered before it', () => {
    const flow = flowOf(
      `
choose: { type: language, options: { "1": fi, "2": en }, skipIf: { remembered: true }, next: hi }
hi: { type: play, prompt: hello, next: end }
${END}`,
      'languages: { default: en, supported: [en, fi], remember: 90d }',
    );
    const known = toTheEnd(callTo(flow, { remembered: { language: 'fi' } }));
    expect([known.language, heardBy(known)]).toEqual(['fi', ['hello']]);
    expect(heardBy(callTo(flow))).not.toContain('hello');
  });

  it('begins with variables and a language of its own', () => {
    const flow = flowOf(
      `hi: { type: play, prompt: hello, next: end }\n${END}`,
      'vars: { tier: { type: string, default: a } }',
    );
    const call = toTheEnd(callTo(flow, { vars: { tier: 'b' }, language: 'fi' }));
    expect([call.vars['tier'], call.language]).toEqual(['b', 'fi']);
  });

  it('goes through called flows, whose nodes bear their flow’s name', () => {
    const inner = flowOf(
      'ask: { type: play, prompt: hello, next: give }\ngive: { type: return, outcome: done }',
      '',
      'inner',
    );
    const outer = flowOf(`first: { type: flow, flow: inner, outcomes: { done: end } }\n${END}`);
    expect(pathOf(toTheEnd(callTo([outer, inner])))).toBe('first inner/ask inner/give end');
  });
});
