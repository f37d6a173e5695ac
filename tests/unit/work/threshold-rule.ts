import type { Threshold } from '../../../src/work/threshold.ts';

/** A rule on the service level of every queue, changed as a test needs it. */
export const ruleOf = (change: Partial<Threshold> = {}): Threshold => ({
  name: 'slow',
  title: 'Answered too late',
  severity: 'alarm',
  of: 'queue',
  names: 'all',
  except: new Set(),
  teams: null,
  reasons: null,
  figure: 'serviceLevel',
  direction: 'below',
  level: 0.8,
  forMs: 300_000,
  clear: 0.85,
  clearForMs: 120_000,
  againMs: null,
  atLeast: 10,
  window: 900_000,
  ...change,
});
