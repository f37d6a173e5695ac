import { describe, expect, it } from 'vitest';
import { AgentForecast } from '../../../../src/dialer/pacing/agent-forecast.ts';
import { AnswerPulse } from '../../../../src/dialer/pacing/answer-pulse.ts';
import { StageHazard } from '../../../../src/dialer/pacing/ring-hazard.ts';

const nobody = (hazard: StageHazard) => new Float64Array(hazard.bins);

describe('the hazard of ringing', () => {
  it('believes that half of all dials and more are answered before anything is known', () => {
    const hazard = new StageHazard(40);
    expect(hazard.hitWithin(0, 20)).toBeGreaterThan(0.5);
  });

  it('learns the share and the time of answers', () => {
    const hazard = new StageHazard(40);
    for (let call = 0; call < 2_000; call += 1) hazard.leave(call % 4 === 0 ? 8 : 20, call % 4 === 0 ? 'hit' : 'other');
    hazard.rebuild(nobody(hazard));
    expect(hazard.hitWithin(0, 20)).toBeCloseTo(0.25, 1);
    expect(hazard.hitWithin(0, 6)).toBeLessThan(0.02);
    expect(hazard.hitWithin(7.5, 2)).toBeGreaterThan(0.2);
    expect(hazard.hitWithin(10, 8)).toBeLessThan(0.02);
  });

  it('does not fear an age for ever that no call reaches, since they are taken back before it', () => {
    const hazard = new StageHazard(40);
    for (let call = 0; call < 600; call += 1)
      hazard.leave(call % 10 === 0 ? 8 : 16, call % 10 === 0 ? 'hit' : 'censored');
    hazard.rebuild(nobody(hazard));
    expect(hazard.hitWithin(16, 4)).toBeLessThan(0.15);
  });

  it('a burst does not look like success: those who still ring count', () => {
    const hazard = new StageHazard(40);
    for (let call = 0; call < 50; call += 1) hazard.leave(5, 'hit');
    hazard.rebuild(nobody(hazard));
    const ended = hazard.hitWithin(0, 6);
    const ringing = nobody(hazard);
    ringing[hazard.binOf(6)] = 450;
    hazard.rebuild(ringing);
    expect(ended).toBeGreaterThan(0.7);
    expect(hazard.hitWithin(0, 6)).toBeLessThan(0.25);
  });

  it('silence of young calls says nothing about the age at which people answer', () => {
    const hazard = new StageHazard(40);
    const ringing = nobody(hazard);
    ringing[hazard.binOf(3)] = 1_000;
    hazard.rebuild(ringing);
    expect(hazard.hitWithin(0, 20)).toBeGreaterThan(0.4);
  });
});

describe('calls that were dialled at once', () => {
  it.each(['other', 'hit'] as const)(
    'a few that end (%s) in the half second in which all others are tell of few',
    (exit) => {
      const hazard = new StageHazard(40, 20);
      for (let call = 0; call < 3; call += 1) hazard.leave(3.1, exit);
      const ringing = nobody(hazard);
      ringing[hazard.binOf(3.1)] = 77;
      hazard.rebuild(ringing);
      expect(hazard.hitWithin(3, 0.5)).toBeLessThan(0.15);
      expect(hazard.hitWithin(3, 17)).toBeGreaterThan(0.3);
    },
  );
});

describe('the forecast of agents', () => {
  const taught = (lasting: number) => {
    const agents = new AgentForecast(25);
    for (let stay = 0; stay < 300; stay += 1) {
      agents.left('talk', 30, 'wrap');
      agents.left('wrap', 10, 'idle');
    }
    const talkers = Array.from({ length: lasting }, () => ({ state: 'talk' as const, since: 0 }));
    agents.rebuild(talkers, 200);
    return agents;
  };
  const free = (agents: AgentForecast, state: 'talk' | 'wrap', elapsed: number, within: number) =>
    agents.freeWithin(state, agents.rowOf(state, elapsed), within);

  it('knows a wrap-up that always takes as long', () => {
    const agents = taught(0);
    expect(free(agents, 'wrap', 9, 3)).toBeGreaterThan(0.9);
    expect(free(agents, 'wrap', 2, 3)).toBeLessThan(0.15);
  });

  it('takes talk and then wrap-up', () => {
    const agents = taught(0);
    expect(free(agents, 'talk', 28, 14)).toBeGreaterThan(0.75);
    expect(free(agents, 'talk', 28, 5)).toBeLessThan(0.2);
  });

  it('does not forget the talks that last', () => {
    expect(free(taught(300), 'talk', 28, 14)).toBeLessThan(free(taught(0), 'talk', 28, 14) - 0.2);
  });

  it('counts on those only who stay', () => {
    const agents = new AgentForecast(25);
    for (let stay = 0; stay < 2_000; stay += 1) agents.left('wrap', 10, stay % 2 === 0 ? 'idle' : 'offline');
    agents.rebuild([], 0);
    expect(free(agents, 'wrap', 9, 20)).toBeLessThan(0.6);
  });
});

describe('the pulse of answers', () => {
  const after = (sec: number, perSec: number, expected: number) => {
    const pulse = new AnswerPulse();
    for (let at = 0; at < sec; at += 1) {
      for (let answer = 0; answer < perSec; answer += 1) pulse.seen();
      pulse.expect(expected, 1);
    }
    return pulse;
  };

  it('is one while what is expected comes', () => expect(after(60, 2, 2).ratio).toBeCloseTo(1, 1));

  it('sees five times as many within seconds, and remembers the jump for the guard', () => {
    const pulse = after(5, 10, 2);
    expect(pulse.changed).toBe(true);
    expect(pulse.ratio).toBeGreaterThan(3);
    for (let at = 0; at < 600; at += 1) pulse.expect(0, 1);
    expect(pulse.changed).toBe(false);
    expect(pulse.alert).toBe(1);
    for (let at = 0; at < 4 * 3_600; at += 1) pulse.expect(0, 1);
    expect(pulse.alert).toBeLessThan(0.2);
  });

  it('is calm about a few', () => expect(after(3, 1, 0.2)).toMatchObject({ changed: false, alert: 0 }));
});
