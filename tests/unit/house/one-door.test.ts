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
  expect(launcher).toMatch(
    /law\.ask\(shown, lead, \(permit\) =>\s+this\.#dial\(shown, lead, permit, \{[^}]*\}\),\s+\)/u,
  );
});

/** `outbound-phase` dials for a campaign; the others ring whom a call is for, or who asked for it, held to the house's destinations. */
it('a leg to a number begins nowhere but here', () => {
  const engine = (words: RegExp) => saying(words).filter((path) => path.startsWith('engine/'));
  expect(engine(/type: 'originate',/u)).toEqual(['engine/call/way-out.ts', 'engine/lines.ts']);
  expect(engine(/\boriginate\(draft, /u)).toEqual([
    'engine/call/outbound-phase.ts',
    'engine/call/reroute.ts',
    'engine/call/way-out.ts',
  ]);
  expect(engine(/\bdial(?:Target|Out)\(draft, /u)).toEqual([
    'engine/call/errand-phase.ts',
    'engine/call/guests.ts',
    'engine/call/reach-agent.ts',
    'engine/call/transfer-phase.ts',
    'engine/call/way-out.ts',
  ]);
});
