import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { asyncApi } from '../events/asyncapi.ts';
import { takesKey } from './idempotency.ts';
import { rolesWith } from './roles.ts';
import type { App } from './routes/app.ts';

const DESCRIPTION = `Every request needs a token: \`Authorization: Bearer cw_…\`; for reading, HTTP Basic with the token as the
password will do too. Errors are RFC 9457 problem documents with a stable \`code\` (docs/errors.md). Events are described in
/asyncapi.json and docs/events.md. Times are milliseconds.`;

const KEY_HEADER = {
  type: 'object',
  properties: {
    'Idempotency-Key': {
      type: 'string',
      maxLength: 255,
      description: 'The same again within 24 h is carried out once and gets the answer of the first: docs/commands.md.',
    },
  },
};

/** Swagger UI styles its page inline; it loads nothing from elsewhere. */
const PAGE_POLICY = [
  "default-src 'self'",
  "base-uri 'self'",
  "frame-ancestors 'none'",
  "object-src 'none'",
  "img-src 'self' data:",
  "style-src 'self' 'unsafe-inline'",
].join('; ');

/**
 * OpenAPI 3.1 of the requests and AsyncAPI 3.0 of the events, made from the very schemas that check them. Register it before
 * the routes it is to see.
 */
export async function describeApi(app: App, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Callwright', version, description: DESCRIPTION },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: [{ token: [] }],
    },
    transform: (document) => {
      const { schema, url } = jsonSchemaTransform(document);
      const capability = document.route.config?.capability;
      const headers = takesKey([document.route.method].flat()[0] ?? '', url) && { headers: KEY_HEADER };
      return { url, schema: capability ? { ...schema, ...headers, 'x-roles': rolesWith(capability) } : schema };
    },
  });
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: PAGE_POLICY });
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
  const events = asyncApi(version);
  app.get('/asyncapi.json', { schema: { hide: true } }, () => events);
}
