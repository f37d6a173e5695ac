import { describe, expect, it } from 'vitest';
import { parseFlow } from '../../src/ivr/load.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { FlowHouse } from './flow-house.ts';

const [CARD, PIN] = ['4111111111111111', '8264'];

const FLOW = `
version: ivr/v1
id: payment
title: Card and PIN
owner: telephony@example.org
dids: ["+358401234567"]
languages: { default: en, supported: [en] }
vars:
  account: { type: string, default: "4711" }
  card: { type: string, sensitive: true }
  last: { type: string, default: "" }
defaults: { onError: sorry, noInput: sorry, invalid: sorry, timeout: sorry }
start: card
nodes:
  card:
    type: collect
    prompt: card
    digits: { min: 16, max: 16 }
    check: luhn
    sensitive: true
    save: card
    outcomes: { ok: charge }
  charge:
    type: lookup
    request: { method: POST, url: "https://pay.example.org/charges", body: { card: "\${card}" } }
    timeout: 3s
    cache: 1h
    outcomes: { ok: pin, notFound: pin, timeout: pin, error: pin }
  pin: { type: pin, account: account, digits: { min: 4, max: 4 }, outcomes: { ok: tell, wrong: tell, locked: tell } }
  tell: { type: emit, event: paid, data: { account: "\${account}" }, next: message }
  message: { type: voicemail, box: support, silence: 3s, outcomes: { done: bye, empty: bye, full: bye } }
  sorry: { type: play, prompt: sorry, next: bye }
  bye: { type: hangup }
`;

function house() {
  const read = parseFlow(FLOW, 'payment.yaml');
  if (!read.ok) throw new Error(read.problems.map(({ line, message }) => `${line}: ${message}`).join('\n'));
  return new FlowHouse('  first: { type: hangup }', {
    flows: new Map([[read.flow.id, read.flow]]),
    routes: [{ number: '+358401234567', flow: 'payment' }],
  }).start();
}

/** All that anybody could read but the snapshot of the call under way: journal, log, metrics, and every view of the API. */
async function readable(walk: FlowHouse): Promise<string> {
  const metrics = createMetrics();
  for (const event of walk.events) metrics.observe(event);
  const { service, engine } = walk;
  const ids = walk.events.map(({ subject }) => subject.replace('call/', ''));
  return [
    walk.traces,
    (await metrics.page()).body.replaceAll(/^(?!callwright_).*$/gm, ''),
    JSON.stringify([
      metrics.flowStats('payment'),
      service.calls(),
      service.flows(),
      await Promise.all([...new Set(ids)].map((id) => service.call(id))),
      await service.callRecords({ limit: 50, before: null }),
      await engine.house.flowDesk.voicemails({ limit: 50 }),
    ]),
  ].join('\n');
}

const leak = new RegExp(`${CARD.slice(0, 8)}|${CARD.slice(-8)}|${PIN}`);

async function pays(walk: FlowHouse, told: string[]) {
  const caller = walk.caller();
  const look = async () => void told.push(await readable(walk));
  await caller.until('hearing', 'en/card');
  caller.press(CARD.slice(0, 9));
  await look();
  caller.press(CARD.slice(9));
  await look();
  await caller.until('hearing', 'pin.ask');
  await look();
  caller.press(PIN.slice(0, 3));
  await look();
  caller.press(PIN.slice(3));
  await walk.clock.advance(1);
  await look();
  await walk.clock.runUntil(() => caller.heard.includes('tone:beep') || walk.service.calls().length === 0, 'the tone');
  caller.say(2_000);
  await caller.until('ended');
  await walk.clock.advance(2_000);
  await look();
}

/** As drivers do: the words of the caller hang on their faults. */
const driverFault = (body: unknown) =>
  Object.assign(new Error('not written'), { code: '23505', detail: JSON.stringify(body), command: { args: [body] } });

describe('a card and a PIN', () => {
  it('are in nothing that anybody could read, at no time of the call, and in no store after it', async () => {
    const walk = await house();
    const told: string[] = [];
    await pays(walk, told);
    expect(walk.eventsOf('pin.checked')).toHaveLength(1);
    expect(walk.web.asked).toMatchObject([{ body: { card: CARD } }]);
    for (const text of told) expect(text).not.toMatch(leak);
    expect(await walk.live.connect().loadCalls()).toEqual([]);
    expect(JSON.stringify([...walk.recordings.kept.keys()])).not.toMatch(leak);
    await walk.expectNoLeaks();
  });

  it('are not either when every store fails with the words of the caller in its fault', async () => {
    const walk = await house();
    walk.live.fault = driverFault;
    for (const method of ['pinHash', 'tryPin', 'depositVoicemail', 'voicemails'] as const) {
      Object.assign(walk.flows, { [method]: () => Promise.reject(driverFault([CARD, PIN])) });
    }
    walk.web.answer = { outcome: 'error', why: 'unreachable' };
    const caller = walk.caller();
    await caller.until('hearing', 'en/card');
    caller.press(CARD);
    await caller.until('hearing', 'pin.ask');
    caller.press(PIN);
    await caller.until('ended');
    expect(walk.logged.join()).toContain('live store away');
    expect(walk.logged.join()).toContain('23505');
    expect(walk.traces).not.toMatch(leak);
  });

  it('are in the snapshot of the call, which crosses a crash, and the PIN only while it is checked', async () => {
    const walk = await house();
    const caller = walk.caller();
    await caller.until('hearing', 'en/card');
    caller.press(CARD);
    await caller.until('hearing', 'pin.ask');
    caller.press(PIN);
    await walk.clock.runUntil(() => walk.eventsOf('pin.checked').length === 1, 'the PIN is checked');
    await walk.clock.advance(1);
    const snapshot = JSON.stringify(await walk.live.connect().loadCalls());
    expect(snapshot).toContain(CARD);
    expect(snapshot).not.toContain(PIN);
  });
});
