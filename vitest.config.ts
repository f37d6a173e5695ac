import { defineConfig } from 'vitest/config';

/** Live and fault suites share one private switch, so their files run one after another; everything else in parallel. */
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'fast', include: ['tests/{unit,walks}/**/*.test.ts'], testTimeout: 10_000 } },
      {
        test: { name: 'contract', include: ['tests/contract/**/*.test.ts'], testTimeout: 30_000, hookTimeout: 60_000 },
      },
      {
        test: {
          name: 'live',
          include: ['tests/live/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
