import { Readable } from 'node:stream';
import type { EvidenceDesk, PackPiece } from '../../engine/ports/evidence.ts';
import { valueOf } from '../errors.ts';
import { Problem } from '../problem.ts';
import { may } from '../roles.ts';
import { byId, problems } from '../schemas/common.ts';
import { evidencePieces, evidenceQuery } from '../schemas/evidence.ts';
import type { App } from './app.ts';

/** What shows how a campaign was dialled, signed. */
export function evidenceRoutes(app: App, desk: EvidenceDesk): void {
  app.get(
    '/v1/campaigns/:id/evidence',
    {
      config: { capability: 'campaigns.read' },
      schema: {
        tags: ['campaigns'],
        summary: 'The evidence pack of a span of time, signed',
        params: byId,
        querystring: evidenceQuery,
        response: { 200: evidencePieces, ...problems },
      },
    },
    async ({ params, query: { from, to: until = Number.MAX_SAFE_INTEGER, numbers }, principal }, reply) => {
      const withNumbers = numbers === 'whole';
      if (withNumbers && !(principal && may(principal.role, 'campaigns.write'))) {
        throw new Problem(
          'role.forbidden',
          'Telephone numbers are whole for managers and admins only: ask for them masked.',
        );
      }
      if (until <= from)
        throw new Problem('request.invalid', 'The span ends before it begins: `to` must be after `from`.');
      const asked = { campaignId: params.id, from, until, withNumbers, by: principal?.name ?? '' };
      const pieces = valueOf(await desk.pack(asked));
      reply.type('application/x-ndjson').header('cache-control', 'no-store');
      return reply.send(Readable.from(lines(pieces)));
    },
  );
}

async function* lines(pieces: AsyncIterable<PackPiece>): AsyncIterable<string> {
  for await (const { name, text } of pieces) yield `${JSON.stringify({ name, text })}\n`;
}
