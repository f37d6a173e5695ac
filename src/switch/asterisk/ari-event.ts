import { z } from 'zod';

export const ariChannel = z.object({
  id: z.string(),
  name: z.string(),
  state: z.string(),
  caller: z.object({ name: z.string(), number: z.string() }),
  dialplan: z.object({
    context: z.string().default(''),
    exten: z.string(),
    app_name: z.string(),
    app_data: z.string(),
  }),
  creationtime: z.string(),
});
export type AriChannel = z.output<typeof ariChannel>;

const timestamp = z.string().transform((text) => Date.parse(text));
const onChannel = { timestamp, channel: ariChannel };
const cause = z.number().int();
const hangup = { cause: cause.optional(), soft: z.boolean().optional(), tech_cause: cause.optional() };
/** Durations come in whole seconds; the door puts the exact one in their place where it can. */
const recording = z
  .object({ name: z.string(), target_uri: z.string(), duration: z.number().default(0) })
  .transform(({ name, target_uri, duration }) => ({ id: name, target_uri, durationMs: duration * 1000 }));

/** The events Callwright lives on, checked; Asterisk is asked to send no others. */
export const ariEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('StasisStart'), ...onChannel, args: z.array(z.string()) }),
  z.object({ type: z.literal('StasisEnd'), ...onChannel }),
  z.object({ type: z.literal('ChannelStateChange'), ...onChannel }),
  z.object({ type: z.literal('ChannelDtmfReceived'), ...onChannel, digit: z.string() }),
  z.object({ type: z.literal('ChannelTalkingStarted'), ...onChannel }),
  z.object({ type: z.literal('ChannelTalkingFinished'), ...onChannel, duration: z.number() }),
  z.object({ type: z.literal('ChannelHangupRequest'), ...onChannel, ...hangup }),
  z.object({ type: z.literal('ChannelDestroyed'), ...onChannel, cause }),
  z.object({
    type: z.literal('PlaybackFinished'),
    timestamp,
    playback: z.object({ id: z.string(), target_uri: z.string(), state: z.string() }),
  }),
  z.object({ type: z.literal('RecordingStarted'), timestamp, recording }),
  z.object({ type: z.literal('RecordingFinished'), timestamp, recording }),
  z.object({ type: z.literal('RecordingFailed'), timestamp, recording }),
  z.object({ type: z.literal('ApplicationReplaced'), timestamp }),
]);
export type AriEvent = z.output<typeof ariEvent>;

export const ARI_EVENTS: readonly AriEvent['type'][] = ariEvent.options.map((option) => option.shape.type.value);

/** The channel an event is about, null for none. */
export function channelOf(event: AriEvent): string | null {
  if ('channel' in event) return event.channel.id;
  if (event.type === 'ApplicationReplaced') return null;
  const { target_uri } = 'recording' in event ? event.recording : event.playback;
  const [kind, id] = target_uri.split(':', 2);
  return kind === 'channel' && id ? id : null;
}
