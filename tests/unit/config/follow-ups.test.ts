import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadSite } from '../../../src/config/site/load.ts';
import { readSiteFiles } from '../../../src/config/site/read.ts';
import { PLAIN_FOLLOW_UPS } from '../../../src/engine/site.ts';
import { printProblem } from '../../../src/ivr/problem.ts';

const AGENTS = 'alice: { name: Alice, phone: "1001" }\nbob: { name: Bob, phone: "1002" }\n';
const read = (text: string) =>
  loadSite(
    [
      { path: 'site/agents.yaml', text: AGENTS },
      { path: 'site/follow-ups.yaml', text },
    ],
    '2026-11-22',
  );
const faults = (text: string) => read(text).problems.map(printProblem).join('\n');
const [MINUTE, HOUR] = [60_000, 3_600_000];

describe('site/follow-ups.yaml', () => {
  it('says nothing: agents own, and are told half an hour before', () => {
    const reading = read('{}\n');
    expect(reading.ok && reading.site.followUps).toEqual(PLAIN_FOLLOW_UPS);
    expect(PLAIN_FOLLOW_UPS.usual).toEqual({ dueSoonMs: 30 * MINUTE, steps: [] });
  });

  it('says all there is to say', () => {
    const reading = read(`
usual: { dueSoon: 1h, escalation: [{ overdueBy: 2h }] }
teams:
  finance:
    title: Finance
    members: [alice, bob]
    escalation: [{ before: 10m, alarm: true }, { overdueBy: 0s, to: { agent: alice }, alarm: false }, { overdueBy: 1d, to: { department: office } }]
  sales: { title: Sales, dueSoon: 0s }
  plain: { title: Plain }
departments:
  office: { title: Office, teams: [finance], members: [bob], escalation: [] }
`);
    const usual = { dueSoonMs: HOUR, steps: [{ afterMs: 2 * HOUR, to: null, alarm: true }] };
    expect(faults('{}')).toBe('');
    expect(reading.ok && reading.site.followUps).toEqual({
      usual,
      teams: new Map([
        [
          'finance',
          {
            title: 'Finance',
            members: ['alice', 'bob'],
            ladder: {
              dueSoonMs: HOUR,
              steps: [
                { afterMs: -10 * MINUTE, to: null, alarm: true },
                { afterMs: 0, to: { kind: 'agent', id: 'alice' }, alarm: false },
                { afterMs: 24 * HOUR, to: { kind: 'department', id: 'office' }, alarm: true },
              ],
            },
          },
        ],
        ['sales', { title: 'Sales', members: [], ladder: { ...usual, dueSoonMs: 0 } }],
        ['plain', { title: 'Plain', members: [], ladder: null }],
      ]),
      departments: new Map([
        ['office', { title: 'Office', members: ['bob'], teams: ['finance'], ladder: { dueSoonMs: HOUR, steps: [] } }],
      ]),
    });
  });

  const team = (more: string) => `teams: { finance: { title: Finance, ${more} } }`;
  it.each([
    [team('escalation: [{ overdueBy: 1h, to: { team: fiance } }]'), 'error unknown-team There is no team `fiance`.'],
    [team('escalation: [{ overdueBy: 1h, to: { department: x } }]'), 'error unknown-department'],
    [team('escalation: [{ overdueBy: 1h }, { before: 1h }]'), 'comes no later than the one above'],
    [team('escalation: [{ overdueBy: 1h }, { overdueBy: 1h }]'), 'comes no later than the one above'],
    [team('escalation: [{ overdueBy: 1h, before: 1h }]'), 'A step has one time.'],
    [team('escalation: [{ alarm: true }]'), 'A step has one time.'],
    [team('escalation: [{ overdueBy: 1h, to: { team: finance, agent: alice } }]'), 'to one agent, team or department'],
    [team('escalation: [{ overdueBy: 1, alarm: true }]'), 'A length of time needs a unit.'],
    [team('owner: bob'), 'owner'],
    ['usual: { escalation: [{ overdueBy: 1h, to: { team: gone } }] }\nteams: { a: { title: A, dueSoon: 1h } }', 'gone'],
    ['departments: { office: { title: Office, teams: [gone] } }', 'There is no team `gone`.'],
    [
      `${team('members: []')}\ndepartments: { a: { title: A, teams: [finance] }, b: { title: B, teams: [finance] } }`,
      'the department `a` already',
    ],
  ])('%s is told', (text, told) => {
    expect(read(`${text}\n`).ok).toBe(false);
    expect(faults(`${text}\n`)).toContain(told);
  });

  it('tells a fault of the usual steps once', () => {
    const text =
      'usual: { escalation: [{ overdueBy: 1h, to: { team: gone } }] }\nteams: { a: { title: A, dueSoon: 1h } }\n';
    expect(read(text).problems).toHaveLength(1);
  });

  it.each([
    [team('members: [zoe]'), 'warning unknown-agent There is no agent `zoe`.'],
    [team('escalation: [{ overdueBy: 1h, alarm: false }]'), 'warning no-effect'],
  ])('%s is warned of', (text, told) => {
    expect(read(`${text}\n`).ok).toBe(true);
    expect(faults(`${text}\n`)).toContain(told);
  });
});

it('the example of docs/follow-ups.md has no fault in the shipped site', async () => {
  const root = resolve(import.meta.dirname, '../../..');
  const page = readFileSync(join(root, 'docs/follow-ups.md'), 'utf8');
  const [, text = ''] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
  const path = 'site/follow-ups.yaml';
  const shipped = await readSiteFiles(join(root, 'ivr-flows'), join(root, 'sounds'));
  const reading = loadSite([...shipped.filter((file) => file.path !== path), { path, text }], '2026-11-22');
  expect(reading.problems.filter(({ file }) => file === path).map(printProblem)).toEqual([]);
  expect(reading.ok && reading.site.followUps?.teams.get('finance')?.ladder?.steps).toHaveLength(3);
});
