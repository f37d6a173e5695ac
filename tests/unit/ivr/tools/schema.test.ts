import { Ajv2020 } from 'ajv/dist/2020.js';
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { KINDS } from '../../../../src/ivr/nodes/index.ts';
import { FIELD_WORDS, KIND_WORDS } from '../../../../src/ivr/tools/field-words.ts';
import { flowSchema, type Json, type KnownNames, NO_NAMES } from '../../../../src/ivr/tools/schema.ts';
import { bigFlow, flowText } from './flow-text.ts';

const validator = (schema: Json) => new Ajv2020({ strict: false, allErrors: true }).compile(schema);
const FILE = 'ivr-flows/schema/ivr-flow.v1.json';
const committed = JSON.parse(readFileSync(FILE, 'utf8')) as Json & { $defs: Record<string, Json> };

/** The names of a site in a schema, so that one can be made again with the same. */
function namesIn({ $defs }: typeof committed): KnownNames {
  const names = Object.keys(NO_NAMES).map((what) => {
    const [offered] = ($defs[what]?.['anyOf'] ?? []) as { enum: string[] }[];
    return [what, offered?.enum ?? []];
  });
  return Object.fromEntries(names);
}

describe('the schema for editors', () => {
  it('is committed as the loader has it; else run `callwright flow schema`', () => {
    expect(committed).toEqual(flowSchema(namesIn(committed)));
  });

  it('takes every shipped flow', () => {
    const valid = validator(committed);
    const flows = globSync('ivr-flows/*.yaml').filter((path) => !path.endsWith('.test.yaml'));
    expect(flows.length).toBeGreaterThan(1);
    for (const path of flows) {
      expect([path, valid(parse(readFileSync(path, 'utf8'))), valid.errors]).toEqual([path, true, null]);
    }
    expect(valid(parse(bigFlow()))).toBe(true);
  });

  it.each([
    [
      'a field of another kind',
      'a: { type: play, prompt: x, keys: { "1": a } }',
      '/nodes/a must NOT have additional properties',
    ],
    ['a kind that is not there', 'a: { type: plai }', '/nodes/a/type must be equal to one of the allowed values'],
    ['a time without unit', 'a: { type: queue, queue: q, maxWait: 5 }', '/nodes/a/maxWait must be string'],
    ['a missing field', 'a: { type: menu, prompt: x }', "/nodes/a must have required property 'keys'"],
  ])('tells of %s', (_what, nodes, message) => {
    const valid = validator(flowSchema(NO_NAMES));
    expect(valid(parse(flowText(nodes)))).toBe(false);
    expect(valid.errors?.map((error) => `${error.instancePath} ${error.message}`)).toContain(message);
  });

  it('offers the names of the site, and takes others', () => {
    const schema = flowSchema({ ...NO_NAMES, queue: ['support', 'billing'], skill: ['lang:fi'] }) as typeof committed;
    expect(schema.$defs['queue']).toMatchObject({ anyOf: [{ enum: ['billing', 'support'] }, { type: 'string' }] });
    expect(schema.$defs['node-queue']).toMatchObject({ properties: { queue: { $ref: '#/$defs/queue' } } });
    const text = flowText('a: { type: queue, queue: other, require: [{ skill: "lang:${call.language}", level: 3 }] }');
    expect(validator(schema)(parse(text))).toBe(true);
  });

  it('has words for every kind, and for every field of one', () => {
    expect(Object.keys(KIND_WORDS).sort((a, b) => a.localeCompare(b))).toEqual(
      KINDS.map(({ type }): string => type).sort((a, b) => a.localeCompare(b)),
    );
    const fields = KINDS.flatMap(({ schema }) => ('shape' in schema ? Object.keys(Object(schema.shape)) : []));
    const used = new Set([...fields, ...Object.keys(committed['properties'] as Json)]);
    expect([...used].filter((field) => !(field in FIELD_WORDS))).toEqual([]);
    expect(Object.keys(FIELD_WORDS).filter((field) => !used.has(field))).toEqual([]);
  });

  it('knows every length of time: no other text is without a pattern', () => {
    const bare = new Set<string>();
    const walk = (schema: unknown, field: string): void => {
      if (typeof schema !== 'object' || schema === null) return;
      const rest = Object.keys(schema).filter((key) => key !== 'description' && key !== 'default');
      if (rest.length === 1 && Reflect.get(schema, 'type') === 'string') bare.add(field);
      for (const [key, inner] of Object.entries(schema))
        walk(inner, /^([0-9]+|anyOf|items|properties)$/.test(key) ? field : key);
    };
    const [properties, defs] = [committed['properties'], committed['$defs']];
    walk(properties, '');
    walk(defs, '');
    expect([...bare].sort((a, b) => a.localeCompare(b))).toEqual([
      'additionalProperties',
      'default',
      'pattern',
      'reviewBy',
      'values',
      'when',
    ]);
  });
});
