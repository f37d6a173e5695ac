import * as fc from 'fast-check';
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { readYaml } from '../../../../src/ivr/source.ts';
import { formatYaml } from '../../../../src/ivr/tools/format.ts';
import { flowText } from './flow-text.ts';

function formatted(text: string): string {
  const done = formatYaml(text, 'test.yaml');
  if (!done.ok) throw new Error(done.problems.map(({ message }) => message).join('\n'));
  return done.text;
}

function dataOf(text: string): unknown {
  const reading = readYaml(text, 'test.yaml');
  if (!reading.ok) throw new Error(reading.problems.map(({ message }) => message).join('\n'));
  return reading.source.data;
}

const commentsOf = (text: string) =>
  [...text.matchAll(/(?:^|\s)#\s*(\S.*?)\s*$/gm)].map(([, words = '']) => words).sort((a, b) => a.localeCompare(b));

const keysOf = (data: unknown, path: readonly string[] = []) =>
  Object.keys(path.reduce<object>((inner, step) => Reflect.get(inner, step), Object(data)));

describe('the canonical form', () => {
  it('has fields in one order, and nodes as they were', () => {
    const data = dataOf(
      formatted(
        'nodes: { b: { next: a, prompt: x, type: play }, a: { outcomes: { noInput: b }, keys: { "2": a, "1": b }, timeout: 2s, type: menu } }\nid: x\nversion: ivr/v1',
      ),
    );
    expect(keysOf(data)).toEqual(['version', 'id', 'nodes']);
    expect(keysOf(data, ['nodes'])).toEqual(['b', 'a']);
    expect(keysOf(data, ['nodes', 'b'])).toEqual(['type', 'prompt', 'next']);
    expect(keysOf(data, ['nodes', 'a'])).toEqual(['type', 'keys', 'timeout', 'outcomes']);
    expect(keysOf(data, ['nodes', 'a', 'keys'])).toEqual(['2', '1'].sort());
  });

  it('quotes keys and numbers, those that were written as numbers too', () => {
    const text =
      "dids: [+358401234567, '100']\nnodes:\n    a:\n        keys:\n            1: a\n            '*': b\n            010: c\n        to: 1001\n";
    expect(formatted(text)).toBe(
      'dids: ["+358401234567", "100"]\nnodes:\n  a:\n    keys:\n      "1": a\n      "*": b\n      "010": c\n    to: "1001"\n',
    );
  });

  it('leaves numbers that are meant as such', () => {
    const text = 'nodes:\n  a: { type: emit, event: e, data: { to: 5, key: 7 }, set: { end: 3 } }\nlines: 30\n';
    expect(formatted(text)).toBe(text);
  });

  it('keeps comments with what they belong to', () => {
    const text = `# heads the file
version: ivr/v1

id: x # its name
nodes:
  # the first one
  a:
    # what it says
    prompt: x
    type: play # its kind
`;
    expect(formatted(text)).toBe(`# heads the file
version: ivr/v1

id: x # its name
nodes:
  # the first one
  a:
    type: play # its kind
    # what it says
    prompt: x
`);
  });

  it('breaks brackets that do not fit a line, and those with comments in them', () => {
    const long = `a: { ${Array.from({ length: 12 }, (_, i) => `outcome${i}: node-${i}`).join(', ')} }`;
    expect(formatted(long)).toMatch(/^a:\n {2}outcome0: node-0\n/);
    expect(formatted('a: [b, # why\n  c]')).toBe('a:\n  - b # why\n  - c\n');
    expect(formatted('a: [ b,   "c ] d" ]\nb: [ ]')).toBe('a: [b, "c ] d"]\nb: []\n');
  });

  it('lets a file with aliases stand in its order', () => {
    const text = 'nodes:\n  a: &bye { next: b, type: play }\n  b: *bye\nversion: ivr/v1\n';
    expect(dataOf(formatted(text))).toEqual(dataOf(text));
  });

  it('refuses what is no YAML, with its place', () => {
    const done = formatYaml('a: [1', 'bad.yaml');
    expect(done).toMatchObject({ ok: false, problems: [{ file: 'bad.yaml', line: 1, code: 'yaml-syntax' }] });
  });
});

describe('formatting', () => {
  const shipped = globSync('ivr-flows/**/*.yaml').map((path) => [path, readFileSync(path, 'utf8')] as const);

  it.each(shipped)('changes neither meaning nor comments of %s, and nothing the second time', (_path, text) => {
    const once = formatted(text);
    expect(dataOf(once)).toEqual(dataOf(text));
    expect(commentsOf(once)).toEqual(commentsOf(text));
    expect(formatted(once)).toBe(once);
  });

  it('changes no meaning, and nothing the second time, whatever the data and however it is written', () => {
    const word = fc.oneof(
      fc.stringMatching(/^[a-z][a-z0-9 :#'"-]{0,12}$/),
      fc.string({ maxLength: 12 }).filter((text) => !(text in Object.prototype)),
      fc.stringMatching(/^\+?[0-9]{1,6}$/),
    );
    const { data } = fc.letrec<{ data: unknown }>((tie) => ({
      data: fc.oneof(
        { maxDepth: 4 },
        word,
        fc.integer(),
        fc.boolean(),
        fc.array(tie('data'), { maxLength: 5 }),
        fc.dictionary(word, tie('data'), { maxKeys: 5 }),
      ),
    }));
    const style = fc.record({
      collectionStyle: fc.constantFrom('any' as const, 'flow' as const),
      indent: fc.integer({ min: 1, max: 5 }),
      lineWidth: fc.constantFrom(0, 40, 80),
      defaultStringType: fc.constantFrom('PLAIN' as const, 'QUOTE_DOUBLE' as const, 'QUOTE_SINGLE' as const),
    });
    const root = fc.dictionary(word, data, { minKeys: 1, maxKeys: 6 });
    fc.assert(
      fc.property(root, style, (written, how) => {
        const text = stringify(written, { version: '1.2', schema: 'core', ...how });
        const reading = readYaml(text, 'test.yaml');
        fc.pre(reading.ok);
        const once = formatted(text);
        expect(dataOf(once)).toEqual(reading.ok && reading.source.data);
        expect(formatted(once)).toBe(once);
      }),
      { numRuns: 300 },
    );
  });

  it('leaves a flow the same flow', () => {
    const text = flowText(
      'm: { outcomes: { invalid: e, noInput: e }, keys: { "1": e }, prompt: x, type: menu }\ne: { type: hangup }',
    );
    expect(dataOf(formatted(text))).toEqual(dataOf(text));
    expect(formatted(text)).toContain(
      'm: { type: menu, prompt: x, keys: { "1": e }, outcomes: { invalid: e, noInput: e } }',
    );
  });
});
