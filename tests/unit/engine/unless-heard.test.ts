import { expect, test } from 'vitest';
import { unlessHeard } from '../../../src/engine/ports/time.ts';
import { SimulatedClock } from '../../support/simulated-clock.ts';

function alarm(inMs: number) {
  const clock = new SimulatedClock();
  const began = clock.now();
  const rung: number[] = [];
  const cancel = unlessHeard(clock, began + inMs, () => rung.push(clock.now() - began));
  return { clock, rung, cancel };
}

test('rings at its time when nothing stood still', async () => {
  const { clock, rung } = alarm(1_000);
  await clock.advance(5_000);
  expect(rung).toEqual([1_000]);
});

test('after a standstill rings once, when there was time to read what came meanwhile', async () => {
  const { clock, rung } = alarm(1_000);
  await clock.standStill(3_000);
  expect(rung).toEqual([]);
  await clock.advance(5_000);
  expect(rung).toEqual([3_250]);
});

test('who is a little late waits a little', async () => {
  const { clock, rung } = alarm(1_000);
  await clock.standStill(1_031);
  await clock.advance(5_000);
  expect(rung).toEqual([1_062]);
});

test('rings no more when it was taken back by what came meanwhile', async () => {
  const { clock, rung, cancel } = alarm(1_000);
  await clock.standStill(3_000);
  cancel();
  await clock.advance(5_000);
  expect(rung).toEqual([]);
  expect(clock.pending).toBe(0);
});

test('that was due before it was set rings at once: that is no standstill', async () => {
  const { clock, rung } = alarm(-60_000);
  await clock.advance(0);
  expect(rung).toEqual([0]);
});
