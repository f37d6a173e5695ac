import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const SRC = join(import.meta.dirname, '../../../src');

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
const saying = (words: RegExp) => files.filter((path) => words.test(readFileSync(join(SRC, path), 'utf8'))).toSorted();

/** What a campaign does to dial, and the only rooms that may do it: behind the question of the law. */
it('nothing but the launcher begins an attempt, and it asks the law first', () => {
  expect(saying(/type: 'dial'[,;] /u).filter((path) => path.startsWith('engine/'))).toEqual([
    'engine/campaign-launcher.ts',
  ]);
  expect(saying(/\.startAttempt\(/u)).toEqual(['engine/campaign-launcher.ts']);
  expect(saying(/outboundCall\(/u)).toEqual(['engine/call/state.ts', 'engine/campaign-dial.ts']);
  expect(saying(/\[PERMIT\]: lead/u)).toEqual(['engine/campaign-law.ts']);
  const launcher = readFileSync(join(SRC, 'engine/campaign-launcher.ts'), 'utf8');
  expect(launcher.match(/this\.#dial\(/gu)).toHaveLength(1);
  expect(launcher).toMatch(/law\.ask\(shown, lead, \(permit\) => this\.#dial\(shown, lead, permit, \{[^}]*\}\)\)/u);
});
