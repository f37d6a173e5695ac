import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openEar } from './support/ear.ts';
import { useHouse } from './support/live.ts';
import { until } from './support/until.ts';

/** An agentless call whose flow is told to stop, over real SIP and RTP, under a profile that ends the line then. */
const house = useHouse();
const PERSON = '+358401299021';
/** Hanging up takes the switch a moment, and longer when it waits for a core; the words of thanks would go on for seven seconds. */
const AT_ONCE_MS = 1_500;

const FLOW = `version: ivr/v1
id: opts-out
title: A notice with a key to stop it
owner: telephony@example.org
dids: ["2631"]
languages: { default: en, supported: [en] }
defaults: { noInput: end, invalid: end, onError: end }
prompts:
  no-more: { tts: { en: "Thank you. You will not be called again, not today, not tomorrow, and not at any other time. Goodbye." } }
start: notice
nodes:
  notice: { type: menu, prompt: queue.comfort, keys: { "9": stop } }
  stop: { type: dnc, outcomes: { ok: noted, noNumber: end } }
  noted: { type: emit, event: opted-out, next: thanks }
  thanks: { type: play, prompt: no-more, next: end }
  end: { type: hangup }
`;

const PROFILE = `version: 1
title: The line ends with an opt-out
checked: 2026-11-23
extends: eu-default
ring: { minimum: { value: 0s, cite: "House: for the tests" } }
message: { afterOptOut: { value: hang-up, cite: "House: for the tests" } }
hours:
  week: { value: { mon-sun: ["00:00-24:00"] }, cite: "House: for the tests" }
  holidays: { value: as-any-day, cite: "House: for the tests" }
consent: { agentless: { value: none, cite: "House: for the tests" } }
callerId: { answered: { value: false, cite: "House: for the tests" } }
`;

test('who presses the key hears no more, is on the list, and others hear of it', async () => {
  const { phone, site, api, journal } = house();
  writeFileSync(join(site, 'flows/opts-out.yaml'), FLOW);
  writeFileSync(join(site, 'site/profiles/ends.yaml'), PROFILE);
  await api.loadFlows();
  const ear = await openEar();
  await phone('1003', { answerAfterMs: 200, earPort: ear.port });
  const since = journal.mark();
  const { campaign } = await api.createCampaign({
    name: 'Notice',
    mode: 'agentless',
    flow: 'opts-out',
    trunk: 'ear',
    profile: 'ends',
    callerId: '+358401234567',
    language: 'en',
    ringMs: 5_000,
    maxAttempts: 1,
  });
  await api.importLeads(campaign.id, `number\n${PERSON}`);
  await api.command(campaign.id, 'start');
  await until(
    'the notice to begin',
    () => ear.heard(),
    (packets) => packets > 0,
    { everyMs: 10 },
  );
  await ear.press('9');

  const [listed] = await journal.until('dnc.added', { since });
  const [ended] = await journal.until('call.ended', { since });
  await journal.until('attempt.ended', { since, fits: ({ data }) => data.outcome === 'connected' });
  expect(ended.at - listed.at).toBeLessThan(AT_ONCE_MS);
  expect((ear.sounds().at(-1) ?? 0) - listed.at).toBeLessThan(AT_ONCE_MS);
  const [told] = await journal.until('flow.emitted', { since });
  expect(told.data.event).toBe('opted-out');
  ear.close();
});
