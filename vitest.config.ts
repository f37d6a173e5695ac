import { defineConfig } from 'vitest/config';

/**
 * One suite after the other, the quick one first: calls of the live suite are timed by real clocks and want the machine to
 * themselves. Live files run one at a time for the same reason.
 */
export default defineConfig({
  test: {
    reporters: ['default', './tests/support/left-out-reporter.ts'],
    projects: [
      {
        test: {
          name: 'fast',
          include: ['tests/{unit,walks}/**/*.test.ts'],
          testTimeout: 20_000,
          // Files share what they import, which is half of the work, and leave nothing behind in it.
          isolate: false,
          maxWorkers: '100%',
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'contract',
          include: ['tests/contract/**/*.test.ts'],
          sequence: { groupOrder: 1 },
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'live',
          include: ['tests/live/**/*.test.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 2 },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
