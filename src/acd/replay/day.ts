import { z } from 'zod';

const at = z.number();
const requirements = z.array(z.object({ skill: z.string(), level: z.number() }));

/** One stay of a call in a queue, as it was. */
const visitSchema = z.object({
  /** The call's id, `#` and which of its stays. */
  id: z.string(),
  callId: z.string(),
  /** A callback or a message waits with nobody on the line, and counts in no figure of the queue. */
  kind: z.enum(['call', 'campaign', 'callback', 'voicemail']),
  queue: z.string(),
  require: requirements,
  /** What its flow asks instead once it has waited so long; empty: as the queue relaxes. */
  relax: z.array(z.object({ afterMs: z.number(), require: requirements })),
  campaignId: z.string().nullable(),
  /** When it came to the queue, and since when it counts as waiting: earlier when it kept a place. */
  at,
  enqueuedAt: at,
  priority: z.number(),
  /** Its credit was changed while it waited. */
  raised: z.array(z.object({ at, priority: z.number() })),
  /** Nobody was rung for him meanwhile: he was asked how he wants to be called back. Without end: until he left. */
  asides: z.array(z.object({ at, until: at.nullable() })),
  /** A queue that helped, seen from who took the call, and from when on at the latest. */
  helped: z.object({ at, by: z.string() }).nullable(),
  prefer: z.object({ agentId: z.string(), until: at }).nullable(),
  /** Offers that came to nothing, and how long each kept the agent; null: until the caller gave up, left or stepped aside. */
  failed: z.array(z.object({ agentId: z.string(), busyMs: z.number().nullable() })),
  end: z.discriminatedUnion('how', [
    /** `setupMs` from the reservation to the answer; talk and wrap-up as they were, null when they went on. */
    z.object({
      how: z.literal('connected'),
      agentId: z.string(),
      at,
      setupMs: z.number(),
      talkMs: z.number().nullable(),
      wrapUpMs: z.number().nullable(),
    }),
    z.object({ how: z.literal('abandoned'), at }),
    z.object({ how: z.literal('left'), at, outcome: z.string() }),
    z.object({ how: z.literal('open') }),
  ]),
});

export type Visit = z.output<typeof visitSchema>;
export type VisitEnd = Visit['end'];

const ofAgent = { at, agentId: z.string() };
const moveSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('status'), ...ofAgent, status: z.enum(['logged-out', 'ready', 'not-ready']) }),
  /** Ready, and left in peace until then. */
  z.object({ type: z.literal('held'), ...ofAgent, until: at }),
  /** Busy with something that is not replayed. */
  z.object({ type: z.literal('engaged'), ...ofAgent, until: at }),
  z.object({
    type: z.literal('changed'),
    ...ofAgent,
    skills: z.record(z.string(), z.number().nullable()),
    queues: z.array(z.string()).nullable(),
  }),
]);

export type AgentMove = Readonly<z.output<typeof moveSchema>>;

/** A number that rang for a campaign, until it was answered or was not. */
const dialSchema = z.object({
  id: z.string(),
  campaignId: z.string(),
  require: requirements,
  at,
  until: at,
  /** It kept no agent from other calls; left out: it kept one. */
  keeps: z.literal('nobody').exactOptional(),
});

export type Dial = Readonly<z.output<typeof dialSchema>>;

/** What happened in a span of time, without what was decided: who came and asked what, and when agents were there. */
export const daySchema = z.object({
  visits: z.array(visitSchema),
  moves: z.array(moveSchema),
  dials: z.array(dialSchema),
  from: at,
  to: at,
});

export type Day = Readonly<z.output<typeof daySchema>>;
