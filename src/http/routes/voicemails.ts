import type { z } from 'zod';
import type { FlowDesk } from '../../engine/ports/flow-desk.ts';
import type { VoicemailQuery } from '../../engine/ports/flow-store.ts';
import { audio, sendAudio } from '../audio.ts';
import { found, valueOf } from '../errors.ts';
import { byId, nothing, paged, pageOf, problems } from '../schemas/common.ts';
import { voicemailChange, voicemailQuery, voicemailView } from '../schemas/flow-desk.ts';
import type { App } from './app.ts';

const tags = ['voicemail'];

/** Messages that callers left. */
export function voicemailRoutes(app: App, desk: FlowDesk): void {
  app.get(
    '/v1/voicemails',
    {
      config: { capability: 'voicemails.read' },
      schema: {
        tags,
        summary: 'Messages, newest first',
        querystring: voicemailQuery,
        response: { 200: paged(voicemailView), ...problems },
      },
    },
    async ({ query }) => pageOf(await desk.voicemails(wanted(query)), query.limit),
  );
  app.patch(
    '/v1/voicemails/:id',
    {
      config: { capability: 'voicemails.write' },
      schema: {
        tags,
        summary: 'Say that a message was heard or dealt with',
        params: byId,
        body: voicemailChange,
        response: { 200: voicemailView, ...problems },
      },
    },
    async ({ params, body, principal }) =>
      found(await desk.moveVoicemail(params.id, body.state, principal?.name ?? ''), `message ${params.id}`),
  );
  eraseRoute(app, desk);
  audioRoute(app, desk);
}

function eraseRoute(app: App, desk: FlowDesk): void {
  app.delete(
    '/v1/voicemails/:id',
    {
      config: { capability: 'voicemails.write' },
      schema: {
        tags,
        summary: 'Erase a message for good',
        params: byId,
        response: { 204: nothing('Erased.'), ...problems },
      },
    },
    async ({ params, principal }, reply) => {
      valueOf(await desk.eraseVoicemail(params.id, principal?.name ?? ''));
      return reply.code(204).send();
    },
  );
}

function wanted({ box, state, limit, before }: z.output<typeof voicemailQuery>): VoicemailQuery {
  return {
    limit,
    ...(box !== undefined && { box }),
    ...(state !== undefined && { state }),
    ...(before !== null && { before }),
  };
}

/** The message names its recording; what stands in the address is looked up and never becomes part of a path. */
function audioRoute(app: App, desk: FlowDesk): void {
  app.get(
    '/v1/voicemails/:id/audio',
    {
      config: { capability: 'voicemails.read' },
      schema: {
        tags,
        summary: 'What the caller said',
        params: byId,
        response: { 200: audio, ...problems },
      },
    },
    async ({ params }, reply) => sendAudio(reply, found(await desk.voicemailAudio(params.id), `message ${params.id}`)),
  );
}
