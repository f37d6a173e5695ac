import { expect, test } from 'vitest';
import { useHouse } from './support/live.ts';
import { until } from './support/until.ts';

const house = useHouse({ withWorld: true });

/** In the simulated public network: a person, who talks for a while and hangs up. */
const PERSON = '+358401200016';
const BUSY = '+358401200070';

/** By both links of the carrier: `full`, which answers 503, before `public`. */
const SETTINGS = {
  profile: 'lab',
  name: 'by both',
  trunk: 'both',
  callerId: '+358401234567',
  language: 'en',
  maxLines: 2,
  cps: 10,
  ringMs: 5_000,
  maxAttempts: 1,
  wrapUpMs: 0,
};

test('leads whose first trunk answers 503 are dialled by the second in the same attempt', async () => {
  const { phone, ready, journal, api, world } = house();
  await phone('1005', { answerAfterMs: 100 });
  await phone('1006', { answerAfterMs: 100 });
  await ready('eve', 'finn');
  const since = journal.mark();
  const { campaign } = await api.createCampaign(SETTINGS);
  await api.importLeads(campaign.id, ['number', PERSON, BUSY].join('\n'));
  await api.command(campaign.id, 'start');
  const isFinished = (view: { campaign: { status: string } }) => view.campaign.status === 'finished';
  await until('the campaign to finish', () => api.campaign(campaign.id), isFinished, { withinMs: 30_000 });

  const attempts = await api.attempts(campaign.id);
  const told = attempts.map(({ number, trunk, outcome }) => ({ number, trunk, outcome }));
  expect(told.toSorted((a, b) => a.number.localeCompare(b.number))).toEqual([
    { number: PERSON, trunk: 'public', outcome: 'connected' },
    { number: BUSY, trunk: 'public', outcome: 'busy' },
  ]);
  expect(journal.of('attempt.started', since).map(({ data }) => data.trunk)).toEqual(['full', 'full']);
  const rerouted = journal.of('leg.rerouted', since).map(({ data }) => data);
  expect(rerouted.map(({ from, trunk }) => [from, trunk])).toEqual(Array.from({ length: 2 }, () => ['full', 'public']));
  expect(new Set(rerouted.map(({ attemptId }) => attemptId))).toEqual(new Set(attempts.map(({ id }) => id)));
  // Both links are one carrier's: it saw each number twice, and rang it once.
  expect(world.dialled().toSorted()).toEqual([PERSON, PERSON, BUSY, BUSY]);
  const metrics = await api.metrics();
  for (const [trunk, result] of [
    ['full', 'failed'],
    ['public', 'answered'],
    ['public', 'unanswered'],
  ])
    expect(metrics).toContain(
      `callwright_trunk_dials_total{trunk="${trunk}",result="${result}"} ${result === 'failed' ? 2 : 1}`,
    );
});
