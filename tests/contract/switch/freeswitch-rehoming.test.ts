import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { LegId } from '../../../src/call/ids.ts';
import type { SwitchCommand, SwitchEvent } from '../../../src/call/switch.ts';
import type { SwitchPort } from '../../../src/engine/ports/switch.ts';
import { ensure } from '../../../src/local/debian.ts';
import { PACKAGES } from '../../../src/local/stack.ts';
import { createFreeswitchSwitch } from '../../../src/switch/freeswitch/switch.ts';
import { systemClock } from '../../../src/system.ts';
import { EslClient } from '../../support/esl-client.ts';
import { describeOnSecondSwitch } from '../../support/second-switch.ts';
import { silent } from '../../support/silent.ts';
import { type FarAsterisk, farAsterisk } from './far-asterisk.ts';
import { farEnd, until } from './far-end.ts';
import { targetOf, unused, unusedNumber } from './world.ts';

/** Voices of the customer, the agent, the supervisor. */
const [CUSTOMER, AGENT, BOSS] = [440, 620, 1_050] as const;
const OK = { ok: true };

describeOnSecondSwitch('legs at two FreeSWITCH servers', ({ drachtio: [edge], freeswitch: [one, two] }) => {
  const folder = mkdtempSync(join(tmpdir(), 'callwright-rehoming-'));
  const events: SwitchEvent[] = [];
  let far!: FarAsterisk;
  let port!: SwitchPort;

  beforeAll(async () => {
    far = await farAsterisk((await ensure({ packages: PACKAGES, env: process.env })).root);
    port = createFreeswitchSwitch({
      drachtios: [`drachtio://:${encodeURIComponent(edge.secret)}@${edge.host}:${edge.port}`],
      freeswitches: [one, two ?? one].map(
        ({ host, port: at, secret }) => `esl://:${encodeURIComponent(secret)}@${host}:${at}`,
      ),
      node: 'rehoming',
      soundsDir: folder,
      spoolDir: folder,
      trunks: new Map([['world', { host: '127.0.0.1', port: far.sipPort }]]),
      phones: { contactOf: async () => null, knows: async () => false },
      newLegId: randomUUID,
      clock: systemClock,
      log: silent,
    });
    if (two) await port.start((event) => events.push(event));
  });
  afterAll(async () => {
    await port.stop();
    await far.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(async () => {
    for (const { legId } of (await port.snapshot())?.legs ?? []) await hangUp(legId);
    for (const { bridgeId } of (await port.snapshot())?.bridges ?? []) await run({ type: 'unbridge', bridgeId });
    await until(async () => (await channels()).join() === '0,0', 'nothing left at either');
  });

  const run = (command: SwitchCommand) => port.do(command);
  const hangUp = (legId: LegId) => run({ type: 'hangup', legId, cause: { q850: 16 } });
  const hasEnded = (legId: LegId) => events.some((event) => event.type === 'leg.ended' && event.legId === legId);
  const channels = () =>
    Promise.all(
      [one, two ?? one].map(async (door) => {
        const client = await EslClient.logIn(door);
        const answer = await client.api('show channels count');
        await client.close();
        return Number.parseInt(answer, 10);
      }),
    );
  /** The emptier server takes it. */
  const talking = async (hz: number) => {
    const [legId, callerId] = [unused('leg'), unusedNumber()];
    const order = { legId, to: targetOf('answer'), callerId, callerName: null, ringMs: 5_000 } as const;
    expect(await run({ type: 'originate', ...order, callId: unused('call') })).toEqual(OK);
    await until(() => events.some((event) => event.type === 'leg.answered' && event.legId === legId), 'an answer');
    const rung = () =>
      far.events.find((event) => event.type === 'StasisStart' && event.channel?.caller.number === callerId);
    await until(() => rung() !== undefined, 'the far end');
    const end = farEnd(far, rung()?.channel?.id ?? '', legId, 'sound');
    await end.speak(hz);
    return end;
  };
  const hears = (end: Awaited<ReturnType<typeof talking>>, ...tones: readonly number[]) =>
    until(async () => (await end.tones()).join() === tones.join(), `${end.legId} to hear ${tones.join() || 'nobody'}`);

  it.skipIf(!two)('are joined at one of them, muted as they were, listened to, and end once', async () => {
    const [customer, agent] = [await talking(CUSTOMER), await talking(AGENT)];
    expect(await channels()).toEqual([1, 1]);
    await run({ type: 'mute', legId: agent.legId, on: true });
    const bridgeId = unused('bridge');
    const asked = performance.now();
    expect(await run({ type: 'bridge', bridgeId, legIds: [customer.legId, agent.legId] })).toEqual(OK);
    expect(performance.now() - asked).toBeLessThan(2_000);
    await hears(agent, CUSTOMER);
    await hears(customer);
    await run({ type: 'mute', legId: agent.legId, on: false });
    await hears(customer, AGENT);
    await until(async () => (await channels()).includes(0), 'both at one');
    const boss = await talking(BOSS);
    expect(await channels()).toContain(1);
    expect(await run({ type: 'monitor', legId: boss.legId, target: agent.legId, mode: 'whisper' })).toEqual(OK);
    await hears(boss, CUSTOMER, AGENT);
    await hears(agent, CUSTOMER, BOSS);
    expect([customer, agent, boss].map(({ legId }) => hasEnded(legId))).toEqual([false, false, false]);
    await agent.hangUp();
    await until(() => hasEnded(agent.legId), 'the end of the agent');
    expect(events.filter((event) => event.type === 'leg.ended' && event.legId === agent.legId)).toHaveLength(1);
  });

  it.skipIf(!two)('follow the target of whoever listens to the other server', async () => {
    const [agent, customer] = [await talking(AGENT), await talking(CUSTOMER)];
    const boss = await talking(BOSS);
    expect(await run({ type: 'monitor', legId: boss.legId, target: agent.legId, mode: 'listen' })).toEqual(OK);
    const bridgeId = unused('bridge');
    expect(await run({ type: 'bridge', bridgeId, legIds: [customer.legId] })).toEqual(OK);
    expect(await run({ type: 'bridge', bridgeId, legIds: [agent.legId] })).toEqual(OK);
    await hears(customer, AGENT);
    await hears(boss, CUSTOMER, AGENT);
  });
});
