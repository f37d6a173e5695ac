import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { RequestFaults, requestValidator } from '../../../src/http/request-faults.ts';

function told(schema: z.ZodType, data: unknown): readonly string[] {
  const read = requestValidator({ schema, method: 'POST', url: '/', httpPart: 'body' })(data);
  if (typeof read !== 'object' || read === null || !('error' in read)) return [];
  if (!(read.error instanceof RequestFaults)) throw new Error('told by somebody else');
  return read.error.in('body').map(({ where, problem }) => `${where}: ${problem}`);
}

const at = (schema: z.ZodType) => z.object({ at: schema });

describe('what is wrong with a request', () => {
  it.each<readonly [z.ZodType, unknown, string]>([
    [z.string(), undefined, 'is missing: give a text'],
    [z.string(), null, 'must be a text'],
    [z.string(), 5, 'must be a text'],
    [z.number(), 'five', 'must be a number'],
    [z.int(), 1.5, 'must be a whole number'],
    [z.boolean(), 'yes', 'must be true or false'],
    [z.array(z.string()), {}, 'must be a list'],
    [z.strictObject({}), [], 'must be an object'],
    [z.record(z.string(), z.string()), 1, 'must be an object'],
    [z.coerce.number(), 'abc', 'must be a number'],
    [z.enum(['power', 'preview']), 'powr', 'must be one of power, preview'],
    [z.enum(['power', 'preview']), undefined, 'is missing: give one of power, preview'],
    [z.literal('lead'), 'list', 'must be lead'],
    [z.number().max(0.03), 0.5, 'must be at most 0.03'],
    [z.number().lt(3), 3, 'must be less than 3'],
    [z.number().gt(3), 3, 'must be more than 3'],
    [z.int().min(1), 0, 'must be at least 1'],
    [z.string().min(1), '', 'must not be empty'],
    [z.string().min(2), 'a', 'must have at least 2 characters'],
    [z.string().max(1), 'ab', 'must have at most 1 character'],
    [z.string().length(3), 'ab', 'must have exactly 3 characters'],
    [z.array(z.int()).min(1), [], 'must not be empty'],
    [z.array(z.int()).max(2), [1, 2, 3], 'must have at most 2 items'],
    [z.number().multipleOf(5), 7, 'must be a multiple of 5'],
    [z.iso.date(), 'tomorrow', 'must be a date like 2026-11-23'],
    [z.iso.datetime(), 'tomorrow', 'must be a time like 2026-11-23T08:00:00Z'],
    [z.url(), 'here', 'must be an address like https://example.org/path'],
    [z.email(), 'here', 'must be an e-mail address'],
    [z.string().regex(/^[a-z]+$/u), 'A', 'must have the form /^[a-z]+$/u'],
    [z.string().regex(/^[a-z]+$/u, 'not small letters'), 'A', 'not small letters'],
    [z.string().startsWith('x'), 'A', 'is not as /openapi.json has it'],
    [z.strictObject({}), { no: 1 }, 'has no no: leave it out, or look up the name in /openapi.json'],
    [z.strictObject({}), { no: 1, nor: 2 }, 'has no no, no nor: leave them out, or look up the name in /openapi.json'],
    [z.record(z.string().max(2), z.int()), {}, ''],
    [z.string().refine(() => false), 'x', 'is not as /openapi.json has it'],
    [z.string().refine(() => false, 'is odd'), 'x', 'is odd'],
  ])('%#: is told in words: %s %j', (schema, given, problem) => {
    expect(told(at(schema), { at: given })).toEqual(problem === '' ? [] : [`body.at: ${problem}`]);
  });

  it('of a name that is not allowed says why, at that name', () => {
    expect(told(at(z.record(z.string().max(2), z.int())), { at: { long: 1 } })).toEqual([
      'body.at.long: has a name that is not allowed: it must have at most 2 characters',
    ]);
  });

  it('of several allowed forms is that of the one that was meant', () => {
    const number = z.strictObject({ kind: z.literal('number'), to: z.string().min(3) });
    const agent = z.strictObject({ kind: z.literal('agent'), agentId: z.string() });
    expect(told(at(z.union([z.string(), number])), { at: { kind: 'number', to: '' } })).toEqual([
      'body.at.to: must have at least 3 characters',
    ]);
    const worded = at(z.union([z.int(), z.iso.date()], { error: 'no day: write it like 2026-11-23' }));
    expect(told(worded, { at: true })).toEqual(['body.at: no day: write it like 2026-11-23']);
    const either = at(z.discriminatedUnion('kind', [number, agent]));
    expect(told(either, { at: { kind: 'number' } })).toEqual(['body.at.to: is missing: give a text']);
    expect(told(either, { at: { kind: 'fax' } })).toEqual(['body.at.kind: must be one of number, agent']);
    expect(told(either, { at: {} })).toEqual(['body.at.kind: is missing: give one of number, agent']);
  });

  it('is told of every place, and repeats nothing of what was sent', () => {
    const schema = z.strictObject({ pin: z.string().regex(/^[0-9]{4}$/u, 'not 4 digits'), limit: z.int().max(200) });
    expect(told(schema, { pin: 'secret', limit: 4_711 })).toEqual([
      'body.pin: not 4 digits',
      'body.limit: must be at most 200',
    ]);
    expect(told(schema, undefined)).toEqual(['body: is missing: give an object']);
  });
});
