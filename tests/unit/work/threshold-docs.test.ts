import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadSite } from '../../../src/config/site/load.ts';
import { printProblem } from '../../../src/ivr/problem.ts';
import { FIGURES } from '../../../src/work/threshold.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/thresholds.md'), 'utf8');

it('docs/thresholds.md has every figure, with its definition', () => {
  const told = Object.entries(FIGURES).flatMap(([of, figures]) =>
    Object.entries(figures).map(([name, { unit, definition, sample }]) => {
      const kind = { share: 'share', ms: 'time', count: 'number' }[unit];
      const least = sample?.atLeast ?? 0;
      const from = sample ? ` From ${least} ${least === 1 ? sample.of.slice(0, -1) : sample.of} on.` : '';
      return `| \`${of}\` | \`${name}\` | ${kind} | ${definition}${from} |`;
    }),
  );
  const written = page
    .split('\n')
    .filter((line) => /^\| `(queue|campaign|agent|trunk|followUps)` \| `\w+` \| (share|time|number) /.test(line));
  expect(written).toEqual(told);
});

it('its example is a rule', () => {
  const [, text = ''] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
  const files = { 'site/queues.yaml': 'support: { title: Support }\n', 'site/thresholds.yaml': text };
  const reading = loadSite(
    Object.entries(files).map(([path, file]) => ({ path, text: file })),
    '2026-11-22',
  );
  expect(reading.problems.map(printProblem).filter((line) => line.includes('thresholds'))).toEqual([]);
  expect(reading.ok && reading.site.thresholds?.get('support-level')).toMatchObject({ level: 0.7, clear: 0.8 });
});
