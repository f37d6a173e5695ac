import type { Asker, FollowUpCommand, FollowUps, FollowUpsAsked, SeenFollowUp } from '../../engine/ports/follow-ups.ts';
import type { Clock } from '../../engine/ports/time.ts';
import { valueOf } from '../errors.ts';
import { byId, isoOf, paged, pageOf, problems } from '../schemas/common.ts';
import {
  assignment,
  backlogs,
  closing,
  followUpQuery,
  followUpStory,
  followUpView,
  newFollowUp,
  newNote,
  ownerOf,
  putOff,
  reopening,
} from '../schemas/follow-ups.ts';
import type { Principal } from '../tokens.ts';
import type { App } from './app.ts';

const tags = ['follow-ups'];
const read = { capability: 'followups.read' } as const;
const write = { capability: 'followups.write' } as const;

/** Promises to callers: who keeps them by when. An agent has to do with his own, his teams' and their departments' only. */
export function followUpRoutes(app: App, desk: FollowUps, clock: Pick<Clock, 'now'>): void {
  lookRoutes(app, desk, clock);
  makeRoute(app, desk, clock);
  const does = commands(app, desk, clock);
  does('assign', 'Hand a follow-up to another owner', assignment, ({ owner, note }) => ({
    type: 'assign',
    to: owner,
    note,
  }));
  does('put-off', 'Give a follow-up another due time', putOff, (body) => ({ type: 'put-off', ...body }));
  does('note', 'Write down how a follow-up stands', newNote, (body) => ({ type: 'note', ...body }));
  does('close', 'Close a follow-up with an outcome', closing, (body) => ({ type: 'close', ...body }));
  does('reopen', 'Open a closed follow-up again', reopening, (body) => ({ type: 'reopen', ...body }));
}

function lookRoutes(app: App, desk: FollowUps, clock: Pick<Clock, 'now'>): void {
  app.get(
    '/v1/follow-ups',
    {
      config: read,
      schema: {
        tags,
        summary: 'Follow-ups by owner, state, due time, call or kind',
        querystring: followUpQuery,
        response: { 200: paged(followUpView), ...problems },
      },
    },
    async ({ query: { owner, limit, after, ...query }, principal }) => {
      const asked = { ...given(query), limit, order: query.order } satisfies FollowUpsAsked;
      const where = { ...(owner !== undefined && { owner: ownerOf(owner) }), ...(after !== null && { after }) };
      const found = await desk.list({ ...asked, ...where }, askerOf(principal));
      const { items, next } = pageOf(found, limit);
      return { items: items.map((each) => viewOf(each, clock.now())), next };
    },
  );
  app.get(
    '/v1/follow-ups/queues',
    {
      config: read,
      schema: {
        tags,
        summary: 'What everybody has before him, the oldest first; callbacks that wait under their queue',
        response: { 200: backlogs, ...problems },
      },
    },
    async ({ principal }) => {
      const now = clock.now();
      const queues = await desk.queues(askerOf(principal));
      return { items: queues.map((each) => ({ ...each, oldestMs: Math.max(0, now - each.oldestAt) })) };
    },
  );
  app.get(
    '/v1/follow-ups/:id',
    {
      config: read,
      schema: {
        tags,
        summary: 'A follow-up and its history',
        params: byId,
        response: { 200: followUpStory, ...problems },
      },
    },
    async ({ params, principal }) => {
      const { followUp, history } = valueOf(await desk.one(params.id, askerOf(principal)));
      return { followUp: viewOf(followUp, clock.now()), history };
    },
  );
}

function makeRoute(app: App, desk: FollowUps, clock: Pick<Clock, 'now'>): void {
  app.post(
    '/v1/follow-ups',
    {
      config: write,
      schema: {
        tags,
        summary: 'Promise something: somebody does it until a time',
        body: newFollowUp,
        response: { 201: followUpView, ...problems },
      },
    },
    async ({ body, principal, heldKey }, reply) => {
      // By the key where there is one: after a crash the same request finds the follow-up that it made.
      const id = heldKey ? `followup-${heldKey.makes}` : undefined;
      const made = valueOf(await desk.create(body, askerOf(principal), id));
      return reply.code(201).send(viewOf(made, clock.now()));
    },
  );
}

type Bodies = typeof assignment | typeof newNote | typeof putOff | typeof closing | typeof reopening;

const commands =
  (app: App, desk: FollowUps, clock: Pick<Clock, 'now'>) =>
  <Body extends Bodies>(
    verb: string,
    summary: string,
    body: Body,
    commandOf: (body: Body['_output']) => FollowUpCommand,
  ) =>
    app.post(
      `/v1/follow-ups/:id/${verb}`,
      {
        config: write,
        schema: { tags, summary, params: byId, body, response: { 200: followUpView, ...problems } },
      },
      async (request) => {
        const { params, principal } = request;
        const command = commandOf(request.body as Body['_output']);
        return viewOf(valueOf(await desk.command(params.id, command, askerOf(principal))), clock.now());
      },
    );

/** An agent's token that names no agent may own nothing. */
export const askerOf = (principal: Principal | null): Asker => ({
  name: principal?.name ?? '',
  agentId: principal?.role === 'agent' ? (principal.agentId ?? '') : null,
});

function viewOf({ told, seq: _seq, ...followUp }: SeenFollowUp, now: number) {
  const isOpen = followUp.state === 'open';
  const isOverdue = isOpen && followUp.dueAt <= now;
  const dueAtIso = isoOf(followUp.dueAt);
  return { ...followUp, dueAtIso, isDueSoon: isOpen && told.dueSoon && !isOverdue, isOverdue };
}

/** Without what was left out. */
function given<T extends object>(query: T) {
  const entries = Object.entries(query).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
