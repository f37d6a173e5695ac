import { describe, expect, it } from 'vitest';
import { FLOW, found, told } from '../config/site-files.ts';
import { Caller, flowOf, NOON } from './caller.ts';
import { findings, VARS } from './findings.ts';

const HOUR_MS = 3_600_000;

const nodes = (over: Readonly<Record<string, string>> = {}) => {
  const fields = { kind: 'refund', owner: '{ team: finance }', within: '4h', reason: '"Return ${id}"', ...over };
  const rows = Object.entries(fields).filter(([, value]) => value !== '');
  return `type: followUp, ${rows.map(([field, value]) => `${field}: ${value}`).join(', ')}`;
};
const GOES = `\ngood: { type: play, prompt: good }\nbad: { type: play, prompt: bad }`;
const asks = (over: Readonly<Record<string, string>> = {}, vars = VARS) =>
  new Caller(flowOf(`a: { ${nodes({ next: 'good', outcomes: '{ error: bad }', ...over })} }${GOES}`, vars));

describe('followUp', () => {
  it('asks for the work with what the flow knows, and goes on once it is written down', () => {
    const caller = asks({ data: '{ id: "${id}", n: "${n}", sure: true }', priority: '5' });
    expect(caller.command('request').request).toEqual({
      kind: 'follow-up',
      flow: 'test',
      work: 'refund',
      owner: { kind: 'team', id: 'finance' },
      dueAt: NOON + 4 * HOUR_MS,
      reason: 'Return none',
      data: { id: 'none', n: '3', sure: 'true' },
      priority: 5,
    });
    expect(caller.at).toBe('a asking');
    expect(caller.answers('ok').hears).toEqual(['en/good']);
  });

  it.each(['error', 'timeout', 'whatever'])('goes the failed way on %s', (outcome) => {
    expect(asks().answers(outcome).hears).toEqual(['en/bad']);
  });

  it('is waited for when the caller hangs up', () => {
    const caller = asks().leaves();
    expect(caller.at).toBe('a asking');
    caller.answers('ok');
    expect(caller.at).not.toBe('a asking');
  });

  const due = (by: string) => `vars: { by: { type: string, default: "${by}" }, id: { type: string, default: x } }`;
  const AT = { within: '', at: '"${by}"' };

  it('is due at the moment of a variable', () => {
    const caller = asks(AT, due('2026-03-11T12:00:00+02:00'));
    expect(caller.command('request').request).toMatchObject({ dueAt: Date.UTC(2026, 2, 11, 10) });
  });

  it.each(['', 'tomorrow', '2026-03-11', '2026-03-11T12:00:00'])('fails when it is due at no moment: %j', (by) => {
    const caller = asks(AT, due(by));
    expect(caller.commands.filter(({ type }) => type === 'request')).toEqual([]);
    expect(caller.hears).toEqual(['en/bad']);
  });

  it('cuts what is too long, and names an empty reason by its kind', () => {
    const long = (reason: string) =>
      asks({ reason: '"${id}"', data: '{ id: "${id}" }' }, `vars: { id: { type: string, default: "${reason}" } }`);
    const request = long(`${'x'.repeat(499)}😀`).command('request').request;
    expect(request).toMatchObject({ reason: `${'x'.repeat(499)}\ufffd`, data: { id: `${'x'.repeat(499)}\ufffd` } });
    expect(long('').command('request').request).toMatchObject({ reason: 'refund' });
  });
});

describe('what is wrong with a followUp', () => {
  it.each([
    ['no due time', { within: '' }, 'missing-field: A follow-up has one due time.'],
    ['two due times', { at: '"2026-03-11T12:00:00Z"' }, 'missing-field: A follow-up has one due time.'],
    ['no moment', { within: '', at: 'friday' }, 'wrong-value: `friday` is no moment.'],
    ['two owners', { owner: '{ team: a, agent: b }' }, 'wrong-value: Work goes to one agent, team or department.'],
    ['a callback', { kind: 'callback' }, 'wrong-value: No kind of follow-up.'],
    ['a field of no name', { data: '{ _id: x }' }, 'wrong-value: There are 32 fields at most'],
    ['a secret', { reason: '"${card}"' }, 'sensitive-leak: The sensitive variable `card` would leave the call here.'],
    ['what nobody knows', { reason: '"${cart}"' }, 'bad-template: `cart` cannot stand in a text.'],
  ])('%s', (_what, over, message) => {
    const all = findings(`{ ${nodes({ next: 'b', ...over })} }`);
    expect(all.filter((one) => one.startsWith(message))).toHaveLength(1);
    expect(all).toHaveLength(1);
  });

  it('a whole one: nothing', () => expect(findings(`{ ${nodes({ next: 'b' })} }`)).toEqual([]));

  it.each([
    ['team', 'finanse', 'There is no team `finanse`.'],
    ['department', 'ofice', 'There is no department `ofice`.'],
    ['agent', 'alise', 'There is no agent `alise`.'],
  ])('an unknown %s', (what, id, message) => {
    const site = (name: string) => ({
      'main.yaml': FLOW.replace(
        'hi: {',
        `x: { ${nodes({ owner: `{ ${what}: ${name} }`, reason: 'x', next: 'hi' })} }\n  hi: {`,
      ).replace('closed: hi,', 'closed: x,'),
      'site/follow-ups.yaml':
        'teams: { finance: { title: Finance, members: [alice] } }\ndepartments: { office: { title: Office, teams: [finance] } }\n',
    });
    expect(found(`unknown-${what}`, site(id))).toEqual([expect.stringContaining(message)]);
    expect(told(site({ team: 'finance', department: 'office', agent: 'alice' }[what] ?? ''))).toEqual([]);
  });
});
