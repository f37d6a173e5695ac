import { describe, expect, it } from 'vitest';
import type { CampaignSettings } from '../../src/engine/ports/history.ts';
import { AUTUMN } from '../support/campaign.ts';
import { type Behaviour, busy, rings } from '../support/fake-party.ts';
import { flowOfNodes } from '../support/site.ts';
import { number } from './campaign-house.ts';
import { WalkHouse } from './house.ts';

const PLAIN = `
  first: { type: play, prompt: greeting, next: bye }`;
const MINUTE = 60_000;

const LEAD = {
  name: null,
  listId: '',
  priority: 0,
  language: null,
  zone: 'Europe/Helsinki',
  country: null,
  region: null,
  postalCode: null,
  consent: null,
  fields: {},
};

/** Reminders to one person who has two numbers. */
async function person(change: Partial<CampaignSettings>, parties: readonly Behaviour[] = [rings, rings]) {
  const house = await new WalkHouse(flowOfNodes(PLAIN)).start();
  const settings = { ...AUTUMN, mode: 'agentless', flow: 'support', ...change } as const;
  const made = await house.service.createCampaign(settings);
  if (!made.ok) throw new Error(made.sentence);
  const { id } = made.value.campaign;
  const numbers = [0, 1].map((index) => ({ number: number(index), kind: index === 0 ? 'mobile' : 'home' }));
  await house.service.lists.save(id, 'p-1', { ...LEAD, numbers });
  for (const [index, party] of parties.entries()) house.fake.number(number(index), party);
  await house.service.commandCampaign(id, 'start');
  return { house, id };
}

const dials = (house: WalkHouse) =>
  house.eventsOf('attempt.started').map(({ at, data }) => ({ number: data.number, at }));

async function untilDone(house: WalkHouse, id: string): Promise<void> {
  await house.clock.advance(3 * 60 * MINUTE);
  expect((await house.service.campaign(id))?.leads).toEqual({ pending: 0, leased: 0, done: 1 });
}

const EACH = { delayMs: 10 * MINUTE, max: 2, next: 'next', spread: false } as const;

describe('a lead that was not reached', () => {
  it('is dialled again by its next number, after the delay of the outcome, and as often as the rule says', async () => {
    const retry = { maxPerNumber: 2, steps: { 'no-answer': EACH, busy: { ...EACH, delayMs: MINUTE, max: 1 } } };
    const { house, id } = await person({ maxAttempts: 9, retry }, [rings, busy]);
    await untilDone(house, id);
    const made = dials(house);
    expect(made.map((dial) => dial.number)).toEqual([number(0), number(1), number(0)]);
    const [first, second, third] = made.map(({ at }) => at);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(10 * MINUTE);
    expect((second ?? 0) - (first ?? 0)).toBeLessThan(12 * MINUTE);
    expect((third ?? 0) - (second ?? 0)).toBeGreaterThanOrEqual(MINUTE);
    expect((third ?? 0) - (second ?? 0)).toBeLessThan(2 * MINUTE);
    const lead = await house.service.lists.lead(id, 'p-1');
    expect(lead).toMatchObject({ value: { numbers: [{ attempts: 2 }, { attempts: 1 }], attempts: 3 } });
  });

  it('is dialled no more than the campaign allows, whatever the rule', async () => {
    const { house, id } = await person({ maxAttempts: 2, retry: { steps: { 'no-answer': { ...EACH, max: 9 } } } });
    await untilDone(house, id);
    expect(dials(house).map((dial) => dial.number)).toEqual([number(0), number(1)]);
  });

  it('in a campaign that says nothing of it goes on to the next number too', async () => {
    const { house, id } = await person({ maxAttempts: 3, retryAfterMs: MINUTE });
    await untilDone(house, id);
    expect(dials(house).map((dial) => dial.number)).toEqual([number(0), number(1), number(0)]);
  });

  it('is dialled once for each turn, whenever the process dies', async () => {
    // How a dial ended that nobody was there to hear is not always known.
    const once = { ...EACH, delayMs: MINUTE, max: 1 };
    const retry = { steps: { 'no-answer': once, failed: once, cancelled: once, congestion: once } };
    for (let words = 1; words < 25; words += 3) {
      const { house, id } = await person({ maxAttempts: 9, retry });
      await house.clock.runUntil(() => dials(house).length === 1);
      await house.clock.advance(14_000);
      house.diesIn = words;
      await house.clock.advance(30_000);
      house.diesIn = 0;
      house.kill();
      await house.restart();
      await untilDone(house, id);
      expect(
        dials(house).map((dial) => dial.number),
        `dies in ${words}`,
      ).toEqual([number(0), number(1)]);
      const { value } = (await house.service.lists.lead(id, 'p-1')) as { value: { attempts: number } };
      expect(value.attempts).toBe(2);
    }
  });
});
