import type { FlowDesk } from '../../engine/ports/flow-desk.ts';
import type { Service } from '../../engine/ports/service.ts';
import { audio, sendAudio } from '../audio.ts';
import { found, valueOf } from '../errors.ts';
import { Problem } from '../problem.ts';
import { byId, listed, nothing, problems } from '../schemas/common.ts';
import { byRecordingVerb, recordingView, talkRecordingView } from '../schemas/flow-desk.ts';
import type { Principal } from '../tokens.ts';
import type { App } from './app.ts';

const tags = ['recordings'];

/**
 * What callers said to nodes that record, as the events `flow.recorded` and `survey.answered` name it, and parts of talks, as
 * `recording.started` does.
 */
export function recordingRoutes(app: App, desk: FlowDesk, service: Pick<Service, 'call'>): void {
  talkRoutes(app, desk, service);
  app.get(
    '/v1/recordings/:id/audio',
    {
      config: { capability: 'recordings.read' },
      schema: { tags, summary: 'What the caller said', params: byId, response: { 200: audio, ...problems } },
    },
    async ({ params }, reply) =>
      sendAudio(reply, found(await desk.recordingAudio(params.id), `recording ${params.id}`)),
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

/** Listening is for supervisors and above; an agent says what is recorded of his own talk, and hears none of it. */
function talkRoutes(app: App, desk: FlowDesk, service: Pick<Service, 'call'>): void {
  app.get(
    '/v1/calls/:id/recordings',
    {
      config: { capability: 'recordings.read' },
      schema: {
        tags,
        summary: 'What was recorded of a call, oldest first',
        params: byId,
        response: { 200: listed(recordingView), ...problems },
      },
    },
    async ({ params }) => {
      const items = await desk.recordingsOf(params.id);
      if (items.length === 0) found(await service.call(params.id), `call ${params.id}`);
      return { items };
    },
  );
  app.post(
    '/v1/calls/:id/recording/:verb',
    {
      config: { capability: 'recordings.control' },
      schema: {
        tags,
        summary: 'Start, stop, pause or resume the recording of a talk',
        description:
          '`pause` before card data is read: when it is answered, nothing that is said from then on is kept, whatever the switch ' +
          'does. It lasts until `resume` or the end of the talk. `start` and `stop` are for queues that record on demand. 409: ' +
          'nobody talks, you are not in this call, or the queue is recorded always or never.',
        params: byRecordingVerb,
        response: { 200: talkRecordingView, ...problems },
      },
    },
    async ({ params, principal }) => valueOf(await desk.record(params.id, params.verb, actorOf(principal))),
  );
}

function actorOf(principal: Principal | null) {
  if (principal?.role !== 'agent') return { kind: 'supervisor', name: principal?.name ?? '' } as const;
  return { kind: 'agent', agentId: principal.agentId ?? '' } as const;
}
