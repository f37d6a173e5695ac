import { expect, it } from 'vitest';
import { trunkHeard } from '../../../src/dialer/trunk-health.ts';
import { NO_TRUNKS, PLAIN_CARE, type TrunksState, trunkIn } from '../../../src/dialer/trunk-state.ts';
import { recordOf, withRecord } from '../../../src/engine/trunk-record.ts';

const NUMBER = '+358401234567';
const care = { ...PLAIN_CARE, backOffAfter: 1, deadAfter: 2 };
const north = { name: 'north', lines: 9, cps: 9, routes: [], care };

/** Two calls in a row have failed, and a third one, which was to show whether that is over, is under way. */
function failing(): TrunksState {
  let state = NO_TRUNKS;
  for (const startedAt of [1_000, 2_000]) {
    const news = { type: 'ended', number: NUMBER, startedAt, outcome: 'congestion', sip: 503 } as const;
    state = trunkHeard(north, state, news, startedAt + 500);
  }
  const trunk = trunkIn(state, 'north');
  const dead = trunk.dead && { ...trunk.dead, probeAt: 3_000 };
  return { ...state, trunks: { north: { ...trunk, dead, linesInUse: 4 } } };
}

const written = (state: TrunksState): unknown => JSON.parse(JSON.stringify(recordOf(state, 'north')));

it('keeps what failed and until when it is spared, and neither lines nor the probe of a process that is gone', () => {
  const state = failing();
  const { dead, troubles, streak, streakSince } = trunkIn(state, 'north');
  expect(dead?.failures).toBe(1);
  const read = trunkIn(withRecord(NO_TRUNKS, 'north', written(state)), 'north');
  expect(read).toMatchObject({ streak, streakSince, dead: { ...dead, probeAt: null }, troubles });
  expect(read.linesInUse).toBe(0);
});

it('says the same of a trunk with which nothing has happened, and passes over what it cannot read', () => {
  const alive = { type: 'alive', number: NUMBER, startedAt: 1 } as const;
  const before = JSON.stringify(recordOf(NO_TRUNKS, 'north'));
  expect(JSON.stringify(recordOf(trunkHeard(north, NO_TRUNKS, alive, 2), 'north'))).toBe(before);
  const state = failing();
  for (const record of [undefined, null, 'no', {}, { streak: 'x' }])
    expect(withRecord(state, 'north', record)).toBe(state);
});
