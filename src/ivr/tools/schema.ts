import { z } from 'zod';
import { flowFile } from '../flow-file.ts';
import { KINDS } from '../nodes/index.ts';
import { speech, speeches } from '../parts.ts';
import { language, name, promptName } from '../words.ts';
import { DURATIONS, FIELD_WORDS, KIND_WORDS } from './field-words.ts';

/** Names of a site that editors offer. Names that are not among them are no fault here: `flow check` judges. */
export interface KnownNames {
  readonly queue: readonly string[];
  readonly calendar: readonly string[];
  readonly box: readonly string[];
  readonly trunk: readonly string[];
  readonly flow: readonly string[];
  readonly skill: readonly string[];
  readonly language: readonly string[];
  readonly prompt: readonly string[];
}

export const NO_NAMES: KnownNames = {
  queue: [],
  calendar: [],
  box: [],
  trunk: [],
  flow: [],
  skill: [],
  language: [],
  prompt: [],
};

/** A part of a JSON Schema. */
export interface Json {
  [key: string]: unknown;
}

/**
 * JSON Schema (draft 2020-12) of flow files for editors: the loader's own schema as people write it, with what each word
 * means. A node is told by its `type` alone, so that editors offer its fields and no others.
 */
export function flowSchema(names: KnownNames): Json {
  const known = z.registry<{ id: string }>();
  known.add(name, { id: 'name' }).add(language, { id: 'language' }).add(promptName, { id: 'prompt' });
  known.add(speech, { id: 'speech' }).add(speeches, { id: 'question' });
  const { $schema, $defs, properties, ...rest }: Json = z.toJSONSchema(flowFile, { io: 'input', metadata: known });
  const defs = { ...part($defs), ...nodesOf(part(properties)) };
  const fields = {
    ...part(properties),
    nodes: { type: 'object', propertyNames: ref('name'), additionalProperties: ref('node') },
  };
  const whole = { ...rest, properties: fields, $defs: defs };
  const told = tell(whole);
  return {
    $schema,
    title: 'Callwright flow, ivr/v1',
    ...told,
    properties: described(part(told['properties'])),
    $defs: offered(part(told['$defs']), names),
  };
}

const part = (value: unknown): Json => (typeof value === 'object' && value !== null ? { ...value } : {});
const ref = (def: string) => ({ $ref: `#/$defs/${def}` });

/** `node`, and a definition for each kind of it. */
function nodesOf(properties: Json): Json {
  const shapes = part(part(properties['nodes'])['additionalProperties'])['oneOf'];
  const kinds = (Array.isArray(shapes) ? shapes : []).map(part).map((shape, i) => {
    const type = KINDS[i]?.type ?? '';
    const fields = described(part(shape['properties']));
    return [type, { description: KIND_WORDS[type], ...shape, properties: fields }] as const;
  });
  const node = {
    type: 'object',
    required: ['type'],
    properties: { type: { description: FIELD_WORDS['type'], enum: kinds.map(([type]) => type) } },
    allOf: kinds.map(([type]) => ({
      if: { required: ['type'], properties: { type: { const: type } } },
      // oxlint-disable-next-line unicorn/no-thenable
      then: ref(`node-${type}`),
    })),
  };
  return { node, ...Object.fromEntries(kinds.map(([type, shape]) => [`node-${type}`, shape])) };
}

const described = (fields: Json): Json =>
  Object.fromEntries(
    Object.entries(fields).map(([field, shape]) => [field, { description: FIELD_WORDS[field], ...part(shape) }]),
  );

const LENGTH = { pattern: '^[0-9]{1,9}(ms|s|m|h|d)$', examples: ['6s', '1500ms', '2m', '24h'] };
const REFERRING = ['queue', 'calendar', 'box', 'trunk', 'flow', 'skill'] as const;

/** Says everywhere what the loader's schema cannot: which texts are lengths of time, and which are names from where. */
function tell(schema: Json): Json {
  const fields = Object.entries(part(schema['properties'])).map(([field, shape]) => [
    field,
    tellField(field, part(shape)),
  ]);
  const inner = Object.entries(schema).map(([key, value]) => {
    if (key === 'properties') return [key, Object.fromEntries(fields)];
    if (Array.isArray(value)) return [key, value.map((one: unknown) => (isSchema(one) ? tell(one) : one))];
    return [key, isSchema(value) ? tell(value) : value];
  });
  return Object.fromEntries(inner);
}

const isSchema = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function tellField(field: string, shape: Json): Json {
  const referring = REFERRING.find((what) => what === field);
  const { description } = shape;
  if (referring && (shape['$ref'] === '#/$defs/name' || field === 'skill')) return { description, ...ref(referring) };
  if (shape['type'] === 'string' && DURATIONS.has(field) && !('pattern' in shape)) return { ...shape, ...LENGTH };
  return tell(shape);
}

/** Definitions of names: those of the site to choose from, and any other that is written as a name. */
function offered(defs: Json, names: KnownNames): Json {
  const plain = part(defs['name']);
  const offer = (what: keyof KnownNames, shape: Json): readonly [string, Json] => {
    const choices = [...new Set(names[what])].sort();
    return [what, choices.length === 0 ? shape : { anyOf: [{ enum: choices }, shape] }];
  };
  return {
    ...defs,
    ...Object.fromEntries([
      ...(['queue', 'calendar', 'box', 'trunk', 'flow'] as const).map((what) => offer(what, plain)),
      offer('skill', { type: 'string', minLength: 1, maxLength: 100 }),
      offer('language', part(defs['language'])),
      offer('prompt', part(defs['prompt'])),
    ]),
  };
}
