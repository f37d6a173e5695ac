import { z } from 'zod';
import type { Kind } from '../../../src/ivr/kind.ts';

/** A page of `docs/flow`, taken apart. */
export interface Page {
  /** Of the tables that begin with `field` or `outcome`: the names in the first cell, and the last cell. */
  readonly fields: readonly Row[];
  readonly outcomes: readonly Row[];
  /** The ```yaml blocks: a flow, and its tests. */
  readonly examples: readonly string[];
}

interface Row {
  readonly names: readonly string[];
  readonly last: string;
}

export function readPage(text: string): Page {
  const examples = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml = '']) => yaml);
  return { fields: tableOf(text, 'field'), outcomes: tableOf(text, 'outcome'), examples };
}

function tableOf(text: string, head: string): readonly Row[] {
  const [, body = ''] = new RegExp(`^\\| ${head} \\|.*\\n\\|[-|]+\\n((?:\\|.*\\n)*)`, 'm').exec(text) ?? [];
  return body
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const cells = line.slice(1, -1).split(/(?<!\\)\|/);
      const names = [...(cells[0] ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
      return { names, last: (cells.at(-1) ?? '').trim() };
    });
}

/** A field of a kind of node, as `retries.noInput`. */
interface Field {
  readonly name: string;
  readonly required: boolean;
  /** It has fields of its own. */
  readonly parent: boolean;
  readonly default: unknown;
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly additionalProperties?: Schema | boolean;
  readonly default?: unknown;
}

/** Every field that the schema knows, but for the parts of speeches and values, which `the-file.md` tells. */
export function fieldsOf({ schema }: Kind): readonly Field[] {
  const json = z.toJSONSchema(schema as z.core.$ZodType, { io: 'input', unrepresentable: 'any' }) as Schema;
  const found = below(json, '').filter(({ name }) => !/^(type$|outcomes\b)/.test(name));
  return [...new Map(found.map((field) => [field.name, field])).values()];
}

/** A field by which the parts of speeches, questions and values are known. */
const SHARED = ['of', 'first', 'cel'];

function below(schema: Schema, at: string): readonly Field[] {
  const { properties = {}, required = [], items, anyOf = [], additionalProperties } = schema;
  const inner = [...anyOf, ...(items ? [items] : [])];
  if (typeof additionalProperties === 'object') inner.push(additionalProperties);
  const shared = SHARED.some((name) => Object.hasOwn(properties, name));
  const own = Object.entries(shared ? {} : properties).flatMap(([name, field]) => {
    const children = below(field, `${at}${name}.`);
    const filled = schema.default === undefined ? field.default : Object(schema.default)[name];
    const here = { name: at + name, required: required.includes(name) && filled === undefined, default: filled };
    return [{ ...here, parent: children.length > 0 }, ...children];
  });
  return [...own, ...inner.flatMap((one) => below(one, at))];
}
