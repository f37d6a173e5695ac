import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { CampaignSettings } from '../../src/engine/ports/history.ts';
import { useHouse } from './support/live.ts';
import { until } from './support/until.ts';

/** The law over real SIP: what the carrier saw is what counts. */
const house = useHouse({ withWorld: true, pace: 0.3 });

const HOUR = 3_600_000;
/** Clocks of the test and of Callwright's books may differ by this. */
const NEARLY_MS = 2_000;

const ZONES = { fi: 'Europe/Helsinki', us: 'America/New_York' } as const;
type Place = keyof typeof ZONES;

/** What happens at a number is in its last two digits; see src/local/behaviour.ts. */
const numberIn = (place: Place, nth: number, last: string) =>
  place === 'fi' ? `+3584012${String(nth).padStart(3, '0')}${last}` : `+1212555${String(nth).padStart(2, '0')}${last}`;

const hourIn = (place: Place, at = Date.now()) =>
  Number(new Intl.DateTimeFormat('en-GB', { timeZone: ZONES[place], hour: '2-digit', hourCycle: 'h23' }).format(at));

/** Where it is neither night nor the hour before midnight, so that hours around now need no midnight; the other is hours away. */
const [OPEN, CLOSED]: readonly [Place, Place] = hourIn('fi') >= 3 && hourIn('fi') <= 20 ? ['fi', 'us'] : ['us', 'fi'];
const clock = (hour: number) => `${String(hour).padStart(2, '0')}:00`;
const AROUND_NOW = [hourIn(OPEN) - 2, hourIn(OPEN) + 3] as const;
const ALL_DAY = [0, 24] as const;
const ELSEWHEN = hourIn(OPEN) < 12 ? ([21, 22] as const) : ([1, 2] as const);

interface Law {
  readonly hours?: readonly [number, number];
  readonly caps?: string;
  readonly rests?: string;
}

/** In force for whatever is dialled from here on. */
async function lawIs({ hours = ALL_DAY, caps = '[]', rests = '0s' }: Law): Promise<void> {
  const { site, api } = house();
  const of = (value: string) => `{ value: ${value}, cite: "House: for the tests" }`;
  const text = `version: 1
title: The law of a test
checked: 2026-11-22
extends: eu-default
abandonment:
  limits: ${of('[{ cap: 100%, window: campaign }]')}
ring: { minimum: ${of('0s')} }
message: { says: ${of('[]')}, optOutKey: ${of('false')} }
lockOut: { afterAbandoned: ${of(rests)}, afterMachine: ${of('0s')} }
hours:
  week: ${of(`{ mon-sun: ["${clock(hours[0])}-${clock(hours[1])}"] }`)}
  holidays: ${of('as-any-day')}
  holidayDates: ${of('[]')}
attempts: { caps: ${of(caps)} }
consent: { toAgent: ${of('none')}, mobileToAgent: ${of('none')}, agentless: ${of('none')} }
callerId: { answered: ${of('false')} }
`;
  writeFileSync(join(site, 'site/profiles/law.yaml'), text);
  await api.loadFlows();
}

const SETTINGS: Partial<CampaignSettings> = {
  mode: 'agentless',
  flow: 'house',
  trunk: 'wide',
  profile: 'law',
  callerId: '+358401234567',
  language: 'en',
  cps: 20,
  ringMs: 5_000,
  maxAttempts: 5,
  retryAfterMs: 500,
};

async function start(name: string, numbers: readonly string[], change: Partial<CampaignSettings> = {}) {
  const { api } = house();
  const { campaign } = await api.createCampaign({ ...SETTINGS, ...change, name });
  expect(await api.importLeads(campaign.id, ['number', ...numbers].join('\n'))).toMatchObject({
    added: numbers.length,
  });
  await api.command(campaign.id, 'start');
  return campaign.id;
}

const refusedFor = async (rule: string, campaignId: string) =>
  (
    await house().journal.until('attempt.refused', {
      fits: ({ data }) => data.rule === rule && data.campaignId === campaignId,
    })
  )[0];
const startsOf = (number: string) =>
  house()
    .journal.of('attempt.started')
    .filter(({ data }) => data.number === number);
const rung = (number: string) =>
  house()
    .world.dialled()
    .filter((each) => each === number).length;

afterEach(async () => {
  const { api } = house();
  for (const { campaign } of await api.campaigns()) await api.kill(campaign.id);
  await until(
    'the last calls to end',
    () => api.calls(),
    (calls) => calls.length === 0,
    { withinMs: 30_000 },
  );
}, 40_000);

test('hours: who is at home while it is day is dialled, who sleeps is not, and nobody once the hours are over', async () => {
  const { api, journal } = house();
  await lawIs({ hours: AROUND_NOW });
  const [awake, asleep, late] = [numberIn(OPEN, 1, '94'), numberIn(CLOSED, 1, '94'), numberIn(OPEN, 2, '94')];
  const id = await start('hours', [asleep, awake]);
  const { data } = await refusedFor('calling-hours', id);
  await journal.until('attempt.ended', { fits: (event) => event.data.campaignId === id });
  expect(hourIn(CLOSED, data.until ?? 0)).toBe(AROUND_NOW[0]);
  expect(data.until).toBeGreaterThan(Date.now());
  await lawIs({ hours: ELSEWHEN });
  await api.importLeads(id, `number\n${late}`);
  await journal.until('attempt.refused', {
    fits: ({ data: { until: at } }) => at !== null && hourIn(OPEN, at) === ELSEWHEN[0],
  });
  expect([awake, asleep, late].map(rung)).toEqual([1, 0, 0]);
});

test('caps: two dials in 24 hours by all campaigns together, and the third waits until the first is a day old', async () => {
  await lawIs({ caps: '[{ most: 2, within: 24h }]' });
  const number = numberIn('fi', 3, '70'); // busy
  const one = await start('cap one', [number]);
  const { data } = await refusedFor('attempts-cap', one);
  const two = await start('cap two', [number]);
  const other = await refusedFor('attempts-cap', two);
  const [first] = startsOf(number);
  for (const at of [data.until, other.data.until]) {
    expect(Math.abs((at ?? 0) - (first?.at ?? 0) - 24 * HOUR)).toBeLessThan(NEARLY_MS);
  }
  expect(rung(number)).toBe(2);
});

test('lock-out: who met nobody hears the message to its end, and rests three days from every campaign', async () => {
  const { phone, ready, journal, api } = house();
  await lawIs({ rests: '72h' });
  await phone('1005', { answerAfterMs: 60_000 });
  await ready('eve');
  const number = numberIn('fi', 4, '98'); // stays on the line
  const toAgents = { mode: 'progressive', retryAfterMs: 0 } as const;
  const id = await start('lock one', [number], { ...toAgents, connectDeadlineMs: 2_000 });
  const of = ({ data }: { readonly data: { readonly campaignId: string } }) => data.campaignId === id;
  const [said] = await journal.until('attempt.apologised', { fits: of, withinMs: 30_000 });
  const [ended] = await journal.until('attempt.ended', { fits: of });
  expect([said.data.whole, ended.data.outcome]).toEqual([true, 'abandoned']);
  const { data } = await refusedFor('locked-out', await start('lock two', [number]));
  expect(Math.abs((data.until ?? 0) - ended.at - 72 * HOUR)).toBeLessThan(NEARLY_MS);
  expect(rung(number)).toBe(1);
  expect((await api.campaign(id)).outcomes).toEqual({ abandoned: 1 });
});

test('retries by outcome: busy twice and then the next number, which answers; nobody at home and no such number never again', async () => {
  const { api, journal } = house();
  await lawIs({});
  const [busy, person] = [numberIn('fi', 5, '70'), numberIn('fi', 6, '00')];
  const [out, none] = [numberIn('fi', 7, '80'), numberIn('fi', 8, '94')];
  const steps = {
    busy: { delayMs: 700, max: 2, next: 'same', spread: false },
    'no-answer': null,
    'invalid-number': null,
  } as const;
  const { campaign } = await api.createCampaign({ ...SETTINGS, name: 'retries', retry: { maxPerNumber: 5, steps } });
  const map = {
    numbers: [
      { column: 'first', kind: '' },
      { column: 'second', kind: '' },
    ],
  };
  const rows = ['first,second', `${busy},${person}`, `${out},`, `${none},`].join('\n');
  expect(await api.importLeads(campaign.id, rows, map)).toMatchObject({ added: 3, rejected: 0 });
  await api.command(campaign.id, 'start');
  await journal.until('campaign.changed', {
    fits: ({ data }) => data.campaignId === campaign.id && data.status === 'finished',
    withinMs: 40_000,
  });
  const story = (await api.attempts(campaign.id)).toReversed().map(({ number, outcome }) => [number, outcome]);
  expect(story.filter(([number]) => number === busy || number === person)).toEqual([
    [busy, 'busy'],
    [busy, 'busy'],
    [person, 'connected'],
  ]);
  expect(story).toContainEqual([out, 'no-answer']);
  expect(story).toContainEqual([none, 'invalid-number']);
  expect(story).toHaveLength(5);
  const [first, second] = startsOf(busy);
  expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(700);
  expect([busy, person, out, none].map(rung)).toEqual([2, 1, 1, 1]);
});
