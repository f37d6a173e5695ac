import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, openHouse } from './house.ts';

interface Operation {
  summary?: string;
  parameters?: { name: string; in: string; required?: boolean; schema: object }[];
  requestBody?: { content: Record<string, { schema: object }> };
  responses: Record<string, { description?: string; content?: Record<string, { schema?: object }> }>;
  security?: object[];
  'x-roles'?: string[];
}
interface Document {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  security: object[];
}

let house: House;
let document: Document;
beforeAll(async () => {
  house = await openHouse();
  document = (await house.ask('agent', { url: '/openapi.json' })).json<Document>();
});
afterAll(() => house.close());

const operations = () =>
  Object.entries(document.paths).flatMap(([path, verbs]) =>
    Object.entries(verbs).map(([verb, operation]) => ({ path, verb, operation, name: `${verb} ${path}` })),
  );

describe('the OpenAPI document', () => {
  it('is 3.1 with title, version and the token as its security', () => {
    expect(document).toMatchObject({
      openapi: '3.1.0',
      info: { title: 'Callwright', version: '0.0.0' },
      security: [{ token: [] }],
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    });
  });

  it('has every /v1 route of the router, and what those who run the machine ask for', () => {
    const routes = house.http.routes.filter(
      ({ url }) => url.startsWith('/v1/') || ['/metrics', '/healthz', '/readyz'].includes(url),
    );
    const expected = routes.map(({ method, url }) => `${method.toLowerCase()} ${url.replace(/:(\w+)/gu, '{$1}')}`);
    expect(
      operations()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(expected.sort());
    expect(expected.length).toBeGreaterThan(25);
  });

  it('declares each path parameter, says what each operation does, who may, and how it fails', () => {
    for (const { path, operation, name } of operations()) {
      const inPath = [...path.matchAll(/\{(\w+)\}/gu)].map(([, parameter]) => parameter);
      const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
      expect(
        declared.map((parameter) => parameter.name),
        name,
      ).toEqual(inPath);
      expect(
        declared.every((parameter) => parameter.required),
        name,
      ).toBe(true);
      expect(operation.summary, name).toMatch(/^[A-Z]/u);
      expect(
        Object.values(operation.responses).every(({ description }) => typeof description === 'string'),
        name,
      ).toBe(true);
      if (path === '/healthz') expect(operation.security).toEqual([]);
      else {
        expect(operation['x-roles'], name).toContain('admin');
        expect(operation.responses['default']?.content?.['application/problem+json']?.schema, name).toBeDefined();
      }
    }
  });

  it('resolves every reference and names only types of JSON Schema', () => {
    const walk = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      for (const [key, child] of Object.entries(value)) {
        if (key === '$ref') {
          const parts = String(child).replace('#/', '').split('/');
          expect(
            parts.reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], document),
            String(child),
          ).toBeDefined();
        }
        walk(child);
      }
    };
    walk(document);
    const types = [...JSON.stringify(document.paths).matchAll(/"type":"(\w+)"/gu)].map(([, type]) => type);
    expect(new Set(types)).toEqual(new Set(['array', 'boolean', 'integer', 'null', 'number', 'object', 'string']));
  });

  it('shows the kinds of body: JSON, CSV for leads, an event stream', () => {
    const post = (path: string) => Object.keys(document.paths[path]?.['post']?.requestBody?.content ?? {});
    expect(post('/v1/campaigns')).toEqual(['application/json']);
    expect(post('/v1/campaigns/{id}/leads')).toEqual(['text/csv']);
    expect(Object.keys(document.paths['/v1/events/stream']?.['get']?.responses['200']?.content ?? {})).toEqual([
      'text/event-stream',
    ]);
  });

  it('has a page that a person can open, made of nothing from elsewhere', async () => {
    const opened = await house.ask('agent', { url: '/docs/' });
    expect(opened.statusCode).toBe(200);
    expect(opened.headers['content-type']).toContain('text/html');
    const parts = [...opened.body.matchAll(/(?:src|href)="([^"]+)"/gu)].map(([, part]) => part ?? '');
    expect(parts.length).toBeGreaterThan(3);
    for (const part of parts) {
      expect(part).toMatch(/^\.{0,2}\/(?!\/)/u);
      expect((await house.ask('agent', { url: new URL(part, 'http://x/docs/').pathname })).statusCode, part).toBe(200);
    }
    expect(opened.body.replace(/<script[^>]*src=[^>]*>\s*<\/script>/gu, '')).not.toContain('<script');
  });
});
