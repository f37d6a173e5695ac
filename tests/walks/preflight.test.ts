import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { preflightLines } from '../../src/cli/preflight-lines.ts';
import { detectionPlanSchema } from '../../src/dialer/amd-policy.ts';
import type { CampaignSettings } from '../../src/engine/ports/history.ts';
import type { Preflight } from '../../src/engine/ports/preflight.ts';
import { answers } from '../support/fake-party.ts';
import { labProfile, testProfiles } from '../support/lab-profile.ts';
import { agentProfile } from '../support/site.ts';
import { campaignIn, number, numbers } from './campaign-house.ts';
import { WalkHouse } from './house.ts';

const HOUR_MS = 3_600_000;
const cited = <T>(value: T) => ({ value, cite: 'House: for the tests' });

/** Calls from nine to five on weekdays, a lock-out of a day, three dials a week, and consent for mobile phones. */
const OFFICE = labProfile({
  hours: {
    week: cited(Array.from({ length: 7 }, (_, day) => (day < 5 ? [{ from: 540, to: 1_020 }] : []))),
    holidays: cited('as-any-day'),
    holidayDates: cited([]),
  },
  ring: { minimumMs: cited(15_000) },
  lockOut: {
    afterAbandonedMs: cited(24 * HOUR_MS),
    afterMachineMs: cited(0),
    unlessAgentGuaranteed: cited(false),
  },
  consent: { toAgent: cited('none'), mobileToAgent: cited('express'), agentless: cited('none') },
});

const agents = ['a1', 'a2', 'a3'].map((id) => agentProfile(id));
const open = (lab = OFFICE) => new WalkHouse({ agents, profiles: testProfiles(lab) }).start();

async function looked(house: WalkHouse, id: string): Promise<Preflight> {
  const run = await house.service.preflight.look(id);
  if (!run) throw new Error('no preflight');
  return run.over;
}

/** Landlines: at 09:00 UTC it is eleven in Helsinki and six in the morning in São Paulo. */
const finnish = (index: number) => `+3589123456${index}`;
const brazilian = (index: number) => `+55113123456${index}`;

const campaign = (house: WalkHouse, list: readonly string[], change: Partial<CampaignSettings> = {}) =>
  campaignIn(house, list, { mode: 'predictive', maxLines: 30, ...change });

const list = (count: number, block = 4) =>
  Array.from({ length: count }, (_, index) => `+358912${block}${String(1_000 + index)}`);

/** A profile under which a campaign may listen. */
const listeners = () =>
  labProfile({ ...OFFICE, abandonment: { ...OFFICE.abandonment, countsFrom: cited('greeting-end') } });

const reasons = ({ skipped }: Preflight) => Object.fromEntries(skipped.map(({ reason, leads }) => [reason, leads]));

describe('a preflight', () => {
  it('counts each lead under the rule that forbids its dial, and dials nobody', async () => {
    const house = await open();
    const id = await campaign(house, [...[1, 2, 3, 4].map(finnish), ...[1, 2].map(brazilian), number(1), number(2)]);
    const { dnc } = house.engine.house;
    await dnc.add({ what: { number: finnish(1) }, campaignId: null, reason: 'asked', source: 'agent', by: 'anna' });
    await house.ready('a1', 'a2');
    const seen = await looked(house, id);
    expect(reasons(seen)).toEqual({ dnc: 1, 'calling-hours': 2, consent: 2 });
    expect(seen.leads).toEqual({ all: 8, done: 0, now: 3, later: 2, never: 3 });
    expect(seen.profile).toBe(OFFICE.id);
    // São Paulo opens at 12:00 UTC.
    expect(seen.skipped.find(({ reason }) => reason === 'calling-hours')?.until).toBe(Date.parse('2026-11-23T12:00Z'));
    expect(house.eventsOf('attempt.started')).toEqual([]);
  });

  it('says how many may be dialled in each hour of the week, zone by zone', async () => {
    const house = await open();
    const id = await campaign(house, [finnish(1), finnish(2), brazilian(1)]);
    const { hours, zones } = await looked(house, id);
    expect(hours).toHaveLength(168);
    const at = (time: string) => hours.find((hour) => hour.at === Date.parse(time))?.leads;
    expect(hours[0]).toEqual({ at: Date.parse('2026-11-23T09:00Z'), leads: 2 });
    expect(at('2026-11-23T14:00Z')).toBe(3);
    expect(at('2026-11-23T15:00Z')).toBe(1);
    expect(at('2026-11-23T22:00Z')).toBe(0);
    expect(at('2026-11-24T07:00Z')).toBe(2);
    expect(at('2026-11-28T10:00Z')).toBe(0);
    expect(zones).toContainEqual({ zones: ['Europe/Helsinki'], leads: 2, open: true });
    expect(zones).toContainEqual({ zones: ['America/Sao_Paulo'], leads: 1, open: false });
  });

  it('agrees with what the law then lets be dialled', async () => {
    const house = await open();
    for (let index = 1; index <= 4; index += 1) house.fake.number(finnish(index), answers(2_000, 5_000));
    const list = [...[1, 2, 3, 4].map(finnish), ...[1, 2].map(brazilian), number(1)];
    const id = await campaign(house, list, { maxAttempts: 1 });
    await house.ready('a1', 'a2', 'a3');
    const before = await looked(house, id);
    await house.service.commandCampaign(id, 'start');
    await house.clock.advance(120_000);
    const dialled = new Set(house.eventsOf('attempt.started').map(({ data }) => data.leadId));
    expect(dialled.size).toBe(before.leads.now);
    const after = await looked(house, id);
    // The lead that lacks the consent is done now: it will not come.
    expect(after.leads).toMatchObject({ now: 0, later: 2 });
  });

  it('forecasts what agents will do and when it ends, within the hours', async () => {
    const house = await open();
    const list = Array.from({ length: 300 }, (_, index) => `+35891234${String(1_000 + index)}`);
    const id = await campaign(house, list);
    await house.ready('a1', 'a2', 'a3');
    const { expected, assumptions, at } = await looked(house, id);
    if (!expected) throw new Error('nothing is expected');
    expect(expected.agents).toBe(3);
    expect(expected.dials).toBe(300);
    const { low, middle, high } = expected.finishAt;
    expect([low, middle, high].map((each) => (each ?? 0) > at)).toEqual([true, true, true]);
    expect([low, middle, high]).toEqual([low, middle, high].toSorted((a, b) => (a ?? 0) - (b ?? 0)));
    expect(expected.utilisation?.middle).toBeGreaterThan(0.1);
    expect(expected.abandonment?.high).toBeLessThanOrEqual(0.2);
    expect(assumptions.map(({ from }) => from)).toContain('assumed');
  });

  it('warns in words: nobody with the skills, too few agents and lines, no list', async () => {
    const house = await open();
    const texts = async (id: string) => (await looked(house, id)).warnings;
    const skilled = await campaign(house, [finnish(1)], { require: [{ skill: 'welsh', level: 1 }] });
    expect(await texts(skilled)).toContainEqual({
      blocks: true,
      text: 'No agent has the skills that it asks for: welsh.',
    });
    const few = await texts(await campaign(house, [finnish(1)], { maxLines: 2 }));
    expect(few.map(({ text }) => text).join('\n')).toMatch(
      /None of its 3 agents is ready.*\nWith fewer than 5 agents.*\nAbout \d+ lines would keep 3 agents busy; it may have 2\./u,
    );
    expect(few.every(({ blocks }) => !blocks)).toBe(true);
    expect(await texts(await campaign(house, []))).toContainEqual({
      blocks: true,
      text: 'The campaign has no leads: upload a list.',
    });
  });

  it('says in a sentence why there is no forecast, and what would mend it', async () => {
    const house = await open();
    const said = async (id: string) => {
      const { expected, noForecast } = await looked(house, id);
      expect(expected).toBeNull();
      return noForecast;
    };
    expect(await said(await campaign(house, []))).toBe('There is nobody to dial yet: upload a list.');
    const skilled = await campaign(house, [finnish(1)], { require: [{ skill: 'welsh', level: 1 }] });
    expect(await said(skilled)).toBe(
      'No agent has all the skills that it asks for (welsh), so nobody could be connected: give them to agents, or ask for fewer.',
    );
    const never = await campaign(house, [number(1)]);
    expect(await said(never)).toBe(
      'No lead that is left may ever be dialled, all of them for this: no express consent, which a call by an agent needs where the number may be mobile (`consent` in its list).',
    );
    const closed = OFFICE.hours.week.value.map(() => []);
    const shut = await open({ ...OFFICE, hours: { ...OFFICE.hours, week: cited(closed) } });
    const { noForecast } = await looked(shut, await campaign(shut, [finnish(1)]));
    expect(noForecast).toBe(
      'No lead that is left may ever be dialled, all of them for this: no hour to call where the person is.',
    );
    const ended = await campaign(house, [finnish(2)]);
    await house.service.commandCampaign(ended, 'start');
    await house.service.commandCampaign(ended, 'stop');
    expect(await said(ended)).toBe('The campaign is stopped and dials nobody any more: make a new one.');
  });

  it('forecasts a campaign that listens with its detection, and says what is assumed of it', async () => {
    const house = await open(listeners());
    const id = await campaign(house, list(200), { detect: detectionPlanSchema.parse({}) });
    await house.ready('a1', 'a2', 'a3');
    const { assumptions, expected } = await looked(house, id);
    const of = (what: string) => assumptions.find((each) => each.what === what);
    expect(of('persons kept from agents')).toEqual({
      what: 'persons kept from agents',
      value: '8.2 % of them, as in 24 test calls',
      from: 'assumed',
    });
    expect(of('machines that pick up')?.value).toBe('25.0 % of the dials, if 50.0 % of those who pick up are machines');
    expect(of('after the verdict')?.from).toBe('settings');
    expect(of('charged as abandoned')?.from).toBe('profile');
    expect(expected?.utilisation?.middle).toBeGreaterThan(0.1);
  });

  it('forecasts a preview by how its agents read, from its journal where it has one', async () => {
    const house = await open();
    const id = await campaign(house, list(200), { mode: 'preview' });
    await house.ready('a1', 'a2', 'a3');
    const guessed = await looked(house, id);
    const of = (seen: Preflight, what: string) => seen.assumptions.find((each) => each.what === what);
    expect(of(guessed, 'reading before the dial')?.from).toBe('assumed');
    expect(guessed.expected?.abandonment).toBeNull();
    await house.service.commandCampaign(id, 'start');
    for (let n = 0; n < 15; n += 1) {
      await house.clock.advance(4_000);
      for (const agent of ['a1', 'a2', 'a3']) await house.service.previews.skip(agent, 'later');
    }
    await house.clock.advance(20_000);
    const known = await looked(house, id);
    expect(of(known, 'leads passed over')).toMatchObject({ from: 'this campaign' });
    expect(of(known, 'leads passed over')?.value).toMatch(/^9\d\.\d % of \d\d that were shown$/u);
    expect(of(known, 'reading before the dial')).toMatchObject({ from: 'this campaign' });
    const [before, after] = [guessed, known].map((seen) => seen.expected?.finishAt.middle ?? Infinity);
    expect(after).toBeGreaterThan(before ?? 0);
  });

  it('forecasts an agentless campaign by lines and call starts, without agents', async () => {
    const house = await open();
    const id = await campaign(house, list(400), { mode: 'agentless', flow: 'support', maxLines: 2 });
    const { expected, at } = await looked(house, id);
    expect(expected).toMatchObject({ agents: 0, utilisation: null, abandonment: null });
    const wide = await campaign(house, list(400, 5), { mode: 'agentless', flow: 'support', maxLines: 8 });
    const { expected: sooner } = await looked(house, wide);
    const took = (of: Preflight['expected']) => (of?.finishAt.middle ?? Infinity) - at;
    expect(took(sooner)).toBeLessThan(took(expected) / 2);
    // Lines bound both; where call starts do, lines are idle.
    expect(expected?.byFlow).toMatchObject({ lines: 2, cps: 10 });
    expect(expected?.byFlow?.linesInUse.middle).toBeGreaterThan(1.9);
    expect(sooner?.byFlow?.linesInUse.middle).toBeGreaterThan(7);
    const slow = await campaign(house, list(400, 6), { mode: 'agentless', flow: 'support', maxLines: 30, cps: 0.2 });
    const { byFlow } = (await looked(house, slow)).expected ?? {};
    expect(byFlow?.linesInUse.high).toBeLessThan(12);
    expect(byFlow?.startsPerSecond.high).toBeLessThanOrEqual(0.2);
    expect(byFlow?.startsPerSecond.middle).toBeGreaterThan(0.18);
  });

  it('says no word of agents to who has a flow talk, also where it listens', async () => {
    const house = await open(listeners());
    for (const detect of [null, detectionPlanSchema.parse({ after: { machine: 'hang-up', unsure: 'connect' } })]) {
      const change = { mode: 'agentless', flow: 'support', ...(detect && { detect }) } as const;
      const seen = await looked(house, await campaign(house, list(40, detect ? 7 : 8), change));
      const said = stripVTControlCharacters(preflightLines(seen, 100).join('\n'));
      expect(said).not.toMatch(/agent|abandon|wrap/u);
      expect(said).toMatch(/^ {2}lines in use +\S+ of 30 /mu);
      expect(said).toMatch(/^ {2}call starts per second +\S+ of 10 /mu);
      expect(said).toMatch(/^ {2}done by /mu);
      if (detect) expect(said).toContain('unsure: put to the flow');
    }
  });

  it('tells a rule about the campaign once, and still counts its leads', async () => {
    const lab = labProfile({ message: { ...OFFICE.message, says: cited(['name'] as const) } });
    const house = await open(lab);
    const id = await campaign(house, [finnish(1), finnish(2)]);
    const seen = await looked(house, id);
    expect(seen.leads).toMatchObject({ all: 2, now: 2 });
    expect(seen.warnings[0]).toEqual({
      blocks: true,
      text: 'The campaign has no message for people who get no agent.',
    });
  });

  it('is one for all who ask at once, and reads a long list in pages', async () => {
    const house = await open();
    const id = await campaign(house, numbers(5));
    let pages = 0;
    const openLeads = house.history.openLeads.bind(house.history);
    Object.assign(house.history, {
      openLeads: (...asked: Parameters<typeof openLeads>) => {
        pages += 1;
        return openLeads(...asked);
      },
    });
    const [one, other] = await Promise.all([house.service.preflight.look(id), house.service.preflight.look(id)]);
    expect(one?.state().done).toBe(false);
    expect(await one?.over).toEqual(await other?.over);
    await looked(house, id);
    expect(pages).toBeLessThanOrEqual(2);
    expect(await house.service.preflight.look('campaign-none')).toBeNull();
  });
});
