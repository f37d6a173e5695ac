import { describe, expect, it } from 'vitest';
import { afterDial, whenOf } from '../../../src/engine/lead-after.ts';
import type { Campaign, Lead } from '../../../src/engine/ports/history.ts';
import { AUTUMN } from '../../support/campaign.ts';
import { labProfile } from '../../support/lab-profile.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const MINUTE = 60_000;
const [ONE, TWO] = ['+358401234501', '+358401234502'];

const campaign: Campaign = {
  ...AUTUMN,
  maxAttempts: 5,
  retryAfterMs: 10 * MINUTE,
  id: 'c1',
  status: 'running',
  createdAt: 0,
};
const lead = (change: Partial<Lead> = {}): Lead => ({
  id: 'lead-1',
  campaignId: 'c1',
  number: ONE,
  name: null,
  fields: {},
  status: 'leased',
  attempts: 1,
  notBefore: 0,
  outcome: null,
  ...change,
});
const busy = [{ number: ONE, startedAt: NOW - MINUTE, outcome: 'busy' }] as const;
const after = (of: Lead | null, dials: Parameters<typeof afterDial>[2] = busy) =>
  afterDial(campaign, of, dials, { profile: null, now: NOW });

describe('a lead after a dial', () => {
  const again = { status: 'pending', notBefore: NOW + 10 * MINUTE, numberIndex: 0 };

  it('is owed the call that was promised to it and did not reach it, by the same agent and with the same patience', () => {
    const due = { callbackAt: NOW - 2 * MINUTE, callbackAgent: 'alice', callbackWaitMs: 5 * MINUTE };
    const callback = { at: again.notBefore, agentId: 'alice', waitMs: 5 * MINUTE };
    expect(after(lead(due))).toEqual({ ...again, callback });
    expect(after(lead({ callbackAt: NOW }))).toEqual({ ...again, callback: { at: again.notBefore, agentId: null } });
  });

  it('keeps a promise whose time has not come out of the retry, so that it stands as it was made', () => {
    expect(after(lead({ callbackAt: NOW + 1, callbackAgent: 'alice' }))).toEqual(again);
    expect(after(lead())).toEqual(again);
  });

  it('is owed nothing when it is done, or nobody knows it any more', () => {
    const talked = [{ ...busy[0], outcome: 'connected' as const }];
    expect(after(lead({ callbackAt: NOW }), talked)).toEqual({ status: 'done' });
    expect(after(null)).toEqual({ status: 'done' });
  });

  it('goes by no number that is dead, and counts a dial of a number that it has no more', () => {
    const number = (each: string, status: 'open' | 'dead' = 'open') => ({
      number: each,
      kind: '',
      attempts: 0,
      status,
    });
    const two = (status: 'open' | 'dead') => lead({ numbers: [number(ONE, status), number(TWO)], numberIndex: 0 });
    expect(after(two('open'))).toMatchObject({ numberIndex: 0 });
    expect(after(two('dead'))).toMatchObject({ numberIndex: 1 });
    const gone = Array.from({ length: 5 }, () => ({ ...busy[0], number: '+358409999999' }));
    expect(after(two('open'), gone)).toEqual({ status: 'done' });
  });
});

it('is dialled at no hour that its profile has closed', () => {
  const week = Array.from({ length: 7 }, () => [{ from: 9 * 60, to: 14 * 60 }]);
  const { hours } = labProfile();
  const open = { hours: { ...hours, week: { ...hours.week, value: week } } };
  // 14:00 in Helsinki, where the number is.
  const { zone, nextAllowed } = whenOf({ number: ONE }, open, NOW);
  expect(zone).toBe('Europe/Helsinki');
  expect(nextAllowed(NOW)).toBe(NOW + 19 * 60 * MINUTE);
  expect(nextAllowed(NOW - 1)).toBe(NOW - 1);
  expect(whenOf({ number: ONE }, null, NOW).nextAllowed(NOW)).toBe(NOW);
});
