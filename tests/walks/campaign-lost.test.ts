import { describe, expect, it } from 'vitest';
import { dayOf } from '../../src/dialer/compliance/ledger.ts';
import { answers, rings } from '../support/fake-party.ts';
import { labProfile, testProfiles } from '../support/lab-profile.ts';
import { agentProfile } from '../support/site.ts';
import { campaignIn } from './campaign-house.ts';
import { WalkHouse } from './house.ts';

const HOUR = 3_600_000;
const NUMBER = '+358401234599';
const cited = <T>(value: T) => ({ value, cite: 'House: for the tests' });

/** Whatever became of it, its rule would dial it at once. */
const AGAIN = { delayMs: 0, max: 5, next: 'same', spread: false } as const;

const lab = labProfile();
const PROFILE = labProfile({
  abandonment: { ...lab.abandonment, connectWithinMs: cited(2_000), countsFrom: cited('pick-up') },
  message: { ...lab.message, startsWithinMs: cited(2_000) },
  lockOut: { ...lab.lockOut, afterAbandonedMs: cited(72 * HOUR) },
});

/** What is lost besides the process: nothing, the call in the live store, or that and each word of the books on how it ended. */
const LOST = ['nothing', 'the live call', 'the live call and the end in the books'] as const;

/** Somebody picks up after three seconds, meets nobody, and hangs up on the message; the process dies at a word to a store. */
async function story(diesIn: number, lost: (typeof LOST)[number]) {
  const house = await new WalkHouse({ profiles: testProfiles(PROFILE), agents: [agentProfile('alice')] }).start();
  house.fake.number(NUMBER, answers(3_000, 6_000));
  house.fake.phone('alice', rings);
  await house.ready('alice');
  const id = await campaignIn(house, [NUMBER], {
    maxAttempts: 5,
    retry: { steps: { abandoned: AGAIN, failed: AGAIN } },
  });
  await house.service.commandCampaign(id, 'start');
  await house.clock.runUntil(() => house.eventsOf('call.answered').length === 1);
  if (lost === 'the live call and the end in the books') house.refuses = 'endAttempt';
  house.diesIn = diesIn;
  await house.clock.advance(9_000);
  const died = house.dead;
  house.kill();
  house.diesIn = 0;
  house.refuses = '';
  const live = house.live.connect();
  if (lost !== 'nothing') for (const { id: callId } of await live.loadCalls()) await live.saveCall(callId, null, []);
  await house.restart();
  await house.service.commandCampaign(id, 'start');
  await house.ready('alice');
  await house.clock.advance(15_000);
  return { house, id, died };
}

async function abandonedIn(house: WalkHouse, id: string): Promise<number> {
  const now = house.clock.now();
  await house.engine.house.evidence.settle();
  const days = await house.history.answeredDays({
    campaignIds: [id],
    rules: PROFILE.abandonment,
    from: now - 24 * HOUR,
    until: now,
  });
  expect(days.every(({ day }) => day === dayOf(now, PROFILE.abandonment.zone.value))).toBe(true);
  return days.filter(({ type }) => type === 'abandoned').reduce((sum, { count }) => sum + count, 0);
}

describe('a person who was abandoned when the process died', () => {
  it.each(LOST)('rests, and counts once, wherever it dies; lost besides: %s', async (lost) => {
    const failures: string[] = [];
    let point = 1;
    for (let died = true; died && point < 40; point += 1) {
      const { house, id, ...told } = await story(point, lost);
      ({ died } = told);
      const dials = await house.history.attempts(id, { limit: 9, before: null });
      const counted = await abandonedIn(house, id);
      const shown = `${dials.map(({ outcome }) => outcome).join(' ')}, counted ${counted}`;
      if (shown !== 'abandoned, counted 1') failures.push(`dies in ${point}: ${shown}`);
    }
    expect(failures).toEqual([]);
    expect(point).toBeGreaterThan(10);
  });

  it('is locked out until the rest is over', async () => {
    const { house, id } = await story(9, 'the live call and the end in the books');
    const [dial] = await house.history.attempts(id, { limit: 9, before: null });
    expect(await house.history.leads(id, { limit: 9, before: null })).toMatchObject([
      { status: 'pending', refused: 'locked-out', notBefore: (dial?.endedAt ?? 0) + 72 * HOUR },
    ]);
  });
});
