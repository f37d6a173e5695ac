/** How well persons are told from machines by their greetings: `node bench/amd.ts`, and `--fit` for the weights. */
import {
  AMD_DEFAULTS,
  AMD_FEATURES,
  AMD_WEIGHTS,
  type AmdFeature,
  amdBegin,
  amdFeatures,
  amdStep,
} from '../src/dialer/amd.ts';
import { mulberry32 } from '../tests/support/chance.ts';
import { greeting, heardOf, judge } from '../tests/support/greetings.ts';

const CALLS = 2_000;
const LOOK_EVERY_MS = 100;
const LOOK_UNTIL_MS = 4_000;
/** Speech speaks for a machine, silence for a person: what the data says against it is chance. */
const SIGN: Readonly<Record<AmdFeature, 1 | -1>> = {
  voiced: 1,
  longest: 1,
  sounds: 1,
  pause: -1,
  silence: -1,
  initial: -1,
};

type Row = readonly [features: readonly number[], isMachine: 0 | 1];

/** Every greeting as it is heard at every moment from its first sound on. */
function rows(): readonly Row[] {
  const random = mulberry32(7);
  return Array.from({ length: CALLS }).flatMap((_, call): Row[] => {
    const isMachine = call % 2 === 0 ? 1 : 0;
    const inputs = [...heardOf(greeting(isMachine ? 'machine' : 'human', random), AMD_DEFAULTS.quietMs)];
    let state = amdBegin(0);
    const seen: Row[] = [];
    for (let now = 0; now <= LOOK_UNTIL_MS; now += LOOK_EVERY_MS) {
      while (inputs[0] && inputs[0].at <= now) {
        ({ state } = amdStep(state, inputs[0], AMD_DEFAULTS, now));
        inputs.shift();
      }
      const features = amdFeatures(state, AMD_DEFAULTS, now);
      if (state.sounds > 0) seen.push([AMD_FEATURES.map((name) => features[name]), isMachine]);
    }
    return seen;
  });
}

/** Logistic regression by gradient descent; after each step weights of the wrong sign are set to nothing. */
function fit(data: readonly Row[]): readonly number[] {
  let weights = Array.from({ length: AMD_FEATURES.length + 1 }, () => 0);
  for (let round = 0; round < 2_500; round++) {
    const slope = weights.map(() => 0);
    for (const [features, isMachine] of data) {
      const sum = features.reduce((total, value, at) => total + value * (weights[at + 1] ?? 0), weights[0] ?? 0);
      const error = isMachine - 1 / (1 + Math.exp(-sum));
      slope[0] = (slope[0] ?? 0) + error;
      features.forEach((value, at) => (slope[at + 1] = (slope[at + 1] ?? 0) + error * value));
    }
    weights = weights.map((weight, at) => {
      const next = weight + (0.8 * (slope[at] ?? 0)) / data.length;
      const feature = AMD_FEATURES[at - 1];
      return feature && next * SIGN[feature] < 0 ? 0 : next;
    });
  }
  return weights;
}

function measure(): void {
  const random = mulberry32(11);
  const counts = new Map<string, number>();
  const took: number[] = [];
  for (let call = 0; call < CALLS; call++) {
    const one = greeting(call % 2 === 0 ? 'machine' : 'human', random);
    const { result, tookMs } = judge(one);
    const key = `${one.who.padEnd(8)} ${one.style.padEnd(13)} taken for ${result}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    took.push(tookMs);
  }
  for (const [key, count] of [...counts].toSorted(([a], [b]) => a.localeCompare(b)))
    process.stdout.write(`${key.padEnd(44)} ${count}\n`);
  const at = (share: number) => took.toSorted((a, b) => a - b)[Math.floor(share * took.length)] ?? 0;
  process.stdout.write(`\ndecided after ${Math.round(at(0.5))} ms in the middle, ${Math.round(at(0.9))} ms at p90\n`);
}

if (process.argv.includes('--fit')) {
  const [bias = 0, ...weights] = fit(rows());
  const shown = AMD_FEATURES.map((name, at) => `${name} ${(weights[at] ?? 0).toFixed(2)}`);
  process.stdout.write(`bias ${bias.toFixed(2)}, ${shown.join(', ')}\n`);
} else {
  process.stdout.write(`weights ${JSON.stringify(AMD_WEIGHTS)}\n\n`);
  measure();
}
