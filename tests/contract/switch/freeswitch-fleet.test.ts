import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LegId } from '../../../src/call/ids.ts';
import type { SwitchEvent } from '../../../src/call/switch.ts';
import type { SwitchPort } from '../../../src/engine/ports/switch.ts';
import { ensure } from '../../../src/local/debian.ts';
import { PACKAGES } from '../../../src/local/stack.ts';
import { createFreeswitchSwitch } from '../../../src/switch/freeswitch/switch.ts';
import { systemClock } from '../../../src/system.ts';
import { EslClient } from '../../support/esl-client.ts';
import { describeOnSecondSwitch } from '../../support/second-switch.ts';
import { silent } from '../../support/silent.ts';
import { type FarAsterisk, farAsterisk } from './far-asterisk.ts';
import { until } from './far-end.ts';
import { tcpProxy } from './tcp-proxy.ts';
import { targetOf, unused, unusedNumber } from './world.ts';

/** What a caller bears in silence, and what we promise: the loss is noticed, he is told, and nobody else is sent there. */
const NOTICED_MS = 3_000;
const TOLD_MS = 7_000;

describeOnSecondSwitch('several FreeSWITCH servers', ({ drachtio: [edge], freeswitch: [media] }) => {
  const folder = mkdtempSync(join(tmpdir(), 'callwright-fleet-'));
  const events: SwitchEvent[] = [];
  const closers: (() => Promise<unknown>)[] = [];
  let far: FarAsterisk;
  let port: SwitchPort;
  let wires: readonly Awaited<ReturnType<typeof tcpProxy>>[] = [];

  beforeAll(async () => {
    far = await farAsterisk((await ensure({ packages: PACKAGES, env: process.env })).root);
    closers.push(() => far.stop());
    // Two wires to one server are two servers, as far as the door can see; each can be cut by itself.
    wires = [await tcpProxy(() => media.port), await tcpProxy(() => media.port)];
    for (const wire of wires) closers.push(() => wire.stop());
    port = createFreeswitchSwitch({
      drachtios: [`drachtio://:${encodeURIComponent(edge.secret)}@127.0.0.1:${edge.port}`],
      freeswitches: wires.map((wire) => `esl://:${encodeURIComponent(media.secret)}@127.0.0.1:${wire.port}`),
      node: 'fleet',
      soundsDir: folder,
      spoolDir: folder,
      trunks: new Map([['world', { host: '127.0.0.1', port: far.sipPort }]]),
      phones: { contactOf: async () => null, knows: async () => false },
      newLegId: randomUUID,
      clock: systemClock,
      log: silent,
    });
    await port.start((event) => events.push(event));
    closers.push(() => port.stop());
  });
  afterAll(async () => {
    for (const close of closers.toReversed()) await close();
    rmSync(folder, { recursive: true, force: true });
  });

  const ring = async (near?: LegId) => {
    const legId = unused('leg');
    const order = { legId, to: targetOf('answer'), callerId: unusedNumber(), callerName: null, ringMs: 5_000 } as const;
    const result = await port.do({ type: 'originate', ...order, callId: unused('call'), ...(near && { near }) });
    return { legId, result };
  };
  const talking = async (near?: LegId) => {
    const { legId, result } = await ring(near);
    expect(result).toEqual({ ok: true });
    await until(() => events.some((one) => one.type === 'leg.answered' && one.legId === legId), 'an answer');
    return legId;
  };
  const hasEnded = (legId: LegId) => events.some((one) => one.type === 'leg.ended' && one.legId === legId);
  const farCalls = async () => ((await far.ask('GET', 'channels')) as readonly unknown[]).length;
  const channels = async () => {
    const client = await EslClient.logIn(media);
    const answer = await client.api('show channels count');
    await client.close();
    return Number.parseInt(answer, 10);
  };

  it('spread the legs, keep those of one call together, and lose only what was at the lost one', async () => {
    const [here, there] = [await talking(), await talking()];
    const beside = await talking(here);
    const lost = performance.now();
    wires[0]?.cut();
    await until(async () => {
      const { legId, result } = await ring(here);
      if (result.ok) await port.do({ type: 'hangup', legId, cause: { q850: 16 } });
      return result.ok && performance.now() - lost > NOTICED_MS / 2;
    }, 'calls go to the other one');
    expect(performance.now() - lost).toBeLessThan(NOTICED_MS);
    expect(events.map(({ type }) => type)).not.toContain('switch.disconnected');
    await until(() => hasEnded(here) && hasEnded(beside), 'those of the lost one are told');
    expect(performance.now() - lost).toBeLessThan(TOLD_MS);
    expect(hasEnded(there)).toBe(false);
    await until(async () => (await farCalls()) === 1, 'a BYE for each');
    wires[0]?.mend();
    await until(async () => (await channels()) === 1, 'nothing left at the one that is back');
    const again = await talking();
    for (const legId of [there, again]) await port.do({ type: 'hangup', legId, cause: { q850: 16 } });
    await until(async () => (await channels()) === 0, 'the end');
  });
});
