import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { KPIS } from '../../../src/acd/kpi/words.ts';
import { kpisFile } from '../../../src/config/site/kpis.ts';

const page = readFileSync(new URL('../../../docs/kpis.md', import.meta.url), 'utf8');
const UNITS = { ms: 'time', share: 'share', calls: 'calls', 'per call': 'money', points: 'points' } as const;

/** Rows of the table that begins with that head. */
const rowsOf = (head: string): readonly string[] => {
  const [, body = ''] = new RegExp(`^\\| ${head} \\|.*\\n\\|[-|]+\\n((?:\\|.*\\n)*)`, 'm').exec(page) ?? [];
  return body.trimEnd().split('\n');
};

it('docs/kpis.md has every definition as it is printed beside the figure', () => {
  const rows = Object.values(KPIS).map(({ title, unit, source, definition }) => {
    const from = source === 'telephony' ? '' : `, ${source}`;
    return `| ${title} | ${UNITS[unit]}${from} | ${definition.replaceAll('|', '\\|')} |`;
  });
  expect(rowsOf('figure')).toEqual(rows);
});

it('docs/kpis.md names every setting of site/kpis.yaml', () => {
  expect(rowsOf('field').map((row) => /`(\w+)`/.exec(row)?.[1])).toEqual(Object.keys(kpisFile.shape));
});
