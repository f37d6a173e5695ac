import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTemplate, urlFault } from '../../../src/ivr/template.ts';
import { Caller, flowOf } from './caller.ts';
import { findings } from './findings.ts';

const VARS = 'vars: { id: { type: string, default: "42" }, n: { type: int, default: 7 } }';
const nodes = (url: string) => `
know: { type: lookup, request: { url: ${JSON.stringify(url)} }, timeout: 1s, outcomes: { ok: end, notFound: gap, timeout: end, error: end } }
end: { type: hangup }
gap: { type: hangup }`;

/** The address that a lookup asks, or the node it went to instead. */
function asked(url: string, values: Readonly<Record<string, string>> = {}, ani: string | null = '+358501112223') {
  const set = Object.keys(values).length > 0;
  const first = `first: { type: set, set: ${JSON.stringify(values)}, next: know }`;
  const flow = flowOf(set ? `${first}${nodes(url)}` : nodes(url).trim(), VARS);
  const caller = new Caller(flow, { ani, world: { env: new Map([['CRM', 'https://crm.example.org/v2/']]) } });
  const found = caller.commands.find((command) => command.type === 'request');
  return found?.request.kind === 'lookup' ? found.request.url : caller.state.nodeId;
}

describe('an address', () => {
  it.each([
    ['https://crm.example.org/callers', 'https://crm.example.org/callers'],
    ['${env.CRM}/callers/${call.from}', 'https://crm.example.org/v2/callers/%2B358501112223'],
    ['${env.CRM}/a/${id}?n=${n}&l=${call.language}', 'https://crm.example.org/v2/a/42?n=7&l=en'],
    ['${env.CRM}', 'https://crm.example.org/v2'],
    ['${env.NONE}/callers', '/callers'],
    ['http://crm.test:8080/x-${id}', 'http://crm.test:8080/x-42'],
    ['https://crm.example.org?call=${call.id}', 'https://crm.example.org?call=c1'],
  ])('%s', (url, filled) => {
    expect(asked(url)).toBe(filled);
  });

  it.each(['a/../b', '?x=1', '#top', 'a b', '@evil.test', '%2e%2e', '\ud800', 'ä', '\r\nHost: evil.test', '..;/'])(
    'holds what is filled in as one piece of the path: %j',
    (id) => {
      const url = asked('https://crm.example.org/c/${id}/end', { id });
      expect(url).toMatch(/^https:\/\/crm\.example\.org\/c\/[A-Za-z0-9%.!~*'()_-]+\/end$/);
      expect(new URL(url).pathname.split('/')).toHaveLength(4);
    },
  );

  it.each(['', '.', '..'])('with %j in its path is of something else, and finds nothing', (id) => {
    expect(asked('https://crm.example.org/c/${id}/end', { id })).toBe('gap');
    expect(asked('https://crm.example.org/c/${id}', { id })).toBe('gap');
    expect(asked('https://crm.example.org/c?id=${id}', { id })).toMatch(/^https:\/\/crm\.example\.org\/c\?id=\.{0,2}$/);
  });

  it('of a caller without a number finds nothing', () => {
    expect(asked('${env.CRM}/callers/${call.from}', {}, null)).toBe('gap');
  });

  it('never leads to another host or path, whatever is filled in', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 20, unit: 'binary' }), (id) => {
        const url = asked('https://crm.example.org/c/${id}/end', { id });
        if (url === 'gap') return;
        const { host, pathname, search, hash } = new URL(url);
        expect([host, search, hash]).toEqual(['crm.example.org', '', '']);
        expect(pathname).toMatch(/^\/c\/[^/]+\/end$/);
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    '${call.from}',
    '${id}/x',
    '/callers',
    'ftp://crm.example.org/x',
    'crm.example.org/x',
    'https://${id}/x',
    'https://${env.HOST}/x',
    'https://crm.example.org${id}',
    'https://crm.example.org:80${n}/',
    'https://user@crm.example.org/x',
    'https://crm.example.org\\@evil.test/',
    'https://crm.example.org/a b',
    'https://crm.example.org/#x',
    'https://crm.example.org/../x',
    'https://crm.example.org/./${id}',
    '${env.CRM}.evil.test/x',
    '${env.CRM}${id}',
    '${env.CRM}/${env.CRM}',
    'https://',
  ])('%s is refused', (url) => {
    expect(urlFault(parseTemplate(url))).not.toBeNull();
    expect(() => flowOf(nodes(url).trim(), VARS)).toThrow('bad-template');
  });
});

describe('a text with ${…} in it', () => {
  it.each([
    ['plain', []],
    ['${id} and ${ n } of ${call.to}', []],
    ['${gone}', ['`gone` cannot stand in a text.']],
    ['${}', ['`` cannot stand in a text.']],
    ['${env.SECRET}', ['`env.SECRET` cannot stand in a text.']],
    ['${call.constructor}', ['`call.constructor` cannot stand in a text.']],
    ['${id', ['A `${` has no end.']],
  ])('%s', (text, found) => {
    expect(findings(`{ type: emit, event: happened, data: { said: ${JSON.stringify(text)} }, next: b }`)).toEqual(
      found.map((message) => `bad-template: ${message}`),
    );
  });
});
