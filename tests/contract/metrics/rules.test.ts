import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { unknownIn } from '../../support/metric-names.ts';
import { promtool } from '../../support/promtool.ts';

const folder = fileURLToPath(new URL('../../../docker/prometheus/', import.meta.url));
const read = (name: string) => readFileSync(join(folder, name), 'utf8');

interface Rules {
  readonly groups: readonly { readonly rules: readonly { readonly alert: string; readonly expr: string }[] }[];
}
interface Tests {
  readonly tests: readonly {
    readonly alert_rule_test: readonly { readonly alertname: string; readonly exp_alerts: readonly unknown[] }[];
  }[];
}
const rules = (parse(read('rules.yaml')) as Rules).groups.flatMap((group) => group.rules);

beforeAll(() => promtool('--version'), 120_000);

/** The tests of the rules, on rules that were changed. */
async function tested(change: (text: string) => string): Promise<number> {
  const copy = mkdtempSync(join(tmpdir(), 'callwright-rules-'));
  try {
    writeFileSync(join(copy, 'rules.yaml'), change(read('rules.yaml')));
    writeFileSync(join(copy, 'rules.test.yaml'), read('rules.test.yaml'));
    return (await promtool('test', 'rules', join(copy, 'rules.test.yaml'))).code;
  } finally {
    rmSync(copy, { recursive: true });
  }
}

describe('the alert rules', { timeout: 120_000 }, () => {
  it('pass promtool', async () => {
    const checked = await promtool('check', 'rules', join(folder, 'rules.yaml'));
    expect(checked.code, checked.stderr).toBe(0);
    expect(checked.stdout).toContain(`${rules.length} rules found`);
  });

  it('fire each on a made-up trouble, and are quiet on a house that is well', async () => {
    const run = await promtool('test', 'rules', join(folder, 'rules.test.yaml'));
    expect(run.code, run.stdout + run.stderr).toBe(0);
    const cases = (parse(read('rules.test.yaml')) as Tests).tests.flatMap((one) => one.alert_rule_test);
    for (const { alert } of rules) {
      const own = cases.filter(({ alertname }) => alertname === alert);
      expect(new Set(own.map(({ exp_alerts: { length } }) => length)), alert).toEqual(new Set([0, 1]));
    }
  });

  it('are tested so that a wrong rule is seen', async () => {
    expect(await tested((text) => text.replace('callwright_trunk_up == 0', 'callwright_trunk_up == 1'))).not.toBe(0);
    expect(await tested((text) => text.replace('> 0.8 *', '> 0.1 *'))).not.toBe(0);
  });

  it('read only metrics and labels that there are', () => {
    for (const { alert, expr } of rules) expect(unknownIn(expr), alert).toEqual([]);
    expect(unknownIn('callwright_calls_live{queue="x"} > callwright_gone')).toEqual([
      'callwright_calls_live has no label queue',
      'there is no metric callwright_gone',
    ]);
  });
});
