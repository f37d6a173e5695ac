import { expect, it } from 'vitest';
import type { Why } from '../../../src/call/why.ts';
import type { JournalEvent } from '../../../src/call/journal.ts';
import { DecisionKeeper } from '../../../src/engine/decision-keeper.ts';
import { createMemoryHistory } from '../../support/memory-history.ts';
import { createMemoryLive } from '../../support/memory-live-store.ts';
import { SimulatedClock } from '../../support/simulated-clock.ts';
import { silent } from '../../support/silent.ts';

const T0 = 1_793_606_400_000;

const why = (callId: string, at: number): Why => ({
  at,
  callId,
  kind: 'call',
  queue: 'support',
  through: 'support',
  agentIds: ['alice'],
  step: 0,
  require: [],
  score: { waited: 1, priority: 0, campaign: 0, share: 0, total: 1 },
  strategy: 'longest-idle',
  rank: 1,
  key: 1,
  candidates: { able: 1, free: 1 },
  lost: [],
  behind: [],
  preferred: null,
});

const assigned = (data: Why): JournalEvent => ({
  type: 'call.assigned',
  data,
  subject: `call/${data.callId}`,
  seq: data.at,
  at: data.at,
});

function house() {
  const clock = new SimulatedClock(T0);
  const history = createMemoryHistory();
  const live = createMemoryLive(() => clock.now()).connect();
  const away = { history: false };
  const guarded = {
    ...history,
    keepDecisions: async (decisions: readonly Why[]) => {
      if (away.history) throw new Error('away');
      await history.keepDecisions(decisions);
    },
  };
  const keeper = () => new DecisionKeeper({ clock, log: silent, live, history: guarded });
  return { clock, history, live, away, keeper };
}

it('writes decisions together, a second later', async () => {
  const { clock, history, keeper } = house();
  const kept = keeper();
  for (const at of [1, 2, 3]) kept.see(assigned(why(`call-${at}`, T0 + at)));
  expect(await history.decisions({ limit: 9 })).toEqual([]);
  await clock.advance(1_000);
  expect(await history.decisions({ limit: 9 })).toHaveLength(3);
});

it('keeps what a database that is away did not take', async () => {
  const { clock, history, away, keeper } = house();
  const kept = keeper();
  away.history = true;
  kept.see(assigned(why('call-1', T0)));
  await clock.advance(1_000);
  kept.see(assigned(why('call-2', T0 + 1)));
  away.history = false;
  await clock.advance(1_000);
  expect(await history.decisions({ limit: 9 })).toHaveLength(2);
});

it('takes from the journal what a process that died had not written', async () => {
  const { history, live, keeper } = house();
  await live.append([assigned(why('call-1', T0)), assigned(why('call-2', T0 + 5))]);
  await history.keepDecisions([why('call-1', T0)]);
  await keeper().catchUp();
  expect((await history.decisions({ limit: 9 })).map(({ callId }) => callId)).toEqual(['call-2', 'call-1']);
});

it('writes what waits when it stops, and forgets what is older than 90 days', async () => {
  const { history, keeper } = house();
  await history.keepDecisions([why('call-0', T0 - 91 * 86_400_000)]);
  const kept = keeper();
  kept.see(assigned(why('call-1', T0)));
  await kept.stop();
  expect((await history.decisions({ limit: 9 })).map(({ callId }) => callId)).toEqual(['call-1']);
});
