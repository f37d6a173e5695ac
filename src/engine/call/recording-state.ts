import { z } from 'zod';

const text = z.string();

/**
 * What is recorded of the customer's talk, or of the message to him when he was abandoned. One part is one file: it goes on for as
 * long as the customer is together with the same people, or on the line, and another begins after a hold, a consultation, a
 * transfer, an outage, or half an hour.
 */
export const recordingSchema = z.object({
  /** Somebody asked for it, where the queue records on demand. */
  asked: z.boolean(),
  /** Card data is being read: until somebody says that it is not, or the call ends; no hand-over ends it. */
  paused: z.boolean(),
  /** The switch has said that it writes nothing of the part that goes on. */
  silent: z.boolean(),
  /** The part that goes on. */
  part: z.object({ id: text, /** Null: the customer's leg alone. */ bridgeId: text.nullable() }).nullable(),
  /** Parts begun so far. */
  parts: z.number(),
  /** A bridge, or the leg alone, that the switch would not record: not asked again. */
  broken: text.nullable(),
});

export type TalkRecording = Readonly<z.output<typeof recordingSchema>>;
