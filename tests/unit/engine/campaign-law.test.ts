import { describe, expect, it } from 'vitest';
import type { DncHit } from '../../../src/dialer/dnc.ts';
import { AGAIN_MS, CampaignLaw, type DialPermit, type LawRooms } from '../../../src/engine/campaign-law.ts';
import { registerImportedAt } from '../../../src/engine/campaign-law-facts.ts';
import type { Campaign, Lead } from '../../../src/engine/ports/history.ts';
import type { PastDial } from '../../../src/engine/ports/law.ts';
import type { ComplianceProfile } from '../../../src/engine/site.ts';
import { AUTUMN } from '../../support/campaign.ts';
import { labProfile, testProfiles } from '../../support/lab-profile.ts';
import { SimulatedClock } from '../../support/simulated-clock.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const cited = <T>(value: T) => ({ value, cite: 'a test' });

const CAMPAIGN: Campaign = { ...AUTUMN, id: 'campaign-1', status: 'running', createdAt: 0 };
const LEAD: Lead = {
  id: 'lead-1',
  campaignId: CAMPAIGN.id,
  number: '+358401234567',
  name: '',
  status: 'leased',
  attempts: 0,
  notBefore: 0,
  outcome: null,
  fields: {},
};

/** Open so many hours of each day, in a profile of one name and version. */
const openFor = (hours: number): ComplianceProfile => {
  const lab = labProfile();
  const week = Array.from({ length: 7 }, () => [{ from: 0, to: hours * 60 }]);
  return { ...lab, hours: { ...lab.hours, week: { value: week, cite: 'a test' } } };
};

const clock = new SimulatedClock();
const lawOf = (own: Partial<LawRooms> = {}): CampaignLaw =>
  new CampaignLaw({
    clock,
    history: { pastDials: async () => [] },
    dnc: { hits: () => [], book: { lists: [] } },
    profiles: testProfiles,
    prompts: () => new Map(),
    routes: () => [],
    ...own,
  });
/** The books, which give of a number what they are asked for and no more. */
const books = (...dials: readonly PastDial[]): LawRooms['history'] => ({
  pastDials: async (numbers, since) =>
    dials.filter(({ number, startedAt, endedAt }) => numbers.includes(number) && (startedAt >= since || !endedAt)),
});
const dialled = async () => 'dialled';
const ago = (ms: number) => clock.now() - ms;
const dial = (change: Partial<PastDial>): PastDial => ({
  number: LEAD.number,
  startedAt: ago(HOUR),
  endedAt: ago(HOUR),
  outcome: 'no-answer',
  ...change,
});

it('asks the hours that are in force, also when a profile was read anew under the same version', async () => {
  let profile = openFor(24);
  const law = lawOf({ profiles: () => new Map([[profile.name, profile]]) });
  const ask = () => law.ask(CAMPAIGN, LEAD, dialled);
  expect(await ask()).toEqual({ allowed: true, value: 'dialled' });
  profile = openFor(1);
  expect(await ask()).toMatchObject({ allowed: false, refusal: { rule: 'calling-hours' } });
});

describe('what the law looks back at', () => {
  const under = (change: Partial<ComplianceProfile>, ...dials: readonly PastDial[]) =>
    lawOf({ history: books(...dials), profiles: () => testProfiles(labProfile(change)) }).ask(CAMPAIGN, LEAD, dialled);

  it('is as long as the longest cap, though no lock-out is', async () => {
    const caps = { caps: cited([{ most: 1, withinMs: 30 * DAY }]) };
    const old = dial({ startedAt: ago(29 * DAY), endedAt: ago(29 * DAY) });
    expect(await under({ attempts: caps }, old)).toMatchObject({ refusal: { rule: 'attempts-cap' } });
    expect(await under({ attempts: caps }, { ...old, startedAt: ago(30 * DAY) })).toMatchObject({ allowed: true });
  });

  it('reaches a dial that began before the lock-out’s time, and was abandoned within it', async () => {
    const lockOut = { ...labProfile().lockOut, afterAbandonedMs: cited(72 * HOUR) };
    const late = dial({ startedAt: ago(72 * HOUR + 60_000), endedAt: ago(72 * HOUR - 1_000), outcome: 'abandoned' });
    const until = clock.now() + 1_000;
    expect(await under({ lockOut }, late)).toMatchObject({ refusal: { rule: 'locked-out', until } });
    expect(await under({ lockOut }, { ...late, endedAt: ago(72 * HOUR) })).toMatchObject({ allowed: true });
  });

  it.each(['machine', 'message-left', 'fax', 'silent'] as const)(
    'rests after %s, as after any machine',
    async (outcome) => {
      const lockOut = { ...labProfile().lockOut, afterMachineMs: cited(24 * HOUR) };
      const until = clock.now() + 23 * HOUR;
      expect(await under({ lockOut }, dial({ outcome }))).toMatchObject({ refusal: { rule: 'locked-out', until } });
      expect(await under({ lockOut }, dial({}))).toMatchObject({ allowed: true });
    },
  );

  it('rests from the last of several times', async () => {
    const lockOut = { ...labProfile().lockOut, afterAbandonedMs: cited(72 * HOUR) };
    const twice = [
      dial({ startedAt: ago(100 * HOUR), endedAt: ago(70 * HOUR), outcome: 'abandoned' }),
      dial({ outcome: 'abandoned' }),
    ];
    expect(await under({ lockOut }, ...twice)).toMatchObject({ refusal: { until: clock.now() + 71 * HOUR } });
  });
});

describe('a number that somebody dials at this moment', () => {
  it('is asked about again later when any campaign of any process talks with it', async () => {
    const law = lawOf({ history: books(dial({ startedAt: ago(2 * HOUR), endedAt: null, outcome: null })) });
    expect(await law.ask(CAMPAIGN, LEAD, dialled)).toMatchObject({
      sentence: 'The number is in a call.',
      refusal: { rule: 'lead-not-open', until: clock.now() + AGAIN_MS },
    });
  });

  it('is asked about once at a time, and again when that dial has begun or was not made', async () => {
    const law = lawOf();
    const other = { ...CAMPAIGN, id: 'campaign-2' };
    const meanwhile: unknown[] = [];
    const first = await law.ask(CAMPAIGN, LEAD, async () => {
      meanwhile.push(await law.ask(other, LEAD, dialled));
      return 'begun';
    });
    expect(first).toEqual({ allowed: true, value: 'begun' });
    expect(meanwhile).toMatchObject([{ refusal: { rule: 'lead-not-open', until: clock.now() + AGAIN_MS } }]);
    const breaks = law.ask(CAMPAIGN, LEAD, async () => {
      throw new Error('the store is away');
    });
    await expect(breaks).rejects.toThrow('the store is away');
    expect(await law.ask(other, LEAD, dialled)).toMatchObject({ allowed: true });
  });

  it('counts for the write by its own dials alone', async () => {
    const numbers = [LEAD.number, '+358401234568'].map((number) => ({
      number,
      kind: '',
      status: 'open' as const,
      attempts: 0,
    }));
    const history = books(dial({}), dial({ number: '+358401234568' }), dial({ number: '+358401234568' }));
    const seen = await lawOf({ history }).ask(CAMPAIGN, { ...LEAD, numbers }, async (permit) => permit.seen.dials);
    expect(seen).toEqual({ allowed: true, value: 1 });
  });
});

describe('a permit', () => {
  const hit = (kind: DncHit['kind'], name = 'asked', campaignId: string | null = null): DncHit => ({
    kind,
    name,
    id: '1',
    campaignId,
    since: 0,
    reason: null,
    source: null,
  });

  const permitOf = async (law: CampaignLaw): Promise<DialPermit> => {
    const asked = await law.ask(CAMPAIGN, LEAD, async (permit) => permit);
    if (!asked.allowed) throw new Error(asked.sentence);
    return asked.value;
  };

  it('holds no more once a list has the number', async () => {
    const hits: DncHit[] = [];
    const { holds } = await permitOf(lawOf({ dnc: { hits: () => hits, book: { lists: [] } } }));
    expect(holds()).toBe(true);
    hits.push(hit('number'));
    expect(holds()).toBe(false);
  });

  it('holds no more once the hour is over', async () => {
    const own = new SimulatedClock();
    const { hour, minute } = Temporal.Instant.fromEpochMilliseconds(own.now()).toZonedDateTimeISO('Europe/Helsinki');
    const profile = openFor(hour + (minute + 1) / 60);
    const { holds } = await permitOf(lawOf({ clock: own, profiles: () => testProfiles(profile) }));
    await own.advance(59_000);
    expect(holds()).toBe(true);
    await own.advance(1_000);
    expect(holds()).toBe(false);
  });

  it('is refused for good by a list, and for a while by one that could not be read', async () => {
    const ask = (...hits: readonly DncHit[]) =>
      lawOf({ dnc: { hits: () => hits, book: { lists: [] } } }).ask(CAMPAIGN, LEAD, dialled);
    expect(await ask(hit('unread'))).toMatchObject({ refusal: { rule: 'dnc', until: clock.now() + AGAIN_MS } });
    expect(await ask(hit('not-ready'))).toMatchObject({ refusal: { rule: 'dnc', until: clock.now() + AGAIN_MS } });
    expect(await ask(hit('unread'), hit('prefix'))).toMatchObject({ refusal: { rule: 'dnc', until: null } });
  });

  it('is given by consent above the country’s register, and above no list of a campaign that has its name', async () => {
    const consented = { ...LEAD, consent: 'written' };
    const ask = (found: DncHit) =>
      lawOf({ dnc: { hits: () => [found], book: { lists: [] } } }).ask(CAMPAIGN, consented, dialled);
    expect(await ask(hit('list', ' National Register '))).toMatchObject({ allowed: true });
    expect(await ask(hit('list', 'national register', CAMPAIGN.id))).toMatchObject({ refusal: { rule: 'dnc' } });
    expect(await ask(hit('number', 'national register'))).toMatchObject({ refusal: { rule: 'dnc' } });
  });
});

it('takes for the country’s register the newest list of that name that is for all campaigns and was imported', () => {
  const list = (name: string, since: number | null, campaignId: string | null = null) => ({
    id: `${name} ${since}`,
    name,
    campaignId,
    since,
    numbers: null,
  });
  const lists = [list('National register', 5), list('national register', 7), list('Others', 8)];
  expect(registerImportedAt(lists)).toBe(7);
  expect(registerImportedAt([list('National register', 9, 'campaign-1'), list('National register', null)])).toBeNull();
});

describe('what is said to people has sound', () => {
  const faultOf = (change: Partial<Campaign>, ...sounds: readonly string[]) =>
    lawOf({ prompts: () => new Map([['en', new Set(sounds)]]) }).fault({ ...AUTUMN, ...change });
  const message = { prompt: 'autumn.sorry', says: ['name', 'number', 'purpose'], marketing: false } as const;
  const missing = (prompt: string) =>
    `There is no prompt '${prompt}' in language en: add it to sounds/en/prompts.yaml.`;

  it.each(['progressive', 'power', 'predictive'] as const)(
    'of %s: who finds no agent is not met by silence',
    (mode) => {
      expect(faultOf({ mode })).toBe(missing('campaign.abandoned'));
      expect(faultOf({ mode }, 'campaign.abandoned')).toBeNull();
      expect(faultOf({ mode, message }, 'campaign.abandoned')).toBe(missing('autumn.sorry'));
      expect(faultOf({ mode, message }, 'autumn.sorry')).toBeNull();
    },
  );

  it('a profile that asks for a key to opt out asks for the words that tell of it', () => {
    const asks = { profile: 'eu-default', message, ringMs: 15_000 };
    expect(faultOf(asks, 'autumn.sorry')).toBe(missing('campaign.opt-out'));
    expect(faultOf(asks, 'autumn.sorry', 'campaign.opt-out')).toBeNull();
    expect(faultOf({ ...asks, profile: 'us-ftc' }, 'autumn.sorry')).toBeNull();
  });

  it.each(['preview', 'agentless'] as const)('of %s, where nobody can be abandoned, nothing is asked for', (mode) => {
    expect(faultOf({ mode, profile: 'eu-default' })).toBeNull();
  });
});
