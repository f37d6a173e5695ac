import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { agentsFile } from '../../../src/config/site/agents.ts';
import { customersFile } from '../../../src/config/site/customers.ts';
import { loadSite } from '../../../src/config/site/load.ts';
import { queuesFile } from '../../../src/config/site/queues.ts';
import { readSiteFiles } from '../../../src/config/site/read.ts';
import { printProblem } from '../../../src/ivr/problem.ts';

const root = resolve(import.meta.dirname, '../../..');
const pageOf = (name: string) => readFileSync(join(root, 'docs', name), 'utf8');
const examplesOf = (page: string) => [...pageOf(page).matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text);

/** What the first column of the tables of a page names. */
const fieldsTold = (page: string) =>
  pageOf(page)
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name));

interface Schema {
  readonly additionalProperties?: { readonly properties?: Readonly<Record<string, unknown>> };
}

const fieldsIn = (...files: readonly z.ZodType[]) =>
  files.flatMap((file) => {
    const schema = z.toJSONSchema(file, { io: 'input', unrepresentable: 'any' }) as Schema;
    return Object.keys(schema.additionalProperties?.properties ?? {});
  });

describe('the pages of site files', () => {
  it.each([
    ['queues.md', fieldsIn(queuesFile, agentsFile)],
    ['customers.md', fieldsIn(customersFile)],
  ])('%s names the fields that there are', (page, fields) => {
    expect(new Set(fieldsTold(page))).toEqual(new Set(fields));
  });

  it('has examples that fit together and have no fault in the shipped site', async () => {
    const [queues = '', agents = '', hours = ''] = examplesOf('queues.md');
    const [customers = ''] = examplesOf('customers.md');
    const examples = [
      { path: 'site/queues.yaml', text: `${queues}\nbilling: { title: Billing }\n` },
      { path: 'site/agents.yaml', text: agents },
      { path: 'site/calendars/billing-hours.yaml', text: hours },
      { path: 'site/customers.yaml', text: customers },
    ];
    const shipped = await readSiteFiles(join(root, 'ivr-flows'), join(root, 'sounds'));
    const others = shipped.filter(({ path }) => examples.every((example) => example.path !== path));
    const { problems } = loadSite([...others, ...examples], '2026-11-22');
    const told = problems.filter(({ file }) => examples.some(({ path }) => path === file));
    expect(told.map(printProblem)).toEqual([]);
  });
});
