import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { callOf } from './support/journal.ts';
import { openEar } from './support/ear.ts';
import { useHouse } from './support/live.ts';
import { until } from './support/until.ts';

/** A flow towards one person (`POST /v1/calls`) over real SIP: what the person at the other end hears and does is what counts. */
const house = useHouse();

/** A number outside, by a trunk behind which a phone of the tests is. */
const PERSON = '+358401299001';
const NOBODY = '+358401299002';

const REMIND = `version: ivr/v1
id: remind
title: A visit
dids: ["593"]
languages: { default: en, supported: [en] }
vars: { visit: { type: string, default: "" } }
takes: [visit]
prompts: { said: { tts: { en: "You have a visit. One for yes." } } }
start: said
nodes:
  said: { type: menu, prompt: said, keys: { "1": comes }, outcomes: { noInput: end, invalid: end } }
  comes: { type: emit, event: visit, data: { visit: "\${visit}" }, next: end }
  end: { type: hangup }
`;

let token = '';
beforeAll(async () => {
  const { site, api, callwright } = house();
  token = callwright.adminToken ?? '';
  writeFileSync(join(site, 'site/destinations.yaml'), 'numbers: ["+3584012*"]\n');
  writeFileSync(join(site, 'flows/remind.yaml'), REMIND);
  // In force at no time of this day: not in the hour that it is in Finland, nor in the two beside it.
  const lab = readFileSync(join(site, 'site/profiles/lab.yaml'), 'utf8');
  const [from, to] = hourInFinland() < 12 ? ['20:00', '21:00'] : ['03:00', '04:00'];
  writeFileSync(join(site, 'site/profiles/asleep.yaml'), lab.replace('00:00-24:00', `${from}-${to}`));
  await api.loadFlows();
});

const hourInFinland = () =>
  Number(new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Helsinki', hour: '2-digit', hourCycle: 'h23' }).format());

let campaignId = '';
beforeEach(async () => {
  campaignId = await agentless('lab');
});

async function agentless(profile: string): Promise<string> {
  const { api } = house();
  const { campaign } = await api.createCampaign({
    name: `Reminders by ${profile}`,
    mode: 'agentless',
    flow: 'remind',
    takesCalls: true,
    trunk: 'ear',
    profile,
    callerId: '+358401234567',
    language: 'en',
    ringMs: 5_000,
    maxAttempts: 1,
  });
  await api.command(campaign.id, 'start');
  return campaign.id;
}

/** Asks for a call; the answer as it comes. */
async function ask(wish: object, key?: string): Promise<Response> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return fetch(`${house().callwright.apiUrl}/v1/calls`, {
    method: 'POST',
    headers: { ...headers, ...(key !== undefined && { 'idempotency-key': key }) },
    body: JSON.stringify({ campaignId, number: PERSON, reason: 'a visit', zone: 'Europe/Helsinki', ...wish }),
  });
}

const accepted = async (reply: Response) => {
  expect(reply.status, await reply.clone().text()).toBe(202);
  return (await reply.json()) as { callId: string; until: number | null; because: string | null };
};

/** What became of the call with this id. */
const ended = async (callId: string, since: number) =>
  (await house().journal.until('attempt.ended', { since, fits: (event) => callOf(event) === callId }))[0].data;

test('who answers hears the flow, presses a key, and the flow knows what it was told; asked for twice it is one call', async () => {
  const { phone, journal, api } = house();
  const ear = await openEar();
  try {
    const person = await phone('1003', { answerAfterMs: 200, earPort: ear.port });
    const since = journal.mark();
    const first = await ask({ data: { visit: '14:30' } }, 'visit-7');
    const { callId } = await accepted(first);
    const again = await ask({ data: { visit: '14:30' } }, 'visit-7');
    expect([await accepted(again), again.headers.get('idempotency-replayed')]).toMatchObject([{ callId }, 'true']);
    await person.until('answered');
    // More than a click: a fifth of a second of words.
    await until(
      'words to be heard',
      () => ear.heard(),
      (packets) => packets >= 10,
      { everyMs: 10 },
    );
    await ear.press('1');
    const [told] = await journal.until('flow.emitted', { since });
    expect([callOf(told), told.data]).toEqual([callId, expect.objectContaining({ data: { visit: '14:30' } })]);
    await person.until('ended');
    expect(await ended(callId, since)).toMatchObject({ outcome: expect.any(String) });
    expect(journal.of('attempt.started', since)).toHaveLength(1);
    expect(person.count('ringing')).toBe(1);
    expect(await api.record(callId)).toMatchObject({ direction: 'outbound', dnis: PERSON, flow: 'remind', campaignId });
  } finally {
    ear.close();
  }
});

test('who is busy is told as busy, and nothing is said to anybody', async () => {
  const { phone, journal } = house();
  const person = await phone('1003', { refuse: 486 });
  const since = journal.mark();
  const { callId } = await accepted(await ask({}));
  await person.until('refused');
  expect(await ended(callId, since)).toMatchObject({ outcome: 'busy' });
  await journal.until('call.ended', { since, fits: (event) => callOf(event) === callId });
  expect(journal.of('flow.node.entered', since)).toEqual([]);
});

test('who must not be called is not: the answer names the rule, and nobody is rung', async () => {
  const { phone, journal, api } = house();
  const person = await phone('1003', { answerAfterMs: 200 });
  await api.keepFromCalls(NOBODY);
  const since = journal.mark();
  const refused = async (wish: object) => {
    const reply = await ask(wish);
    const { faults } = (await reply.json()) as { faults?: readonly { where: string }[] };
    return [reply.status, faults?.map(({ where }) => where)];
  };
  expect(await refused({ number: NOBODY })).toEqual([422, ['rule.dnc']]);
  expect(await refused({ number: '+358501299003' })).toEqual([422, ['rule.destinations']]);
  const asleep = await agentless('asleep');
  expect(await refused({ campaignId: asleep })).toEqual([422, ['rule.calling-hours']]);
  const told = await journal.until('campaign.call.refused', { since, times: 3 });
  expect(told.map(({ data }) => data.rule)).toEqual(['dnc', 'destinations', 'calling-hours']);
  // Who may wait is told until when, and is not rung before.
  const { callId, until: notBefore } = await accepted(await ask({ campaignId: asleep, wait: true }));
  expect(notBefore).toBeGreaterThan(Date.now());
  const allowed = await accepted(await ask({ reference: 'the one that may' }));
  await person.until('answered');
  expect(journal.of('attempt.started', since).map(callOf)).toEqual([allowed.callId]);
  expect(callId).not.toBe(allowed.callId);
  person.hangUp();
  await ended(allowed.callId, since);
  await api.kill(asleep);
});
