import { type AmdCounts, NO_AMD } from '../../src/dialer/amd-rates.ts';
import {
  type Detection,
  fateOf,
  fixed,
  lognormal,
  PLAIN_DAY,
  PreviewSimulation,
  type Reading,
  type Scenario,
  simulate,
} from '../../src/dialer/lab/index.ts';
import type { MakePolicy } from '../../src/dialer/lab/index.ts';
import type { AttemptStory } from '../../src/engine/ports/history.ts';
import type { Journalled } from '../../src/engine/preflight-journal.ts';
import { draw, seeded } from '../../src/dialer/lab/chance.ts';

/** A campaign as it truly is, which no forecast is told of. */
export interface Truth {
  readonly day: Scenario;
  readonly reading: Reading | null;
  readonly leads: number;
  readonly maxAttempts: number;
}

/** Of those taken for machines, who was put to an agent in the past to learn what they were. */
const SAMPLED = 0.05;

/** Another campaign for each seed: who answers, for how long they talk, how machines are told from persons. */
export function truthOf(
  seed: number,
  about: { agents: number; leads: number; listens: boolean; reads: boolean },
): Truth {
  const chance = seeded(seed * 31 + 7);
  const between = (low: number, high: number) => low + (high - low) * chance();
  const [person, talk, machine] = [between(0.15, 0.4), between(40, 120), between(0.1, 0.35)];
  const amd: Detection = {
    took: lognormal(between(1.5, 2.5), 0.25),
    personAsMachine: between(0.01, 0.06),
    machineAsPerson: between(0.05, 0.4),
    spentSec: 0.4,
  };
  return {
    day: {
      ...PLAIN_DAY,
      name: `truth ${seed}`,
      seed: seed + 1_000,
      agents: about.agents,
      hours: 24,
      talk: lognormal(talk, 0.9),
      wrap: fixed(10),
      ring: lognormal(between(7, 12), 0.35),
      regimes: [{ fromSec: 0, person, machine: about.listens ? machine : 0, busy: 0.05 }],
      amd: about.listens ? amd : null,
      lines: 200,
      cps: 20,
    },
    reading: about.reads ? { took: lognormal(between(10, 40), 0.7), passedOver: between(0.02, 0.3) } : null,
    leads: about.leads,
    maxAttempts: 3,
  };
}

const handedOver = ({ end, judged }: ReturnType<typeof fateOf>) =>
  (end === 'person' || end === 'machine') && judged === 'human';

/** What so many dials of its past came to, as the books and the journal would have it. */
export function pastOf({ day, reading }: Truth, dials: number) {
  const past = { ...day, seed: day.seed + 500_000 };
  const chance = seeded(past.seed);
  const said: { -readonly [K in keyof AmdCounts]: number } = { ...NO_AMD };
  const journal = { verdicts: [] as number[], sinceGreeting: [] as number[], reads: [] as number[], passedOver: 0 };
  const story = Array.from({ length: dials }, (_, n): AttemptStory => {
    const fate = fateOf(past, n, 0);
    const startedAt = n * 1_000;
    const plain = { id: `attempt-${n}`, startedAt, agentId: null, answeredAt: null, waitedMs: 0, talkedMs: 0 };
    const { end, endsSec, amdSec, talkSec, judged } = fate;
    const answeredAt = startedAt + endsSec * 1_000;
    if (end === 'noanswer') return { ...plain, endedAt: answeredAt, outcome: 'no-answer' };
    if (end === 'busy') return { ...plain, endedAt: answeredAt, outcome: 'busy' };
    if (day.amd) journal.verdicts.push(amdSec);
    if (day.amd && judged === 'human') journal.sinceGreeting.push(day.amd.spentSec ?? 0);
    const isSampled = judged === 'machine' && chance() < SAMPLED;
    if (judged === 'machine' && !isSampled) {
      said.machines += 1;
      return { ...plain, answeredAt, endedAt: answeredAt + amdSec * 1_000, outcome: 'machine' };
    }
    if (day.amd)
      said[
        isSampled
          ? end === 'person'
            ? 'sampledPersons'
            : 'sampledMachines'
          : end === 'person'
            ? 'passedPersons'
            : 'passedMachines'
      ] += 1;
    const talkedMs = talkSec * 1_000;
    return { ...plain, answeredAt, talkedMs, endedAt: answeredAt + talkedMs, outcome: 'connected' };
  });
  const shown = reading ? Array.from({ length: dials }, () => reading) : [];
  for (const { took, passedOver } of shown) {
    journal.reads.push(draw(took, chance));
    if (chance() < passedOver) journal.passedOver += 1;
  }
  return { story, said, journal: journal as Journalled };
}

/** What it comes to, lead by lead and dial by dial. */
export function come({ day, reading, leads, maxAttempts }: Truth, make: MakePolicy) {
  const told = { ...day, seed: day.seed + 900_000 };
  let dials = 0;
  for (let lead = 0; lead < leads; lead += 1)
    for (let tries = 0; tries < maxAttempts; tries += 1) {
      dials += 1;
      if (handedOver(fateOf(told, dials, 0))) break;
    }
  const whole = { ...day, leads: dials };
  if (!reading) return { ...simulate(whole, make), dials };
  const preview = new PreviewSimulation(whole, reading);
  preview.runUntil(Number.POSITIVE_INFINITY);
  return { ...preview.result(), dials };
}
