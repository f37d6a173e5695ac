import { describe, expect, it } from 'vitest';
import type { FlowAnswer, FlowRequest } from '../../../src/call/request.ts';
import { faultName, type FlowServiceRooms, FlowServices } from '../../../src/engine/flow-services.ts';
import { noSpeech } from '../../../src/web/no-speech.ts';
import { FakeWeb, MemoryRecordings, plainPins } from '../../support/flow-world.ts';
import { createMemoryFlowStore } from '../../support/memory-flow-store.ts';
import { SimulatedClock } from '../../support/simulated-clock.ts';
import { queueProfile, testSite } from '../../support/site.ts';

type Served = Exclude<FlowRequest, { kind: 'ask' }>;

const CALL = { callId: 'call-1', ani: '+358501112223', dnis: '100', wait: null };
const WAV = new Uint8Array(44);
const never = () => new Promise<never>(() => undefined);

function house(change: Partial<FlowServiceRooms> = {}) {
  const clock = new SimulatedClock();
  const logged: string[] = [];
  const write = (fields: object, message: string) => void logged.push(`${message} ${JSON.stringify(fields)}`);
  const rooms = {
    clock,
    log: { debug: write, info: write, warn: write, error: write },
    flows: createMemoryFlowStore(),
    web: new FakeWeb(clock),
    speech: noSpeech,
    recordings: new MemoryRecordings(),
    pins: plainPins,
    switchPort: { recording: async () => ({ ok: true, wav: WAV }) as const },
    dispatcher: { outlook: { standing: () => ({ waiting: 2, staffed: 2, ready: 0, waitMs: 90_000 }) } },
    site: () => ({
      ...testSite(),
      queues: new Map([['tech', queueProfile('tech', { maxWaiting: 1 })]]),
      destinations: { numbers: ['+358*', '+1900*'], deny: ['+35840*'], hosts: [] },
    }),
    country: 'FI',
  };
  const services = new FlowServices({ ...rooms, ...change });
  /** The answer, and after how long it came. */
  const ask = async (request: Served, requestId = 'call-1-r1', call = CALL) => {
    const began = clock.now();
    let answer: FlowAnswer | null = null;
    void services.ask(call, requestId, request).then((found) => (answer = found));
    await clock.runUntil(() => answer !== null, 'an answer');
    return { ...(answer as unknown as FlowAnswer), afterMs: clock.now() - began };
  };
  return { ...rooms, services, logged, ask };
}

const callback = (number: string): Served => ({
  kind: 'callback',
  queue: 'tech',
  number,
  language: 'fi',
  dueBy: 9e12,
  keepPlace: true,
  require: [],
});
const voicemail: Served = {
  kind: 'voicemail',
  box: 'support',
  recordingId: 'rec-1',
  durationMs: 1_000,
  language: 'fi',
  replyBy: null,
};

describe('a callback', () => {
  it.each([
    ['an allowed number', '+358501112223', 'taken'],
    ['one as it is written at home', '0501112223', 'taken'],
    ['one that is denied', '+358401112223', 'refused'],
    ['one of no listed country', '+46701234567', 'refused'],
    ['a premium number, though it is listed', '+19002345678', 'refused'],
    ['no number', '112', 'refused'],
  ])('to %s', async (_title, number, outcome) => {
    expect(await house().ask(callback(number))).toMatchObject({ outcome });
  });

  it('is taken once for a number given twice, and refused to others when enough wait', async () => {
    const { ask, flows } = house();
    for (const [requestId, number, outcome] of [
      ['a', '+358501112223', 'taken'],
      ['a', '+358501112223', 'taken'],
      ['b', '0501112223', 'taken'],
      ['c', '+358501112224', 'full'],
    ] as const) {
      expect(await ask(callback(number), requestId)).toMatchObject({ outcome });
    }
    expect(await flows.callbacks({ limit: 9 })).toMatchObject([{ id: 'a', number: '+358501112223', state: 'waiting' }]);
  });
});

describe('what is asked', () => {
  it.each<[string, Served, Partial<FlowAnswer>]>([
    [
      'queue facts',
      { kind: 'metrics', queue: 'tech' },
      { outcome: 'ok', data: { waitSeconds: 90, waiting: 2, ready: 0 } },
    ],
    ['facts of no queue', { kind: 'metrics', queue: 'none' }, { outcome: 'unavailable' }],
    ['a memory there is none of', { kind: 'recall', what: 'language' }, { outcome: 'none' }],
    ['room in no box', { kind: 'voicemail-room', box: 'none' }, { outcome: 'error' }],
    ['a message for no box', { ...voicemail, box: 'none' }, { outcome: 'error' }],
    [
      'speech that nothing here understands',
      { kind: 'speech', legId: 'l', language: 'fi', hints: [], timeoutMs: 5_000 },
      { outcome: 'unavailable' },
    ],
  ])('%s', async (_title, request, answer) => {
    expect(await house().ask(request)).toMatchObject({ ...answer, afterMs: 0 });
  });

  it('is begun once, however often it is asked while it is answered', async () => {
    const { services, web, clock } = house();
    const request: Served = {
      kind: 'lookup',
      method: 'POST',
      url: 'https://crm.example.org/',
      secret: null,
      body: null,
      timeoutMs: 1_000,
      cacheMs: null,
    };
    web.answer = null;
    const both = [services.ask(CALL, 'r1', request), services.ask(CALL, 'r1', request)];
    await clock.advance(1_000);
    expect((await Promise.all(both)).map(({ outcome }) => outcome)).toEqual(['timeout', 'timeout']);
    expect(web.asked).toHaveLength(1);
  });

  it('of a queue that nobody can tell about is not made up', async () => {
    const dispatcher = { outlook: { standing: () => ({ waiting: 2, staffed: 2, ready: 0, waitMs: null }) } };
    expect(await house({ dispatcher }).ask({ kind: 'metrics', queue: 'tech' })).toMatchObject({
      outcome: 'unavailable',
    });
  });
});

describe('an opt-out', () => {
  const asked: unknown[] = [];
  const optOut = async (...words: readonly unknown[]) => {
    asked.push(words);
    return true;
  };
  const called = { ...CALL, campaignId: 'c1' };

  it.each([
    ['all', CALL, ['+358501112223', null]],
    ['campaign', CALL, ['+358501112223', null]],
    ['campaign', called, ['+358501112223', 'c1']],
    ['all', called, ['+358501112223', null]],
    ['all', { ...CALL, ani: '0501112223' }, ['+358501112223', null]],
  ] as const)('for %s is in force when it is answered', async (scope, call, words) => {
    asked.length = 0;
    expect(await house({ optOut }).ask({ kind: 'dnc', scope }, 'r1', call)).toMatchObject({ outcome: 'ok' });
    expect(asked).toEqual([words]);
  });

  it.each([
    ['without a number', { ...CALL, ani: 'anonymous' }, optOut, 'noNumber'],
    ['that was not written down', CALL, async () => false, 'error'],
    ['that failed', CALL, async () => Promise.reject(new Error('away')), 'error'],
  ] as const)('%s promises nothing', async (_what, call, does, outcome) => {
    expect(await house({ optOut: does }).ask({ kind: 'dnc', scope: 'all' }, 'r1', call)).toMatchObject({ outcome });
  });
});

describe('a follow-up', () => {
  const request = {
    kind: 'follow-up',
    flow: 'returns',
    work: 'refund',
    owner: { kind: 'team', id: 'finance' },
    dueAt: 9e11,
    reason: 'Return 4711',
    priority: 5,
    data: { order: '4711' },
  } as const satisfies Served;
  const refused = { ok: false, why: 'invalid', sentence: 'There is no team finance.' } as const;

  it('is made under the id of its request, of who is in the call', async () => {
    const asked: unknown[] = [];
    const promise: FlowServiceRooms['promise'] = async (...words) => {
      asked.push(words);
      return refused;
    };
    const call = { ...CALL, ani: '0501112223', campaignId: 'c1' };
    const { ask, logged } = house({ promise });
    expect(await ask(request, 'call-1-r4', call)).toMatchObject({ outcome: 'error' });
    const { kind, work, flow, ...what } = request;
    const wish = { ...what, kind: work, callId: 'call-1', ani: '+358501112223', campaignId: 'c1' };
    expect(asked).toEqual([[wish, { name: `flow ${flow}`, agentId: null }, 'followup-call-1-r4']]);
    expect(logged.join()).toContain(refused.sentence);
    expect(kind).toBe('follow-up');
  });

  it.each([
    ['that is away', async () => Promise.reject(new Error('away'))],
    ['that hangs', never],
    ['of none', undefined],
  ])('of a desk %s is not promised', async (_what, promise) => {
    expect(await house(promise && { promise }).ask(request)).toMatchObject({ outcome: 'error' });
  });
});

describe('a store that is away', () => {
  const requests: readonly Served[] = [
    { kind: 'pin', account: '4711', pin: '8264' },
    { kind: 'recall', what: 'language' },
    { kind: 'voicemail-room', box: 'support' },
    { kind: 'keep-recording', recordingId: 'rec-1' },
    voicemail,
    callback('+358501112223'),
  ];

  it.each(requests.map((request) => [request.kind, request] as const))(
    'answers %s with an error',
    async (_kind, request) => {
      const fault = Object.assign(new Error('duplicate key (+358501112223)'), { code: '23505', detail: '8264' });
      const broken = house({ flows: everyMethod(() => Promise.reject(fault)) });
      expect(await broken.ask(request)).toMatchObject({ outcome: 'error', afterMs: 0 });
      expect(broken.logged.join()).toContain('23505');
      expect(broken.logged.join()).not.toMatch(/8264|358501112223/);
      const mute = house({ flows: everyMethod(never) });
      const answer = await mute.ask(request);
      expect(answer.outcome).toBe('error');
      // The flow itself waits for five seconds.
      expect(answer.afterMs).toBeLessThan(5_000);
    },
  );
});

describe('a store that fails in the middle', () => {
  const keeping = { kind: 'keep-recording', recordingId: 'rec-1' } as const;
  const full = () => Object.assign(new MemoryRecordings(), { full: true });

  it.each([
    ['a recording', keeping, 'saveRecording'],
    ['a message', voicemail, 'depositVoicemail'],
  ] as const)('leaves no audio of %s that nobody could find and erase', async (_what, request, method) => {
    const away = async () => Promise.reject(new Error('away'));
    const { ask, recordings } = house({ flows: { ...createMemoryFlowStore(), [method]: away } });
    expect(await ask(request)).toMatchObject({ outcome: 'error' });
    expect(recordings.kept.size).toBe(0);
  });

  it('leaves no message without audio when the disk is full', async () => {
    const { ask, flows } = house({ recordings: full() });
    expect(await ask(voicemail)).toMatchObject({ outcome: 'error' });
    expect(await flows.voicemails({ limit: 9 })).toEqual([]);
  });
});

describe('a recording', () => {
  it('that the switch is still ending is waited for', async () => {
    let asked = 0;
    const unavailable = { ok: false, why: 'unavailable', detail: '' } as const;
    const recording = async () => ((asked += 1) < 4 ? unavailable : ({ ok: true, wav: WAV } as const));
    const { ask, recordings } = house({ switchPort: { recording } });
    expect(await ask({ kind: 'keep-recording', recordingId: 'rec-1' })).toMatchObject({
      outcome: 'ok',
      afterMs: 1_500,
    });
    expect(recordings.kept.size).toBe(1);
  });

  it.each(['gone', 'unavailable'] as const)('that is %s cannot be kept', async (why) => {
    const recording = async () => ({ ok: false, why, detail: '' }) as const;
    const answer = await house({ switchPort: { recording } }).ask(voicemail);
    expect(answer.outcome).toBe('error');
    expect(answer.afterMs).toBeLessThan(5_000);
  });
});

it('a fault is logged by its name and code, never by its sentence', () => {
  expect(faultName(Object.assign(new TypeError('secret'), { code: 'E1' }))).toBe('TypeError E1');
  expect(faultName('secret')).toBe('unknown');
});

/** A store whose every method does the same. */
function everyMethod(does: () => Promise<never>): FlowServiceRooms['flows'] {
  return new Proxy(createMemoryFlowStore(), { get: () => does });
}
