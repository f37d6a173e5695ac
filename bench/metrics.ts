/**
 * `node bench/metrics.ts`: what a scrape of `/metrics` costs and how many series it has, at sizes of a house in which all that
 * can happen has happened. README.md beside this file tells how to read it.
 */
import { busyMetrics, type HouseSize, PROMISED } from '../tests/support/busy-house.ts';
import { quantile } from './calls/statistics.ts';

const WARM_UP = 20;
const SCRAPES = 200;

const SIZES: readonly HouseSize[] = [
  PROMISED,
  { ...PROMISED, queues: 200, agents: 2_000, campaigns: 80, calls: 2_000 },
];

async function scrapes(size: HouseSize) {
  const metrics = busyMetrics(size);
  const took: number[] = [];
  let body = '';
  for (let nth = 0; nth < WARM_UP + SCRAPES; nth += 1) {
    const began = performance.now();
    ({ body } = await metrics.page());
    if (nth >= WARM_UP) took.push(performance.now() - began);
  }
  took.sort((a, b) => a - b);
  const series = body.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
  return { ...size, series, bytes: body.length, p50Ms: quantile(took, 0.5), p99Ms: quantile(took, 0.99) };
}

for (const size of SIZES) console.log(JSON.stringify(await scrapes(size)));
