import { beforeAll, describe, expect, it } from 'vitest';
import { builtInProfiles } from '../../../src/config/profiles/built-in.ts';
import { detectionPlanSchema } from '../../../src/dialer/amd-policy.ts';
import type { Campaign } from '../../../src/engine/ports/history.ts';
import type { Expected } from '../../../src/engine/ports/preflight.ts';
import { AUTUMN } from '../../support/campaign.ts';
import { truthOf } from '../../support/campaign-truth.ts';
import { BEGINS, checked, holds } from '../../support/forecast-check.ts';

const profile = builtInProfiles().get('us-ftc')?.profile;
const detect = detectionPlanSchema.parse({});
const FIGURES = ['answerRate', 'utilisation', 'abandonment', 'finishAt'] as const;
const BY_FLOW = ['linesInUse', 'startsPerSecond'] as const;
type Figure = (typeof FIGURES)[number] | (typeof BY_FLOW)[number];

/** Of many lines they are told whole: half a one more or less reads the same. */
const HALF_A_LINE = 0.5;

function rangeIn({ byFlow, ...expected }: Expected, figure: Figure): Parameters<typeof holds>[0] {
  if (figure === 'startsPerSecond') return byFlow?.startsPerSecond ?? null;
  if (figure !== 'linesInUse') return expected[figure];
  const { low, middle, high } = byFlow?.linesInUse ?? { low: NaN, middle: NaN, high: NaN };
  return { low: low - HALF_A_LINE, middle, high: high + HALF_A_LINE };
}

interface Case {
  readonly change: Partial<Campaign>;
  readonly agents: number;
  readonly leads: number;
  readonly lines?: number;
  readonly seeds: number;
  readonly figures: readonly Figure[];
}

/** Campaigns that differ by seed, each forecast from 800 dials of its past and then lived by other chance than the forecast's. */
const CASES: Readonly<Record<string, Case>> = {
  progressive: { change: { mode: 'progressive' }, agents: 8, leads: 400, seeds: 120, figures: FIGURES },
  'progressive that listens': {
    change: { mode: 'progressive', detect },
    agents: 8,
    leads: 400,
    seeds: 120,
    figures: ['answerRate', 'utilisation', 'finishAt'],
  },
  preview: {
    change: { mode: 'preview' },
    agents: 8,
    leads: 400,
    seeds: 120,
    figures: ['answerRate', 'utilisation', 'finishAt'],
  },
  predictive: { change: { mode: 'predictive' }, agents: 12, leads: 300, seeds: 30, figures: FIGURES },
  power: { change: { mode: 'power', ratio: 2 }, agents: 12, leads: 300, seeds: 30, figures: FIGURES },
  agentless: {
    change: { mode: 'agentless' },
    agents: 0,
    leads: 2_000,
    lines: 30,
    seeds: 30,
    figures: ['answerRate', 'finishAt', ...BY_FLOW],
  },
  'agentless that listens': {
    change: { mode: 'agentless', detect },
    agents: 0,
    leads: 2_000,
    lines: 30,
    seeds: 30,
    figures: ['answerRate', 'finishAt', ...BY_FLOW],
  },
};

const plain: Campaign = {
  ...AUTUMN,
  id: 'campaign-1',
  createdAt: 0,
  status: 'draft',
  profile: 'us-ftc',
  maxAttempts: 3,
  retryAfterMs: 0,
  wrapUpMs: 10_000,
  ringMs: 20_000,
};

async function lived({ change, agents, leads, lines, seeds }: Case) {
  if (!profile) throw new Error('us-ftc is shipped');
  const runs: { readonly expected: Expected; readonly came: Record<Figure, number> }[] = [];
  const [listens, reads] = [change.detect !== undefined, change.mode === 'preview'];
  for (let seed = 1; seed <= seeds; seed += 1) {
    const truth = truthOf(seed, { agents, leads, listens, reads });
    const day = { ...truth.day, lines: lines ?? truth.day.lines };
    runs.push(await checked({ ...truth, day }, { ...plain, ...change }, profile));
  }
  return runs;
}

describe.each(Object.entries(CASES))('the forecast of a campaign: %s', (_, each) => {
  let runs: Awaited<ReturnType<typeof lived>>;
  beforeAll(async () => {
    runs = await lived(each);
  }, 120_000);

  it.each(each.figures)('has what %s comes to in its range, in eight cases of ten at the least', (figure) => {
    const hits = runs.filter(({ expected, came }) => holds(rangeIn(expected, figure), came[figure])).length;
    expect(hits / runs.length).toBeGreaterThanOrEqual(0.8);
  });

  it('has ranges that tell something', () => {
    const widths = runs.map(
      ({
        expected: {
          finishAt: { low, high },
        },
        came,
      }) => {
        return ((high ?? Infinity) - (low ?? -Infinity)) / (came.finishAt - BEGINS);
      },
    );
    expect(widths.reduce((sum, width) => sum + width, 0) / runs.length).toBeLessThan(0.35);
  });
});
