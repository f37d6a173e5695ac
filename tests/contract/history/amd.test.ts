import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Screened } from '../../../src/engine/ports/amd.ts';
import type { AttemptWord } from '../../../src/engine/ports/dispositions.ts';
import type { History } from '../../../src/engine/ports/history.ts';
import { AUTUMN } from '../../support/campaign.ts';
import { type Store, STORES } from './stores.ts';

const T = Date.parse('2026-11-23T12:00:00Z');
const CAMPAIGN = 'campaign-heard';

const word = (kind: AttemptWord['kind']): AttemptWord => ({
  disposition: kind,
  kind,
  at: T + 30_000,
  agentId: 'alice',
  by: 'alice',
  values: {},
  counts: [],
  lead: { status: 'done' },
});

describe.each(STORES)('calls that were listened to, in the history: %s', (_name, make) => {
  let store: Store;
  let history: History;
  let made = 0;

  beforeAll(async () => {
    store = await make();
  });
  beforeEach(async () => {
    history = await store.fresh();
    for (const id of [CAMPAIGN, 'campaign-other'])
      await history.createCampaign({ ...AUTUMN, id, status: 'running', createdAt: T });
  });
  afterAll(() => store.stop());

  async function dial(screened: Screened | undefined, said: AttemptWord['kind'] | null, campaignId = CAMPAIGN) {
    const nth = (made += 1);
    const [leadId, id] = [`lead-heard-${nth}`, `attempt-heard-${nth}`];
    const number = `+35840${8_000_000 + nth}`;
    await history.addLeads(campaignId, [{ id: leadId, number, name: null, fields: {} }]);
    const open = { endedAt: null, outcome: null, q850: null, sip: null, agentId: null };
    const attempt = { id, campaignId, leadId, callId: `call-${id}`, number, startedAt: T, ...open };
    await history.startAttempt(attempt, { since: 0, dials: 0 });
    if (said !== null) await history.disposeAttempt(id, word(said));
    const end = { attemptId: id, endedAt: T + 60_000, outcome: 'connected', q850: 16, sip: null } as const;
    const more = screened ? { screened } : {};
    return { ...end, agentId: 'alice', ...more, lead: { status: 'done' as const } };
  }

  it('are counted by what became of them and what agents said they were', async () => {
    const dials: readonly (readonly [Screened | undefined, AttemptWord['kind'] | null])[] = [
      ['kept-out', null],
      ['kept-out', null],
      ['sampled', 'machine'],
      ['sampled', 'machine'],
      ['sampled', 'refusal'],
      ['sampled', null],
      ['passed', 'success'],
      ['passed', 'payment'],
      ['passed', 'machine'],
      ['passed', null],
      [undefined, 'machine'],
    ];
    for (const [screened, said] of dials) expect(await history.endAttempt(await dial(screened, said))).toBe(true);
    await history.endAttempt(await dial('kept-out', null, 'campaign-other'));
    // One that is still talked on.
    await dial('passed', 'machine');
    expect(await history.amdCounts(CAMPAIGN)).toEqual({
      machines: 2,
      sampledPersons: 1,
      sampledMachines: 2,
      passedPersons: 2,
      passedMachines: 1,
    });
  });

  it('are none where nobody listened', async () => {
    const none = { machines: 0, sampledPersons: 0, sampledMachines: 0, passedPersons: 0, passedMachines: 0 };
    expect(await history.amdCounts('campaign-none')).toEqual(none);
    const attempt = await dial('kept-out', null);
    expect(await history.amdCounts(CAMPAIGN)).toEqual(none);
    await history.endAttempt({ ...attempt, screened: null });
    expect(await history.amdCounts(CAMPAIGN)).toEqual(none);
  });
});
