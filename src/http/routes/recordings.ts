import type { FlowDesk } from '../../engine/ports/flow-desk.ts';
import { audio, sendAudio } from '../audio.ts';
import { found } from '../errors.ts';
import { Problem } from '../problem.ts';
import { byId, nothing, problems } from '../schemas/common.ts';
import type { App } from './app.ts';

const tags = ['recordings'];

/** What callers said to nodes that record, as the events `flow.recorded` and `survey.answered` name it. */
export function recordingRoutes(app: App, desk: FlowDesk): void {
  app.get(
    '/v1/recordings/:id/audio',
    {
      config: { capability: 'recordings.read' },
      schema: { tags, summary: 'What the caller said', params: byId, response: { 200: audio, ...problems } },
    },
    async ({ params }, reply) => sendAudio(reply, found(await desk.recordingAudio(params.id), 'recording')),
  );
  app.delete(
    '/v1/recordings/:id',
    {
      config: { capability: 'recordings.erase' },
      schema: {
        tags,
        summary: 'Erase a recording for good',
        params: byId,
        response: { 204: nothing('Erased.'), ...problems },
      },
    },
    async ({ params, principal }, reply) => {
      const erased = await desk.eraseRecording(params.id, principal?.name ?? '');
      if (!erased) throw new Problem('resource.unknown', 'There is no such recording.');
      return reply.code(204).send();
    },
  );
}
