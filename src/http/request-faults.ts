import type { FastifySchemaCompiler } from 'fastify';
import type { z } from 'zod';
import type { Fault } from './problem.ts';

type Issue = z.core.$ZodIssue;
type RawIssue = z.core.$ZodRawIssue;

/** What of a request does not have the documented form. */
export class RequestFaults extends Error {
  readonly #issues: readonly Issue[];

  constructor(issues: readonly Issue[]) {
    super('The request does not have the documented form.');
    this.#issues = issues;
  }

  /** @param part of the request that it was looked for in, as `body` */
  in(part: string): readonly Fault[] {
    return this.#issues.flatMap((issue) => faultsOf(issue, [part]));
  }
}

/** Holds a part of a request against its schema, and says what is wrong so that who is not of our trade can mend it. */
export const requestValidator: FastifySchemaCompiler<z.ZodType> =
  ({ schema }) =>
  (data) => {
    const read = schema.safeParse(data, { error: sentenceOf });
    return read.success ? { value: read.data } : { error: new RequestFaults(read.error.issues) };
  };

function faultsOf(issue: Issue, above: readonly PropertyKey[]): readonly Fault[] {
  const path = [...above, ...issue.path];
  // Where the schema has words of its own for it, these are the better ones.
  if (issue.code === 'invalid_union' && issue.errors.length > 0 && issue.message === NOT_AS_DOCUMENTED)
    return nearest(issue.errors).flatMap((inner) => faultsOf(inner, path));
  return [{ where: path.map(String).join('.'), problem: issue.message }];
}

/** Of several allowed forms the one that was probably meant: that whose faults lie deepest, then that with the fewest. */
function nearest(forms: readonly Issue[][]): readonly Issue[] {
  const depth = (issues: readonly Issue[]) => Math.max(0, ...issues.map(({ path }) => path.length));
  return forms.toSorted((a, b) => depth(b) - depth(a) || a.length - b.length)[0] ?? [];
}

/** @returns what is wrong at a place and how to mend it; a schema's own words stand above it. Nothing of what was sent is said. */
const sentenceOf = (issue: RawIssue): string =>
  (SENTENCES as Readonly<Record<string, (issue: RawIssue) => string>>)[issue.code ?? '']?.(issue) ?? NOT_AS_DOCUMENTED;

const NOT_AS_DOCUMENTED = 'is not as /openapi.json has it';

type Of<C extends Issue['code']> = Extract<Issue, { readonly code: C }>;

const SENTENCES: { readonly [C in Issue['code']]?: (issue: Of<C>) => string } = {
  invalid_type: ({ expected, input }) => `${failing(input)} ${KINDS[expected] ?? `a ${expected}`}`,
  invalid_value: ({ values, input }) =>
    `${failing(input)} ${values.length > 1 ? 'one of ' : ''}${values.map(String).join(', ')}`,
  too_big: ({ origin, maximum, inclusive, exact }) => {
    if (exact) return `must ${counted(origin, `exactly ${maximum}`, maximum)}`;
    return `must ${counted(origin, inclusive === false ? `less than ${maximum}` : `at most ${maximum}`, maximum)}`;
  },
  too_small: ({ origin, minimum, inclusive, exact }) => {
    if (exact) return `must ${counted(origin, `exactly ${minimum}`, minimum)}`;
    if (Number(minimum) === 1 && UNITS[origin] !== undefined) return 'must not be empty';
    return `must ${counted(origin, inclusive === false ? `more than ${minimum}` : `at least ${minimum}`, minimum)}`;
  },
  invalid_format: ({ format, pattern }) =>
    FORMATS[format] ?? (pattern === undefined ? NOT_AS_DOCUMENTED : `must have the form ${pattern}`),
  not_multiple_of: ({ divisor }) => `must be a multiple of ${divisor}`,
  unrecognized_keys: ({ keys }) =>
    `has no ${keys.join(', no ')}: leave ${keys.length > 1 ? 'them' : 'it'} out, or look up the name in /openapi.json`,
  // The name of the kind: all that says which form is meant.
  invalid_union: (issue) => {
    if (!('options' in issue) || !issue.options) return NOT_AS_DOCUMENTED;
    const { input, discriminator = '' } = issue;
    const given = typeof input === 'object' && input !== null ? Reflect.get(input, discriminator) : undefined;
    return `${failing(given)} one of ${issue.options.map(String).join(', ')}`;
  },
  invalid_key: ({ issues }) => `has a name that is not allowed: it ${issues[0]?.message ?? NOT_AS_DOCUMENTED}`,
  invalid_element: ({ issues }) => issues[0]?.message ?? NOT_AS_DOCUMENTED,
};

const failing = (input: unknown): string => (input === undefined ? 'is missing: give' : 'must be');

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
};

/** What is counted of a value that has a length. */
const UNITS: Readonly<Record<string, string>> = {
  string: 'character',
  array: 'item',
  set: 'item',
  map: 'name',
  object: 'name',
};

/** `have at most 3 items`, `be at most 3`. */
function counted(origin: string, bound: string, count: number | bigint): string {
  const unit = UNITS[origin];
  return unit === undefined ? `be ${bound}` : `have ${bound} ${unit}${Number(count) === 1 ? '' : 's'}`;
}

const FORMATS: Readonly<Record<string, string>> = {
  date: 'must be a date like 2026-11-23',
  datetime: 'must be a time like 2026-11-23T08:00:00Z',
  time: 'must be a time of day like 08:00:00',
  email: 'must be an e-mail address',
  url: 'must be an address like https://example.org/path',
  uuid: 'must be a UUID',
  ipv4: 'must be an IPv4 address',
  ipv6: 'must be an IPv6 address',
  base64: 'must be written in base64',
  json_string: 'must be JSON',
};
