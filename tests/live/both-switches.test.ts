import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { MARK } from '../support/doors.ts';
import { secondSwitch } from '../support/second-switch.ts';
import type { CallerStory } from './support/caller.ts';
import type { House } from './support/house.ts';
import { callOf } from './support/journal.ts';
import { listen } from './support/listener.ts';
import { useHouse } from './support/live.ts';
import { told, type Told } from './support/same-journal.ts';
import { until } from './support/until.ts';

/** In the simulated public network: talks until the other side hangs up, and is busy. */
const [PATIENT, BUSY] = ['+358401200098', '+358401200070'];
const SPEAKS_MS = 2_000;
const WAITS_MS = 1_500;
/** How far a duration may be from the same one on the other switch, ms: the machine is shared, and switches take their time. */
const APART_MS = 1_500;

/** Plays one call, or some that belong together, until all of it has been told. */
type Scene = (house: House, since: number) => Promise<void>;

const ended = ({ journal }: House, since: number, times = 1) => journal.until('call.ended', { since, times });

const SCENES: Readonly<Record<string, Scene>> = {
  'a menu with a wrong key, and an agent who hangs up': async (house, since) => {
    const desk = await house.phone('1003', { answerAfterMs: 300 });
    await house.ready('cleo');
    const keys: CallerStory['keys'] = ['9', '1', '2'].map((digit) => ({ afterMs: 400, digit }));
    await house.call({ to: '500', from: '7001', keys });
    await house.journal.until('call.connected', { since });
    await pause(SPEAKS_MS);
    desk.hangUp();
    await ended(house, since);
  },
  'a queue, a talk, and an agent who hangs up': async (house, since) => {
    const desk = await house.phone('1005', { answerAfterMs: 300, echo: true });
    using listener = await listen(house, '501');
    await house.journal.until('call.queued', { since });
    await pause(WAITS_MS);
    await house.ready('eve');
    await house.journal.until('call.connected', { since });
    listener.speak();
    await pause(SPEAKS_MS);
    desk.hangUp();
    await ended(house, since);
    await recordingsKept(house, since);
    await idle(house, 'eve');
  },
  'a caller who gives up waiting': async (house, since) => {
    const caller = await house.call({ to: '501', from: '7001' });
    await house.journal.until('call.queued', { since });
    await pause(WAITS_MS);
    caller.hangUp();
    await ended(house, since);
  },
  'a voicemail': async (house, since) => {
    using listener = await listen(house, '518');
    await listener.at('leave');
    await listener.quiet(700);
    listener.speak();
    await listener.spoken(SPEAKS_MS);
    listener.hush();
    await listener.press('#');
    await house.journal.until('voicemail.left', { since });
    await ended(house, since);
  },
  'a callback': async (house, since) => {
    const desk = await house.phone('1004', { answerAfterMs: 300 });
    const keys: CallerStory['keys'] = ['1', '1'].map((digit) => ({ afterMs: 2_000, digit }));
    await house.call({ to: '540', from: PATIENT, keys });
    await house.journal.until('callback.requested', { since });
    await ended(house, since);
    await house.ready('dora');
    await house.journal.until('call.connected', { since });
    await pause(SPEAKS_MS);
    desk.hangUp();
    await ended(house, since, 2);
    await idle(house, 'dora');
  },
  'a transfer to a colleague': async (house, since) => {
    await house.phone('1005', { answerAfterMs: 300 });
    await house.phone('1006', { answerAfterMs: 300 });
    const caller = await house.call({ to: '501', from: '7001' });
    // Which comes first, his answer or his agent, is a matter of milliseconds.
    await house.journal.until('call.answered', { since });
    await house.ready('eve');
    await house.journal.until('call.connected', { since });
    await house.ready('finn');
    await house.api.act('eve', 'transfer', { to: { kind: 'agent', agentId: 'finn' }, note: null });
    await house.journal.until('call.transferred', { since });
    await idle(house, 'eve');
    await pause(SPEAKS_MS);
    caller.hangUp();
    await ended(house, since);
    await recordingsKept(house, since);
    await idle(house, 'finn');
  },
  'a caller who is passed on to a phone that is busy': async (house, since) => {
    await house.phone('1001', { refuse: 486 });
    await house.phone('1004', { answerAfterMs: 300 });
    await house.ready('dora');
    const keys: CallerStory['keys'] = ['1', '2', '3', '#'].map((digit) => ({ afterMs: 400, digit }));
    const caller = await house.call({ to: '503', from: '7001', keys });
    await house.journal.until('call.connected', { since });
    await pause(SPEAKS_MS);
    caller.hangUp();
    await ended(house, since);
    await idle(house, 'dora');
  },
  'a campaign call that is answered': (house, since) => campaign(house, since, PATIENT),
  'a campaign call that finds the line busy': (house, since) => campaign(house, since, BUSY),
};

async function campaign(house: House, since: number, number: string): Promise<void> {
  const desk = await house.phone('1005', { answerAfterMs: 300 });
  await house.ready('eve');
  const { campaign: made } = await house.api.createCampaign({
    profile: 'lab',
    name: 'both',
    trunk: 'public',
    callerId: '+358401234567',
    language: 'en',
    maxLines: 1,
    cps: 1,
    ringMs: 8_000,
    maxAttempts: 1,
    wrapUpMs: 0,
  });
  await house.api.importLeads(made.id, `number\n${number}`);
  await house.api.command(made.id, 'start');
  if (number === PATIENT) {
    await house.journal.until('call.connected', { since });
    await pause(SPEAKS_MS);
    desk.hangUp();
  }
  await house.journal.until('attempt.ended', { since });
  const now = () => house.api.campaign(made.id);
  await until('the campaign to finish', now, (seen) => seen.campaign.status === 'finished', { withinMs: 30_000 });
  await idle(house, 'eve');
}

const idle = (house: House, agentId: string) =>
  until(
    `${agentId} to be idle`,
    () => house.api.agent(agentId),
    ({ state }) => state === 'idle',
  );

/** What was begun has been put away. */
async function recordingsKept({ journal }: House, since: number): Promise<void> {
  const times = journal.of('recording.started', since).length;
  if (times > 0) await journal.until('recording.stopped', { since, times });
}

const isMissing = secondSwitch() === null;
const stories = { asterisk: new Map<string, Told>(), freeswitch: new Map<string, Told>() };
const names = Object.keys(SCENES);

describe.skipIf(isMissing)(`the same calls ${MARK.both}, and on Asterisk`, () => {
  describe.each(['asterisk', 'freeswitch'] as const)('on %s', (kind) => {
    const house = useHouse({ on: kind, withWorld: true, pace: 0.3 });
    beforeAll(async () => {
      appendFileSync(join(house().site, 'site/destinations.yaml'), 'numbers: ["+3584012*"]\n');
      await house().api.loadFlows();
    });

    test.each(names)('%s', async (name) => {
      const [since, from] = [house().journal.mark(), Date.now()];
      await SCENES[name]?.(house(), since);
      const calls = new Set(house().journal.of('call.arrived', since).map(callOf));
      expect(calls.size).toBeGreaterThan(0);
      // What was told of the scene before may only be read now.
      const facts = house().journal.all(since);
      stories[kind].set(name, told(facts.filter(({ at }) => at >= from)));
    });
  });

  test.each(names)('the journals of both tell the same of %s', (name) => {
    const [one, other] = [stories.asterisk.get(name), stories.freeswitch.get(name)];
    if (!one || !other) throw new Error('it was not played on both');
    expect(other.facts).toEqual(one.facts);
    const apart = [...one.durations].flatMap(([place, ms]) => {
      const there = other.durations.get(place) ?? Number.NaN;
      return Math.abs(there - ms) <= APART_MS ? [] : [`${place}: ${ms} ms, and ${there} ms on FreeSWITCH`];
    });
    expect(apart).toEqual([]);
  });
});
