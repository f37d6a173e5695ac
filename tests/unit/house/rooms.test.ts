import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { boundaryBreaches, DECISION_ROOMS, impurities, sourceFiles } from './rooms.ts';

const files = sourceFiles(resolve(import.meta.dirname, '../../../src'));

describe('the house', () => {
  it('has every decision room', () => {
    for (const room of DECISION_ROOMS) expect(files.some(({ path }) => path.startsWith(`${room}/`))).toBe(true);
  });

  it('keeps the import table', () => {
    expect(boundaryBreaches(files)).toEqual([]);
  });

  it('keeps decision rooms pure', () => {
    expect(impurities(files)).toEqual([]);
  });
});

describe('the guard itself', () => {
  const broken = (path: string, text: string) => [{ path, text }];

  it.each([
    ['acd/match.ts', "import { step } from '../ivr/step.ts';", 'imports ivr/step.ts'],
    ['call/leg.ts', "import type { Engine } from '../engine/engine.ts';", 'imports engine/engine.ts'],
    ['http/server.ts', "import { Engine } from '../engine/engine.ts';", 'imports engine/engine.ts'],
    [
      'engine/engine.ts',
      "import { createRedisLiveStore } from '../store/redis/live-store.ts';",
      'imports store/redis/live-store.ts',
    ],
    ['switch/asterisk/switch.ts', "const late = await import('../../main.ts');", 'imports main.ts'],
  ])('finds a forbidden import in %s', (path, text, problem) => {
    expect(boundaryBreaches(broken(path, text))).toEqual([{ file: path, problem }]);
  });

  it.each([
    'const now = Date.now();',
    'const now = new Date();',
    'const dice = Math.random();',
    'setTimeout(go, 10);',
    'export async function step() {}',
    "import { readFileSync } from 'node:fs';",
    'process.exit(1);',
  ])('finds `%s` in a decision room', (text) => {
    expect(impurities(broken('dialer/pacing/policy.ts', text))).toHaveLength(1);
    expect(impurities(broken('engine/engine.ts', text))).toEqual([]);
  });

  it('lets a door import the ports, and comments speak of waiting', () => {
    expect(
      boundaryBreaches(broken('http/server.ts', "import type { Service } from '../engine/ports/service.ts';")),
    ).toEqual([]);
    expect(impurities(broken('acd/match.ts', '// callers await their turn\n/** Promise nothing. */'))).toEqual([]);
  });
});
