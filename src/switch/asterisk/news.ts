import type { BridgeId, LegId, PlaybackId, RecordingId } from '../../call/ids.ts';
import type { Detection } from '../../call/detection.ts';
import type { SwitchEvent } from '../../call/switch.ts';
import { DETECTED, findingOf } from './amd.ts';
import type { AriChannel, AriEvent } from './ari-event.ts';

/**
 * What the door knows of a living leg.
 *
 *     new ──Ringing──▶ ringing ──Up or StasisStart──▶ up      (then gone: ChannelDestroyed)
 */
export interface DoorLeg {
  readonly id: LegId;
  readonly phase: 'new' | 'ringing' | 'up';
  /** We rang it. Such a leg is ours to command only when it has entered our application, which is its answer. */
  readonly dialled: boolean;
  /** Playbacks that have not ended; true when they were told to stop. */
  readonly playing: ReadonlyMap<PlaybackId, boolean>;
  /** Recordings that have not ended. */
  readonly recording: ReadonlySet<RecordingId>;
  /** The bridge it was last put into, until that is taken down. */
  readonly bridge: BridgeId | null;
  /** To be listened to when it is picked up, or listened to since then. Null when that is over. */
  readonly detect: { readonly by: Detection; readonly since: number } | null;
  /** It is out of our hands: hung up, or back in the dialplan. */
  readonly left: boolean;
  /** Its end has begun: what Asterisk cuts short now is no fault of what was played. */
  readonly isEnding: boolean;
  /** Music was asked for and plays, as far as is known. */
  readonly music: boolean;
  /** Why it ends (Q.850), once that is known. */
  readonly q850: number | null;
  /** Final SIP response of the far end. */
  readonly sip?: number;
}

export interface News {
  readonly events: readonly SwitchEvent[];
  /** The leg as it is now; null when it is gone or was never ours. */
  readonly leg: DoorLeg | null;
}

export const newLeg = (id: LegId, dialled: boolean, phase: DoorLeg['phase'] = 'new'): DoorLeg => ({
  id,
  phase,
  dialled,
  playing: new Map(),
  recording: new Set(),
  bridge: null,
  detect: null,
  left: false,
  isEnding: false,
  music: false,
  q850: null,
});

/** Our own legs enter the application with this argument, arriving ones with whatever the dialplan says. */
export const OUTBOUND = 'outbound';

/**
 * What an ARI event means, given the leg it is about.
 *
 * @param trunkNames name of a PJSIP endpoint → name of the trunk.
 */
export function newsOf(event: AriEvent, leg: DoorLeg | null, trunkNames: ReadonlyMap<string, string>): News {
  if (event.type === 'ApplicationReplaced')
    return { events: [{ type: 'switch.fenced', at: event.timestamp }], leg: null };
  if (event.type === 'StasisStart') return started(event, leg, trunkNames);
  return leg ? newsOfLeg(event, leg) : { events: [], leg };
}

type Of<T extends AriEvent['type']> = Extract<AriEvent, { type: T }>;

function started(event: Of<'StasisStart'>, leg: DoorLeg | null, trunkNames: ReadonlyMap<string, string>): News {
  const { channel, timestamp: at } = event;
  const answered: SwitchEvent = { type: 'leg.answered', at, legId: channel.id };
  if (event.args[0] === OUTBOUND) {
    if (leg && event.args[2] === DETECTED) return detected(event, leg);
    if (!leg || leg.phase === 'up') return { events: [], leg };
    const detect = leg.detect && { ...leg.detect, since: at };
    return { events: [answered], leg: { ...leg, phase: 'up', detect } };
  }
  const isUp = channel.state === 'Up';
  const offered: SwitchEvent = {
    type: 'leg.offered',
    at,
    legId: channel.id,
    dnis: event.args[1] ?? channel.dialplan.exten,
    ani: aniOf(channel),
    callerName: nameOf(channel),
    source: sourceOf(channel, trunkNames),
  };
  return { events: isUp ? [offered, answered] : [offered], leg: newLeg(channel.id, false, isUp ? 'up' : 'ringing') };
}

/** It comes back from its detection, into the application it was picked up in. */
function detected({ args, timestamp: at }: Of<'StasisStart'>, leg: DoorLeg): News {
  const tookMs = leg.detect ? Math.max(0, at - leg.detect.since) : 0;
  const finding = findingOf(args[3], args[4]);
  return { events: [{ type: 'leg.detected', at, legId: leg.id, ...finding, tookMs }], leg: { ...leg, detect: null } };
}

function newsOfLeg(event: Exclude<AriEvent, Of<'StasisStart' | 'ApplicationReplaced'>>, leg: DoorLeg): News {
  const [legId, at] = [leg.id, event.timestamp];
  switch (event.type) {
    case 'StasisEnd':
      return leftUs(leg, at);
    case 'ChannelStateChange':
      return stateChanged(event, leg);
    case 'ChannelDtmfReceived':
      return { events: [{ type: 'dtmf.received', at, legId, digit: event.digit }], leg };
    case 'ChannelTalkingStarted':
      return { events: [{ type: 'talk.started', at, legId }], leg };
    case 'ChannelTalkingFinished':
      return { events: [{ type: 'talk.stopped', at, legId, durationMs: Math.max(0, event.duration) }], leg };
    case 'ChannelHangupRequest':
      return hangingUp(event, leg);
    case 'ChannelDestroyed':
      return { events: ending(leg, at, event.cause), leg: null };
    case 'PlaybackFinished':
      return finished(event, leg);
    case 'RecordingStarted':
      return { events: [], leg };
    case 'RecordingFinished':
    case 'RecordingFailed':
      return recorded(event, leg);
  }
}

/** What Asterisk has for a hang-up of which nothing more is known. */
const NORMAL = 16;

/**
 * A phone in a talk that hangs up is free for its agent's next call from here on: its ChannelDestroyed comes some milliseconds
 * later, and more when Asterisk is busy. What is still played or recorded has words of its own to come first.
 */
function hangingUp(event: Of<'ChannelHangupRequest'>, leg: DoorLeg): News {
  const next = {
    ...leg,
    isEnding: true,
    // A "soft" one is of our own side, and its number is no cause of a hang-up.
    ...(event.soft !== true && { q850: event.cause ?? NORMAL }),
    ...(event.tech_cause !== undefined && { sip: event.tech_cause }),
  };
  const isFree = leg.dialled && leg.phase === 'up' && !leg.left && leg.playing.size === 0 && leg.recording.size === 0;
  if (event.soft === true || !isFree) return { events: [], leg: next };
  return { events: ending(next, event.timestamp, next.q850 ?? NORMAL), leg: null };
}

/**
 * A leg that arrived and is hung up ends here: its ChannelDestroyed, a millisecond later, would be told only after an explicit
 * subscription, and Asterisk answers each of those with a list of all channels there are.
 */
function leftUs(leg: DoorLeg, at: number): News {
  // It is listened to in the dialplan and comes back; its end is told to us all the while.
  if (isListenedTo(leg)) return { events: [], leg };
  if (leg.dialled || !leg.isEnding) return { events: [], leg: { ...leg, left: true } };
  return { events: ending(leg, at, leg.q850 ?? NORMAL), leg: null };
}

/** The switch's own detection has it. */
export const isListenedTo = ({ phase, detect }: DoorLeg): boolean => phase === 'up' && detect?.by.kind === 'switch';

function stateChanged({ channel, timestamp: at }: Of<'ChannelStateChange'>, leg: DoorLeg): News {
  if (channel.state === 'Ringing' && leg.phase === 'new') {
    return { events: [{ type: 'leg.ringing', at, legId: leg.id }], leg: { ...leg, phase: 'ringing' } };
  }
  if (channel.state !== 'Up' || leg.dialled || leg.phase === 'up') return { events: [], leg };
  return { events: [{ type: 'leg.answered', at, legId: leg.id }], leg: { ...leg, phase: 'up' } };
}

function finished({ playback, timestamp: at }: Of<'PlaybackFinished'>, leg: DoorLeg): News {
  const completed = playback.state === 'done' && leg.playing.get(playback.id) !== true;
  const playing = new Map(leg.playing);
  playing.delete(playback.id);
  const event: SwitchEvent = { type: 'playback.finished', at, legId: leg.id, playbackId: playback.id, completed };
  return { events: leg.isEnding && !completed ? [] : [event], leg: { ...leg, playing } };
}

function recorded(event: Of<'RecordingFinished' | 'RecordingFailed'>, leg: DoorLeg): News {
  const recording = leg.recording.difference(new Set([event.recording.id]));
  return { events: [recordingOver(event, leg.id)], leg: { ...leg, recording } };
}

/** The end of a recording, told of by this leg. */
export function recordingOver(
  { type, recording, timestamp: at }: Of<'RecordingFinished' | 'RecordingFailed'>,
  legId: LegId,
): SwitchEvent {
  const [outcome, durationMs] = type === 'RecordingFinished' ? (['done', recording.durationMs] as const) : NOTHING;
  return { type: 'recording.finished', at, legId, recordingId: recording.id, durationMs, outcome };
}

/** What there is of a recording that never began. */
const NOTHING = ['failed', 0] as const;

/**
 * The last events of a leg: recordings that waited for its playbacks end with it. A SIP response counts only as the far
 * end's answer to our INVITE; what Asterisk derives from a cause of our own making is not one.
 */
export function ending(leg: DoorLeg, at: number, q850: number): readonly SwitchEvent[] {
  const cause = leg.sip === undefined || leg.phase === 'up' ? { q850 } : { q850, sip: leg.sip };
  const [outcome, durationMs] = NOTHING;
  const unmade = [...leg.recording].map(
    (recordingId) => ({ type: 'recording.finished', at, legId: leg.id, recordingId, durationMs, outcome }) as const,
  );
  return [...unmade, { type: 'leg.ended', at, legId: leg.id, cause }];
}

export const aniOf = ({ caller }: AriChannel): string | null =>
  caller.number === '' || caller.number.toLowerCase() === 'anonymous' ? null : caller.number;

const nameOf = ({ caller }: AriChannel): string | null => caller.name.replace(/\p{Cc}/gu, '').trim() || null;

/** The endpoint stands in the channel's name: `PJSIP/alice-0000002a`. Callers without an account come as `anonymous`. */
export function sourceOf({ name }: AriChannel, trunkNames: ReadonlyMap<string, string>): string {
  const endpoint = /^PJSIP\/(.+)-[0-9a-f]+$/.exec(name)?.[1];
  if (endpoint === undefined || endpoint === 'anonymous') return 'guest';
  return trunkNames.get(endpoint) ?? endpoint;
}
