import { describe, expect, it } from 'vitest';
import { VERDICTS } from '../../../src/call/cause.ts';
import {
  ATTEMPT_PHASES,
  type AttemptInput,
  type AttemptOutcome,
  type AttemptPhase,
  afterAttempt,
  attemptStep,
  outcomeOf,
} from '../../../src/dialer/attempt.ts';
import { type CampaignCommand, type CampaignStatus, campaignStep } from '../../../src/dialer/campaign.ts';

describe('the campaign machine', () => {
  const TABLE: Record<CampaignStatus, Record<CampaignCommand, CampaignStatus | 'refused'>> = {
    draft: { start: 'running', pause: 'refused', stop: 'stopped', finish: 'refused' },
    running: { start: 'refused', pause: 'paused', stop: 'stopped', finish: 'finished' },
    paused: { start: 'running', pause: 'refused', stop: 'stopped', finish: 'refused' },
    stopped: { start: 'refused', pause: 'refused', stop: 'refused', finish: 'refused' },
    finished: { start: 'running', pause: 'refused', stop: 'stopped', finish: 'refused' },
  };
  const pairs = Object.entries(TABLE).flatMap(([status, row]) =>
    Object.entries(row).map(([command, next]) => [status, command, next] as const),
  );

  it.each(pairs)('%s on %s: %s', (status, command, next) => {
    const step = campaignStep(status as CampaignStatus, command as CampaignCommand);
    if (next === 'refused') expect(step).toEqual({ ok: false, sentence: expect.stringMatching(/^The campaign .+\.$/) });
    else expect(step).toEqual({ ok: true, status: next });
  });
});

describe('the attempt machine', () => {
  const TABLE: Record<AttemptPhase, Record<AttemptInput, AttemptPhase>> = {
    dialing: { ringing: 'ringing', answered: 'waiting', connected: 'dialing', deadline: 'dialing', ended: 'over' },
    ringing: { ringing: 'ringing', answered: 'waiting', connected: 'ringing', deadline: 'ringing', ended: 'over' },
    waiting: { ringing: 'waiting', answered: 'waiting', connected: 'talking', deadline: 'abandoned', ended: 'over' },
    talking: { ringing: 'talking', answered: 'talking', connected: 'talking', deadline: 'talking', ended: 'over' },
    abandoned: {
      ringing: 'abandoned',
      answered: 'abandoned',
      connected: 'abandoned',
      deadline: 'abandoned',
      ended: 'over',
    },
    over: { ringing: 'over', answered: 'over', connected: 'over', deadline: 'over', ended: 'over' },
  };
  const pairs = Object.entries(TABLE).flatMap(([phase, row]) =>
    Object.entries(row).map(([input, next]) => [phase, input, next] as const),
  );

  it.each(pairs)('%s on %s: %s', (phase, input, next) => {
    expect(attemptStep(phase as AttemptPhase, input as AttemptInput)).toBe(next);
  });

  it('gives every phase and verdict one outcome', () => {
    for (const phase of ATTEMPT_PHASES) {
      for (const verdict of VERDICTS) {
        const outcome = outcomeOf(verdict, { phase, rangMs: 1_000, ringMs: 20_000 });
        if (phase === 'talking') expect(outcome).toBe('connected');
        else if (phase === 'waiting' || phase === 'abandoned') expect(outcome).toBe('abandoned');
        else expect(outcome).toBe(verdict === 'completed' ? 'failed' : verdict);
      }
    }
  });

  it('calls a dial that rang its whole time no-answer, one taken back earlier cancelled', () => {
    const rang = { phase: 'ringing', ringMs: 20_000 } as const;
    expect(outcomeOf('cancelled', { ...rang, rangMs: 19_600 })).toBe('no-answer');
    expect(outcomeOf('cancelled', { ...rang, rangMs: 19_400 })).toBe('cancelled');
    expect(outcomeOf('busy', { ...rang, rangMs: 20_000 })).toBe('busy');
  });
});

describe('the retry rule', () => {
  const rule = { maxAttempts: 3, retryAfterMs: 60_000 };
  const RETRIED: Record<AttemptOutcome, boolean> = {
    connected: false,
    abandoned: false,
    busy: true,
    'no-answer': true,
    rejected: false,
    'invalid-number': false,
    unreachable: true,
    congestion: true,
    cancelled: false,
    failed: false,
  };

  it.each(Object.entries(RETRIED))('after %s, dial again: %s', (outcome, again) => {
    const next = afterAttempt(rule, 1, outcome as AttemptOutcome, 5_000);
    expect(next).toEqual(again ? { status: 'pending', notBefore: 65_000 } : { status: 'done' });
  });

  it('ends with the last attempt', () => {
    expect(afterAttempt(rule, 2, 'busy', 0)).toMatchObject({ status: 'pending' });
    expect(afterAttempt(rule, 3, 'busy', 0)).toEqual({ status: 'done' });
    expect(afterAttempt({ ...rule, maxAttempts: 1 }, 1, 'busy', 0)).toEqual({ status: 'done' });
  });
});
