import { expect, it } from 'vitest';
import { KpiBook } from '../../../src/acd/kpi/book.ts';
import { KPI_SETTINGS, KPIS } from '../../../src/acd/kpi/words.ts';
import { figuresOf, kpiAnswer } from '../../../src/cli/kpi-lines.ts';

const nothing = kpiAnswer.parse({ report: new KpiBook(KPI_SETTINGS).report(), definitions: KPIS });

it('shows every figure with its definition, and a dash where there is none', () => {
  const lines = figuresOf(nothing, undefined) ?? [];
  const defined = lines.map(({ definition }) => definition);
  expect(Object.values(KPIS).filter(({ definition }) => !defined.includes(definition))).toEqual([]);
  expect(lines.find(({ title }) => title === 'ASA')).toMatchObject({ value: '–' });
});

it('knows no figures of a queue that no call came to', () => {
  expect(figuresOf(nothing, 'support')).toBeNull();
});
