import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { VERDICTS, verdictOf } from '../../../src/call/cause.ts';
import { dispositionsFile, FIELD_TYPES, MEANINGS } from '../../../src/config/site/dispositions.ts';
import { trunkGroupsFile } from '../../../src/config/site/trunk-groups.ts';
import { trunksFile } from '../../../src/config/site/trunks.ts';
import { PLAIN_REST } from '../../../src/dialer/caller-ids.ts';
import { LONGEST_TRAIL } from '../../../src/dialer/chain.ts';
import { fieldsOf } from '../../../src/dialer/disposition.ts';
import { ATTEMPT_OUTCOMES } from '../../../src/dialer/outcome.ts';
import { USUAL_RETRY } from '../../../src/dialer/retry.ts';
import { PLAIN_CARE } from '../../../src/dialer/trunk-state.ts';
import { siteWith, told } from './site-files.ts';

const pageOf = (name: string) => readFileSync(join(resolve(import.meta.dirname, '../../../docs'), name), 'utf8');
const outcomes = pageOf('outcomes.md');
const trunks = pageOf('trunks.md');
const examplesOf = (page: string) => [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text);

/** Cells of the table whose first column has that head. */
function rowsOf(page: string, head: string): readonly (readonly string[])[] {
  const [, body = ''] = new RegExp(`^\\| ${head} \\|.*\\n\\|[-|]+\\n((?:\\|.*\\n)*)`, 'm').exec(page) ?? [];
  return body
    .trimEnd()
    .split('\n')
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}
const namesIn = (text = '') => [...text.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
const fieldsIn = (file: z.ZodType) => {
  const { additionalProperties } = z.toJSONSchema(file, { io: 'input', unrepresentable: 'any' });
  return typeof additionalProperties === 'object' ? Object.keys(additionalProperties.properties ?? {}) : [];
};
const MINUTE = 60_000;
const said = (ms: number) => (ms >= 60 * MINUTE ? `${ms / 60 / MINUTE} h` : `${ms / MINUTE} min`);

describe('docs/outcomes.md', () => {
  const table = rowsOf(outcomes, 'outcome');

  it('names every outcome', () => {
    expect(table.flatMap(([name]) => namesIn(name))).toEqual([...ATTEMPT_OUTCOMES]);
  });

  it('says of each SIP response and cause what the code makes of it', () => {
    const listed = new Map(table.map(([name, when = '']) => [namesIn(name)[0], when]));
    for (const verdict of VERDICTS.filter((one) => one !== 'completed' && one !== 'failed' && one !== 'cancelled')) {
      const when = listed.get(verdict) ?? '';
      const codes = Array.from({ length: 400 }, (_, i) => 300 + i).filter(
        (sip) => verdictOf({ q850: 0, sip }, false) === verdict,
      );
      expect([...when.matchAll(/\b[3-6][0-9]{2}\b/g)].map(([code]) => Number(code))).toEqual(codes);
      const causes = Array.from({ length: 128 }, (_, q850) => q850).filter(
        (q850) => verdictOf({ q850 }, false) === verdict,
      );
      const [, range = ''] = /Q\.850 ([0-9, andto]+)/.exec(when) ?? [];
      const numbers = [...range.matchAll(/[0-9]+/g)].map(([code]) => Number(code));
      expect(range.includes('to') ? [causes[0], causes.at(-1)] : causes).toEqual(numbers);
    }
  });

  it('has the usual rule', () => {
    const rows = Object.entries(USUAL_RETRY.steps).map(([outcome, { delayMs, max, next, spread }]) => [
      `\`${outcome}\``,
      said(delayMs),
      String(max),
      next,
      spread ? 'yes' : 'no',
    ]);
    expect(rowsOf(outcomes, 'after')).toEqual(rows);
    const { maxPerNumber, spreadWithinMs } = USUAL_RETRY;
    expect(outcomes).toContain(`\`maxPerNumber\` (${maxPerNumber})`);
    expect(spreadWithinMs).toBe(2 * 24 * 60 * MINUTE);
    expect(outcomes).toContain(`or through more than ${LONGEST_TRAIL}.`);
  });

  it('names every kind with what it asks for, every field and every type', () => {
    const kinds = rowsOf(outcomes, '`kind`');
    expect(kinds.flatMap(([kind]) => namesIn(kind))).toEqual(Object.keys(MEANINGS));
    const asks = (kind: string) => kinds.find(([names]) => namesIn(names).includes(kind))?.[3];
    const callback = fieldsOf({ kind: 'callback', waitMs: 0, withinMs: 0 }).map(({ name }) => name);
    const payment = fieldsOf({ kind: 'payment', currency: 'EUR', withinMs: 0 }).map(({ name }) => name);
    expect(namesIn(asks('callback'))).toEqual(expect.arrayContaining(callback));
    expect(namesIn(asks('payment'))).toEqual(payment);
    expect(rowsOf(outcomes, 'field').flatMap(([name]) => namesIn(name))).toEqual(fieldsIn(dispositionsFile));
    for (const type of Object.keys(FIELD_TYPES)) expect(outcomes).toContain(`\`${type}\``);
  });

  it('has an example without fault', () => {
    expect(told({ 'site/dispositions.yaml': examplesOf(outcomes)[0] ?? '' })).toEqual([]);
  });
});

describe('docs/trunks.md', () => {
  it('names every field with its default', () => {
    const rows = rowsOf(trunks, 'field');
    expect(rows.flatMap(([name]) => namesIn(name))).toEqual(fieldsIn(trunksFile));
    const shown = new Map(rows.map(([name, , value]) => [namesIn(name)[0], value]));
    expect(shown.get('backOffAfter')).toBe(String(PLAIN_CARE.backOffAfter));
    expect(shown.get('backOff')).toBe(`\`${PLAIN_CARE.backOffMs / 1_000}s\``);
    expect(shown.get('backOffMost')).toBe(`\`${PLAIN_CARE.backOffMostMs / MINUTE}m\``);
    expect(shown.get('deadAfter')).toBe(String(PLAIN_CARE.deadAfter));
    expect(shown.get('probeEvery')).toBe(`\`${PLAIN_CARE.probeEveryMs / 1_000}s\``);
  });

  it('names every field of a group', () => {
    expect(rowsOf(trunks, 'key').flatMap(([name]) => namesIn(name))).toEqual(fieldsIn(trunkGroupsFile));
  });

  it('names what a pool says, with its defaults', () => {
    const [, table = ''] = trunks.split('## Caller ids');
    const shown = new Map(rowsOf(table, 'field').map(([name, , value]) => [namesIn(name)[0], value]));
    expect([...shown.keys()]).toEqual(['numbers', 'rest.minDials', 'rest.below', 'rest.for', 'rest.halfLife']);
    expect(shown.get('rest.minDials')).toBe(String(PLAIN_REST.minDials));
    expect(shown.get('rest.below')).toBe(`${PLAIN_REST.below * 100} %`);
    expect(shown.get('rest.for')).toBe(`\`${PLAIN_REST.restMs / 60 / MINUTE}h\``);
    expect(shown.get('rest.halfLife')).toBe(`\`${PLAIN_REST.halfLifeMs / 60 / MINUTE}h\``);
  });

  it('has examples without fault', () => {
    const [links = '', groups = '', pools = ''] = examplesOf(trunks);
    const beside = { 'site/trunk-groups.yaml': groups, 'site/callerids.yaml': pools };
    const changes = { 'site/trunks.yaml': links, ...beside, 'main.yaml': null };
    expect(told(changes)).toEqual([]);
    const reading = siteWith(changes);
    expect(reading.ok && [...reading.site.trunks.keys()]).toEqual(['north', 'south']);
    expect(reading.ok && reading.site.trunkGroups?.get('outside')).toEqual({
      name: 'outside',
      trunks: [
        { trunk: 'north', weight: 3, tier: 0 },
        { trunk: 'south', weight: 1, tier: 0 },
      ],
      prefer: 'weight',
    });
    expect(reading.ok && reading.site.callerIds?.get('finland')).toEqual({
      numbers: [
        { number: '+358401234567', areas: [] },
        { number: '+358912345678', areas: ['+3589'] },
        { number: '+358912345679', areas: ['+3589'] },
      ],
      rest: { minDials: 100, below: 0.5, restMs: 48 * 60 * MINUTE, halfLifeMs: PLAIN_REST.halfLifeMs },
    });
  });
});
