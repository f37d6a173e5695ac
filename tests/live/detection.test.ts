import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CAUSE } from '../../src/call/cause.ts';
import type { DetectionResult } from '../../src/call/detection.ts';
import type { LegEvent } from '../../src/call/switch.ts';
import { amdBegin, amdStep } from '../../src/dialer/amd.ts';
import type { AmdInput } from '../../src/dialer/amd-hearing.ts';
import { GREETING_DEFAULTS, greetingBegin, greetingStep, playAgain } from '../../src/dialer/amd-greeting.ts';
import { detectionPlanSchema } from '../../src/dialer/amd-policy.ts';
import type { SwitchPort } from '../../src/engine/ports/switch.ts';
import { type Asterisk, startAsterisk } from '../../src/local/asterisk.ts';
import { ensure } from '../../src/local/debian.ts';
import { PACKAGES } from '../../src/local/stack.ts';
import { createAsteriskSwitch } from '../../src/switch/asterisk/switch.ts';
import { createFreeswitchSwitch } from '../../src/switch/freeswitch/switch.ts';
import { systemClock } from '../../src/system.ts';
import { silent } from '../support/silent.ts';
import { holdFreeswitch } from './support/freeswitch-under-test.ts';
import { type Greeter, greeters } from './support/greeters.ts';
import { startSwitch, switchUnderTest, type SwitchUnderTest } from './support/switch-under-test.ts';
import { until } from './support/until.ts';

const AT_ONCE = 8;
const LATE_BEEP_MS = 2_500;
const plan = detectionPlanSchema.parse({});
const folder = mkdtempSync(join(tmpdir(), 'cw-detect-'));
const ARI = { user: 'callwright', password: 'only-on-loopback' };
const DOOR = { node: 'near', soundsDir: folder, clock: systemClock, log: silent };
const listeners = new Map<string, (event: LegEvent) => void>();
let near: SwitchUnderTest;
let far: Asterisk;
let port: SwitchPort;
let people: readonly Greeter[] = [];

beforeAll(async () => {
  const { root } = await ensure({ packages: PACKAGES });
  const made = await greeters(root, join(folder, 'greetings'));
  people = made.people;
  far = await startAsterisk({
    root,
    ports: { sip: 0, http: 0 },
    ari: ARI,
    folder: join(folder, 'far'),
    rtp: { first: 20_000, last: 20_999 },
    dialplans: [made.dialplan],
  });
  [near, port] = switchUnderTest() === 'freeswitch' ? await nearFreeswitch() : await nearAsterisk(root);
  await port.start((event) => 'legId' in event && listeners.get(event.legId)?.(event));
});

async function nearAsterisk(root: string): Promise<[SwitchUnderTest, SwitchPort]> {
  const asterisk = await startSwitch({
    root,
    ports: { sip: 0, http: 0 },
    ari: ARI,
    folder: join(folder, 'near'),
    dialplans: [resolve(import.meta.dirname, '../../dialplans/asterisk/extensions.conf')],
    trunks: [{ name: 'far', ...far.sipAddress }],
  });
  const trunks = new Map([['world', 'far']]);
  return [asterisk, createAsteriskSwitch({ ...DOOR, url: asterisk.url, trunks })];
}

async function nearFreeswitch(): Promise<[SwitchUnderTest, SwitchPort]> {
  const freeswitch = await holdFreeswitch(folder);
  const { DRACHTIO_URL = '', FREESWITCH_URL = '' } = freeswitch.env;
  const door = createFreeswitchSwitch({
    ...DOOR,
    drachtios: [DRACHTIO_URL],
    freeswitches: [FREESWITCH_URL],
    spoolDir: folder,
    newLegId: randomUUID,
    trunks: new Map([['world', far.sipAddress]]),
    phones: { contactOf: async () => null, knows: async () => null },
  });
  return [freeswitch, door];
}

afterAll(async () => {
  await port?.stop();
  await Promise.all([near?.stop(), far?.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

interface Judged {
  readonly who: Greeter['who'];
  readonly result: DetectionResult;
  readonly tookMs: number;
  /** From the end of the beep to where a message would begin, and how often it was begun; null where none would be. */
  readonly message: { readonly afterMs: number; readonly times: number } | null;
}

/** Rings one of them and says what the detection made of it. */
async function call(greeter: Greeter, by: 'switch' | 'own'): Promise<Judged> {
  const { number, who, greetsMs } = greeter;
  const legId = `${by}-${number}`;
  const ended = Promise.withResolvers<void>();
  const judged = Promise.withResolvers<Omit<Judged, 'who'>>();
  const own = ownEar((one) => judged.resolve(one), greetsMs);
  listeners.set(legId, (event) => {
    if (event.type === 'leg.ended') ended.resolve();
    if (event.type === 'leg.answered' && by === 'own') own.begin();
    if (event.type === 'talk.started') own.hear({ type: 'started', at: Date.now() });
    if (event.type === 'talk.stopped') own.hear({ type: 'stopped', at: Date.now(), durationMs: event.durationMs });
    if (event.type === 'leg.detected') judged.resolve({ result: event.result, tookMs: event.tookMs, message: null });
  });
  const detect =
    by === 'own'
      ? ({ kind: 'own', quietMs: plan.own.quietMs } as const)
      : ({ kind: 'switch', settings: plan.switch } as const);
  const to = { kind: 'number', number, trunk: 'world' } as const;
  const order = {
    legId,
    to,
    callerId: '+358400000009',
    callerName: null,
    ringMs: 10_000,
    callId: `call-${legId}`,
    detect,
  };
  expect(await port.do({ type: 'originate', ...order })).toEqual({ ok: true });
  const result = await judged.promise;
  await port.do({ type: 'hangup', legId, cause: CAUSE.normal });
  await ended.promise;
  listeners.delete(legId);
  return { who, ...result };
}

/** Our own classifier and, on a machine, the end of its greeting and a late beep, with the clock as the engine runs it. */
function ownEar(done: (one: Omit<Judged, 'who'>) => void, greetsMs: number) {
  let cancel = () => {};
  let amd = amdBegin(0);
  let greeting: ReturnType<typeof greetingBegin> | null = null;
  let [took, begun, times] = [0, 0, 0];
  const wait = (at: number) => void (cancel = systemClock.at(at, () => hear({ type: 'time' })));
  const say = (now: number) => {
    [begun, times] = [now, times + 1];
    wait(now + LATE_BEEP_MS);
  };
  const saying = (input: AmdInput, now: number) => {
    if (playAgain(begun, times, input)) return say(now);
    if (now < begun + LATE_BEEP_MS) return wait(begun + LATE_BEEP_MS);
    const beepAt = (amd.firstAt ?? 0) + greetsMs;
    return done({ result: 'machine', tookMs: took, message: { afterMs: begun - beepAt, times } });
  };
  const greets = (from: ReturnType<typeof greetingBegin>, input: AmdInput, now: number) => {
    const { state, verdict } = greetingStep(from, input, GREETING_DEFAULTS, now);
    greeting = state;
    return verdict.kind === 'wait' ? wait(verdict.until) : say(now);
  };
  const hear = (input: AmdInput): void => {
    cancel();
    const now = Date.now();
    if (times > 0) return saying(input, now);
    if (greeting) return greets(greeting, input, now);
    const { state, verdict } = amdStep(amd, input, plan.own, now);
    amd = state;
    if (verdict.kind === 'wait') return wait(verdict.until);
    took = verdict.tookMs;
    if (verdict.result !== 'machine') return done({ result: verdict.result, tookMs: took, message: null });
    return greets(greetingBegin(now, amd.soundSince), { type: 'time' }, now);
  };
  const begin = () => {
    amd = amdBegin(Date.now());
    hear({ type: 'time' });
  };
  return { begin, hear };
}

async function all(by: 'switch' | 'own'): Promise<readonly Judged[]> {
  const left = people.toReversed();
  const judged: Judged[] = [];
  const line = async () => {
    for (let next = left.pop(); next; next = left.pop()) judged.push(await call(next, by));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, line));
  return judged;
}

const taken = (judged: readonly Judged[], who: Greeter['who'], result: DetectionResult) =>
  judged.filter((one) => one.who === who && one.result === result).length;

function table(by: string, judged: readonly Judged[]): string {
  const row = (who: Greeter['who']) =>
    `| ${by} | ${who} | ${(['human', 'machine', 'unsure'] as const).map((result) => taken(judged, who, result)).join(' | ')} |`;
  const times = judged
    .filter(({ who }) => who === 'human')
    .map(({ tookMs }) => tookMs)
    .toSorted((a, b) => a - b);
  const messages = judged.flatMap(({ message }) => message ?? []).toSorted((a, b) => a.afterMs - b.afterMs);
  const again = messages.filter((one) => one.times > 1).length;
  const after = messages.map(({ afterMs }) => Math.round(afterMs)).join(', ');
  const shown = after && `; a message would begin ${after} ms after the beep, ${again} of them anew`;
  return `${row('human')}\n${row('machine')}\npersons known after ${times[times.length >> 1]} ms in the middle, ${times.at(-1)} ms at most${shown}\n`;
}

describe('persons and machines with spoken greetings', () => {
  it.each(['switch', 'own'] as const)('are told apart by the %s, and no leg is left', async (by) => {
    const judged = await all(by);
    process.stdout.write(`\n| listens | who | human | machine | unsure |\n|---|---|---|---|---|\n${table(by, judged)}`);
    expect(judged).toHaveLength(people.length);
    expect(judged.length).toBeGreaterThanOrEqual(40);
    // A guard against worse, with room for a busy machine; the figures are in docs/amd.md.
    expect(taken(judged, 'human', 'machine')).toBeLessThanOrEqual(6);
    expect(taken(judged, 'machine', 'human')).toBeLessThanOrEqual(8);
    await until('no channel left', near.channels, (channels) => channels.length === 0);
    expect(await near.bridges()).toEqual([]);
  });
});
