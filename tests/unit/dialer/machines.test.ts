import { describe, expect, it } from 'vitest';
import { ATTEMPT_PHASES, type AttemptInput, type AttemptPhase, attemptStep } from '../../../src/dialer/attempt.ts';
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
  const stays = (phase: AttemptPhase): Record<AttemptInput, AttemptPhase> => ({
    ringing: phase,
    detect: phase,
    answered: phase,
    machine: phase,
    connected: phase,
    deadline: phase,
    ended: phase,
  });
  const TABLE: Record<AttemptPhase, Record<AttemptInput, AttemptPhase>> = {
    dialing: { ...stays('dialing'), ringing: 'ringing', detect: 'detecting', answered: 'waiting', ended: 'over' },
    ringing: { ...stays('ringing'), detect: 'detecting', answered: 'waiting', ended: 'over' },
    detecting: {
      ...stays('detecting'),
      answered: 'waiting',
      machine: 'machine',
      deadline: 'abandoned',
      ended: 'over',
    },
    machine: { ...stays('machine'), answered: 'waiting', ended: 'over' },
    waiting: { ...stays('waiting'), connected: 'talking', deadline: 'abandoned', ended: 'over' },
    talking: { ...stays('talking'), ended: 'over' },
    abandoned: { ...stays('abandoned'), ended: 'over' },
    over: stays('over'),
  };
  const pairs = Object.entries(TABLE).flatMap(([phase, row]) =>
    Object.entries(row).map(([input, next]) => [phase, input, next] as const),
  );

  it.each(pairs)('%s on %s: %s', (phase, input, next) => {
    expect(attemptStep(phase as AttemptPhase, input as AttemptInput)).toBe(next);
  });

  it('has a row for every phase', () => {
    expect(ATTEMPT_PHASES.toSorted()).toEqual(Object.keys(TABLE).toSorted());
  });
});
