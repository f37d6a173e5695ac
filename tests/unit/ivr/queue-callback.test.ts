import { describe, expect, it } from 'vitest';
import { Caller, digits, flowOf, NOON } from './caller.ts';

const OFFER = `
q:
  type: queue
  queue: support
  require: [{ skill: "lang:\${call.language}", level: 3 }]
  offerCallback: { key: "2", whenEstimateOver: 3m, within: 2h }
  outcomes: { answeredEnd: z, timeout: z, full: z, noAgents: z, closed: z, callbackTaken: taken }
z: { type: play, prompt: bye }
taken: { type: play, prompt: taken }`;
const wants = (ani: string | null = '+35850') => new Caller(flowOf(OFFER), { ani }).is({ type: 'callback.wanted' });

describe('queue with a callback', () => {
  it('says by which prompt it is offered, and how late it may be', () => {
    expect(new Caller(flowOf(OFFER)).command('queue').request).toMatchObject({
      offerCallback: { key: '2', prompt: 'callback.offer', whenEstimateOverMs: 180_000, keepPlace: true },
    });
    const own = OFFER.replace('key: "2"', 'key: "2", prompt: mine');
    const flow = flowOf(own, 'prompts: { mine: { tts: { en: "Two", fi: "Kaksi" } } }');
    expect(new Caller(flow).command('queue').request).toMatchObject({ offerCallback: { prompt: 'test.mine' } });
  });

  it('reads the number back and promises to call there', () => {
    const caller = wants();
    expect(caller.hears).toEqual(['en/callback.number', 'en/say.plus', ...digits('35850'), 'en/callback.choice']);
    expect(caller.press('1').command('request').request).toEqual({
      kind: 'callback',
      queue: 'support',
      number: '+35850',
      language: 'en',
      dueBy: NOON + 2 * 3_600_000,
      keepPlace: true,
      require: [],
    });
    expect(caller.answers('taken', 'cb-1').hears).toEqual(['en/callback.taken']);
    expect(caller.facts).toContain(`callback.requested support +35850 ${NOON + 2 * 3_600_000} true`);
    expect(caller.listens().hears).toEqual(['en/taken']);
    expect(caller.facts).toContain('flow.node.left q callbackTaken');
  });

  it('takes another number, and reads that back', () => {
    const caller = wants().press('2');
    expect(caller.hears).toEqual(['en/callback.ask']);
    expect(caller.press('0401234#').hears).toEqual(['en/callback.number', ...digits('0401234'), 'en/callback.choice']);
    expect(caller.facts.join()).not.toContain('0401234');
    expect(caller.press('1').command('request').request).toMatchObject({ number: '0401234' });
  });

  it('asks for a number at once when it knows none', () => {
    expect(wants(null).hears).toEqual(['en/callback.ask']);
    expect(wants('anonymous').hears).toEqual(['en/callback.ask']);
  });

  it.each([
    ['star', (caller: Caller) => caller.press('*')],
    ['star instead of a number', (caller: Caller) => caller.press('2').press('04*')],
    ['silence', (caller: Caller) => silent(caller)],
    ['keys that mean nothing', (caller: Caller) => caller.press('777')],
  ])('leads back to the queue by %s', (_by, done) => {
    const caller = done(wants());
    expect(caller.did).toContain('queue.back');
    expect(caller.at).toBe('q queued');
    expect(Object.keys(caller.state.timers)).toEqual(['limit']);
    expect(caller.is({ type: 'queue.left', outcome: 'timeout' }).hears).toEqual(['en/bye']);
  });

  it('asks for another number when that one may not be called, once', () => {
    const caller = wants().press('1').answers('refused');
    expect(caller.hears).toEqual(['en/callback.refused', 'en/callback.ask']);
    caller.press('0700#').press('1').answers('refused');
    expect(caller.hears).toEqual(['en/callback.none']);
    expect(caller.listens().did).toContain('queue.back');
  });

  it.each(['full', 'error', 'timeout'])('goes back, and says so, when it cannot be taken: %s', (outcome) => {
    const caller = wants().press('1').answers(outcome);
    expect(caller.hears).toEqual(['en/callback.none']);
    expect(caller.listens().at).toBe('q queued');
    expect(caller.facts.join()).not.toContain('callback.requested');
  });

  it('is taken though the caller hangs up at his yes, and nothing is taken when he does before', () => {
    const yes = wants().press('1').leaves();
    expect(yes.at).toBe('q asking');
    expect(yes.answers('taken', 'cb').facts.join()).toContain('callback.requested');
    expect(wants().leaves().facts.at(-2)).toBe('flow.node.left q hangup');
  });

  it('means nothing at a queue without it', () => {
    const outcomes = '{ answeredEnd: z, timeout: z, full: z, noAgents: z, closed: z }';
    const plain = `q: { type: queue, queue: support, outcomes: ${outcomes} }\nz: { type: hangup }`;
    expect(new Caller(flowOf(plain)).is({ type: 'callback.wanted' }).at).toBe('q queued');
  });
});

/** Three prompts, and nothing keyed. */
function silent(caller: Caller): Caller {
  for (let times = 0; times < 3; times += 1) caller.listens().waits();
  return caller;
}
