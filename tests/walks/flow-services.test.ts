import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { answers } from '../support/fake-party.ts';
import { ALL_PROMPTS, agentProfile, queueProfile } from '../support/site.ts';
import { FlowHouse } from './flow-house.ts';

const open = (nodes: string, ...more: [ConstructorParameters<typeof FlowHouse>[1]?]) =>
  new FlowHouse(nodes, ...more).start();

describe('a caller who is remembered', () => {
  const NODES = `
  first:
    type: language
    options: { "1": en, "2": fi }
    optOut: "9"
    skipIf: { remembered: true }
    next: hello
  hello: { type: play, prompt: greeting, next: bye }`;

  it('chooses the language once', async () => {
    const house = await open(NODES);
    const first = house.caller();
    await first.until('hearing', 'language.choice');
    first.press('2');
    await first.until('hearing', 'fi/greeting');
    await first.until('ended');
    const second = house.caller();
    await second.until('hearing', 'fi/greeting');
    expect(second.heard.join()).not.toContain('language.choice');
    await house.expectNoLeaks();
  });

  it('is asked again after saying that nothing is to be remembered', async () => {
    const house = await open(NODES);
    await house.flows.remember('+358501112223', 'language', 'fi', Infinity);
    expect(await house.flows.forget('+358501112223', 'language')).toBe(1);
    const caller = house.caller();
    await caller.until('hearing', 'language.choice');
    caller.press('9');
    caller.press('2');
    await caller.until('ended');
    expect(await house.flows.recall('+358501112223', 'language', house.clock.now())).toBeNull();
  });

  it('and one who withholds the number is nobody we know', async () => {
    const house = await open(NODES);
    for (let call = 0; call < 2; call += 1) {
      const caller = house.caller(null);
      await caller.until('hearing', 'language.choice');
      caller.press('2');
      await caller.until('ended');
    }
    await house.expectNoLeaks();
  });
});

describe('a PIN', () => {
  const NODES = `
  first: { type: pin, account: account, digits: { min: 4, max: 4 }, outcomes: { ok: inside, wrong: bye, locked: locked, noInput: bye } }
  inside: { type: play, prompt: inside, next: bye }
  locked: { type: play, prompt: locked, next: bye }`;

  async function dial(house: FlowHouse, ...pins: readonly string[]) {
    const caller = house.caller();
    for (const pin of pins) {
      const asked = () => caller.heard.filter((name) => /pin\.(ask|wrong)/.test(name)).length;
      const before = asked();
      await house.clock.runUntil(
        () => asked() > before || caller.hearing?.includes('pin') === true,
        'asked for the PIN',
      );
      caller.press(pin);
      await house.clock.advance(500);
    }
    await caller.until('ended');
    return caller.heard.join(' ');
  }

  it('is locked after five wrong tries over several calls, also for the right one, until its time is over', async () => {
    const house = await open(NODES);
    await house.engine.house.flowDesk.setPin('4711', '8264');
    expect(await dial(house, '8264')).toContain('en/inside');
    expect(await dial(house, '1111', '2222', '3333')).not.toContain('locked');
    expect(await dial(house, '4444', '5555')).toContain('en/locked');
    expect(await dial(house, '8264')).toContain('en/locked');
    await house.clock.advance(15 * 60_000);
    expect(await dial(house, '8264')).toContain('en/inside');
    expect(house.eventsOf('pin.checked').map(({ data }) => data.outcome)).toEqual([
      'ok',
      'wrong',
      'wrong',
      'wrong',
      'wrong',
      'locked',
      'locked',
      'ok',
    ]);
    await house.expectNoLeaks();
  });

  it('is in no event, metric or line of the log, not even when a store hangs it onto its fault', async () => {
    const house = await open(NODES);
    const caller = house.caller();
    await caller.until('hearing', 'pin.ask');
    house.live.fault = (call) => Object.assign(new Error('OOM command not allowed'), { command: { args: [call] } });
    caller.press('739');
    caller.press('1');
    await house.clock.advance(1);
    house.live.fault = null;
    await caller.until('hearing', 'pin.wrong');
    caller.hangUp();
    await house.clock.advance(5_000);
    expect(house.logged.join()).toContain('live store away');
    const metrics = createMetrics();
    for (const event of house.events) metrics.observe(event);
    const { body } = await metrics.page();
    const told = body.split('\n').filter((line) => line.startsWith('callwright_'));
    expect([house.traces, ...told].join('\n')).not.toMatch(/739/);
    expect(house.eventsOf('pin.checked')).toHaveLength(1);
  });
});

describe('a lookup', () => {
  const NODES = `
  first:
    type: lookup
    request: { method: GET, url: "\${env.CRM_URL}/customers/\${call.from}" }
    timeout: 1500ms
    save: { name: $.name }
    outcomes: { ok: known, notFound: stranger, timeout: stranger, error: sorry }
  known: { type: play, prompt: known, next: bye }
  stranger: { type: play, prompt: stranger, next: bye }`;

  it('finds a customer', async () => {
    const house = await open(NODES);
    house.web.answer = { outcome: 'ok', status: 200, body: { name: 'Aino' } };
    const caller = house.caller();
    await caller.until('hearing', 'en/known');
    expect(house.web.asked).toMatchObject([
      { method: 'GET', url: 'https://crm.example.org/customers/%2B358501112223' },
    ]);
  });

  it('that comes to nothing keeps no caller: down, unknown, slow', async () => {
    const house = await open(NODES);
    for (const [answer, heard] of [
      [{ outcome: 'error', why: 'no connection' }, 'en/sorry'],
      [{ outcome: 'notFound' }, 'en/stranger'],
      [null, 'en/stranger'],
    ] as const) {
      house.web.answer = answer;
      const began = house.clock.now();
      const caller = house.caller();
      await caller.until('hearing', heard);
      expect(house.clock.now() - began).toBeLessThan(2_500);
      await caller.until('ended');
    }
    expect(house.left('first')).toEqual(['error', 'notFound', 'timeout']);
  });

  it('is made again by the process that adopts the call', async () => {
    const house = await open(NODES.replace('1500ms', '10s'));
    house.web.answer = null;
    const caller = house.caller();
    await house.clock.runUntil(() => house.web.asked.length === 1, 'asked once');
    house.kill();
    house.web.answer = { outcome: 'ok', status: 200, body: { name: 'Aino' } };
    await house.restart();
    await caller.until('hearing', 'en/known');
    expect(house.web.asked).toHaveLength(2);
    await caller.until('ended');
    await house.expectNoLeaks();
  });
});

describe('a question to the workflow layer', () => {
  const NODES = `
  first:
    type: ask
    question: discount
    timeout: 30s
    answers: [approve, refuse]
    save: { name: $.by }
    outcomes: { approve: yes, refuse: no, timeout: nobody }
  "yes": { type: play, prompt: approved, next: bye }
  "no": { type: play, prompt: refused, next: bye }
  nobody: { type: play, prompt: nobody, next: bye }`;

  async function asking() {
    const house = await open(NODES);
    const caller = house.caller();
    await house.clock.runUntil(() => house.eventsOf('flow.asked').length === 1, 'asked');
    return { house, caller, askId: house.eventsOf('flow.asked')[0]?.data.askId ?? '' };
  }

  it('is answered once, and by one of the answers that the flow lists', async () => {
    const { house, caller, askId } = await asking();
    const { flowDesk } = house.engine.house;
    expect(flowDesk.answerAsk('call-9-r9', 'approve', {})).toMatchObject({ ok: false, why: 'not-found' });
    expect(flowDesk.answerAsk(askId, 'perhaps', {})).toMatchObject({ ok: false, why: 'invalid' });
    expect(flowDesk.answerAsk(askId, 'timeout', {})).toMatchObject({ ok: false, why: 'invalid' });
    expect(flowDesk.answerAsk(askId, 'approve', { by: 'finance' })).toMatchObject({ ok: true });
    expect(flowDesk.answerAsk(askId, 'refuse', {})).toMatchObject({ ok: false, why: 'conflict' });
    await caller.until('hearing', 'en/approved');
    await caller.until('ended');
    expect(flowDesk.answerAsk(askId, 'approve', {})).toMatchObject({ ok: false, why: 'conflict' });
  });

  it('goes on at its deadline, with music until then, and takes no answer afterwards', async () => {
    const { house, caller, askId } = await asking();
    await house.clock.advance(2_000);
    expect(caller.hearing).toBe('music:default');
    await caller.until('hearing', 'en/nobody');
    expect(house.engine.house.flowDesk.answerAsk(askId, 'approve', {})).toMatchObject({ ok: false, why: 'not-found' });
  });

  it('waits on in the process that adopts the call', async () => {
    const { house, caller, askId } = await asking();
    house.kill();
    await house.restart();
    expect(house.engine.house.flowDesk.answerAsk(askId, 'refuse', {})).toMatchObject({ ok: true });
    await caller.until('hearing', 'en/refused');
    await caller.until('ended');
    await house.expectNoLeaks();
  });
});

describe('how a queue stands', () => {
  const NODES = `
  first: { type: metrics, queue: tech, save: { wait: wait, waiting: waiting }, outcomes: { ok: soon, unavailable: unknown } }
  soon: { type: switch, cases: [{ when: "wait > 0", go: later }], else: now }
  now: { type: play, prompt: now, next: wait }
  later: { type: play, prompt: later, next: bye }
  unknown: { type: play, prompt: unknown, next: wait }
  wait: { type: queue, queue: tech, outcomes: { answeredEnd: bye, timeout: bye, full: bye, noAgents: bye, closed: bye } }`;

  it('is known when somebody is free or a talk has ended lately, and not made up before', async () => {
    const house = await open(NODES, { agents: [agentProfile('alice')] });
    await house.caller().until('hearing', 'en/unknown');
    house.fake.phone('alice', answers(1_000, 40_000));
    await house.ready('alice');
    await house.clock.runUntil(() => house.eventsOf('call.disconnected').length === 1, 'a talk is over');
    await house.clock.runUntil(() => house.agent('alice').state === 'idle', 'alice idle');
    const second = house.caller();
    await second.until('hearing', 'en/now');
    await second.until('bridged');
    await house.caller().until('hearing', 'en/later');
  });
});

describe('a call that waits', () => {
  const queueNode = (more: string, others = '') => `
  first:
    type: queue
    queue: tech
    ${more}
    outcomes: { answeredEnd: bye, timeout: bye, full: bye, noAgents: bye, closed: bye }
  ${others}`;

  it('leaves by its exit key, also while a phone rings', async () => {
    const house = await open(queueNode('exitKeys: { "*": out }', 'out: { type: play, prompt: out, next: bye }'));
    const alone = house.caller();
    await alone.until('hearing', 'queue.wait');
    alone.press('5*');
    await alone.until('hearing', 'en/out');
    house.fake.phone('alice', { does: 'ring' });
    await house.ready('alice');
    const ringing = house.caller();
    await house.clock.runUntil(() => house.agent('alice').state === 'ringing', 'alice rings');
    ringing.press('*');
    await ringing.until('hearing', 'en/out');
    expect(house.eventsOf('call.queue.left').map(({ data }) => data.outcome)).toEqual(['exitKey', 'exitKey']);
    expect(house.left('first')).toEqual(['exit *', 'exit *']);
    await house.expectNoLeaks();
    expect(house.agent('alice')).toMatchObject({ status: 'ready', state: 'idle' });
  });

  it('asks for less the longer it waits', async () => {
    // Who could take the call as it first is, is there: otherwise nobody would be waited for.
    const agents = [agentProfile('alice', { skills: { gold: 2 } }), agentProfile('bob', { skills: { gold: 8 } })];
    const relax =
      'require: [{ skill: gold, level: 8 }]\n    relax: [{ after: 12s, require: [{ skill: gold, level: 2 }] }]';
    const house = await open(queueNode(relax), { agents });
    await house.ready('alice');
    await house.service.setAgentStatus('bob', 'not-ready', 'lunch');
    const caller = house.caller();
    await caller.until('bridged');
    const [connected] = house.eventsOf('call.connected');
    // To the moment, and the phone that takes a second to be picked up.
    expect(connected?.data.waitedMs).toBe(13_000);
    caller.hangUp();
    await house.expectNoLeaks();
  });

  it('hears its place and how long it may take, as its flow wants it', async () => {
    const announce = 'announce: { position: always, estimate: range, every: 20s, music: soft }';
    const house = await open(queueNode(announce), {
      agents: [agentProfile('alice')],
      queues: new Map([['tech', queueProfile('tech', { announce: { everyMs: 0, position: false } })]]),
    });
    house.fake.phone('alice', answers(1_000, 240_000));
    await house.ready('alice');
    for (let talks = 0; talks < 5; talks += 1) {
      const told = house.caller();
      await told.until('bridged');
      await told.until('ended');
      await house.clock.runUntil(() => house.agent('alice').state === 'idle', 'alice idle');
    }
    await house.caller().until('bridged');
    const waiting = house.caller();
    await waiting.until('hearing', 'queue.estimate.most');
    await waiting.until('hearing', 'music:soft');
    await waiting.until('hearing', 'queue.position');
    // A ring, four minutes of talk and 5 s of wrap-up for one agent, known from five talks.
    const once = ['queue.position', 'say.number', 'say.n.1', 'queue.estimate.most', 'say.n.7', 'say.minute.other'];
    const words = waiting.heard.filter((name) => !name.startsWith('music:')).join(' ');
    expect(words).toContain(once.map((name) => `file:en/${name}`).join(' '));
    const [said] = house.eventsOf('call.estimate.announced');
    expect(said?.data).toMatchObject({ queue: 'tech', fromMs: 0, toMs: 7 * 60_000, estimateMs: 246_000 });
  });

  it.each([
    ['its own language', true, 'fi'],
    ['the default language of the flow when its own lacks a word', false, 'en'],
  ])('hears all of it in %s', async (_title, complete, voice) => {
    const words = [
      'queue.wait',
      'queue.position',
      'queue.estimate.between',
      'queue.estimate.most',
      ...(complete ? ['queue.estimate.and'] : []),
    ];
    const house = await open(
      `
  first: { type: menu, prompt: choose, keys: { "2": { language: fi, go: wait } }, outcomes: { noInput: bye, invalid: bye } }
  wait: { type: queue, queue: tech, outcomes: { answeredEnd: bye, timeout: bye, full: bye, noAgents: bye, closed: bye } }`,
      { prompts: new Map([...ALL_PROMPTS, ['fi', new Set(words)]]) },
    );
    const caller = house.caller();
    await caller.until('hearing', 'choose');
    caller.press('2');
    await caller.until('hearing', `file:${voice}/queue.wait`);
    await caller.until('hearing', `file:${voice}/queue.position`);
    expect(house.callOf(caller.legId)?.language).toBe('fi');
  });
});
