import { z } from 'zod';
import { askWorld, SERVICE_MS } from '../ask.ts';
import type { Recorded, Walk } from '../flow.ts';
import { answer, arm, become, disarm, hush, keep, newId, stopRecording } from '../walk.ts';
import { duration, key } from '../words.ts';

/** What is shorter is no message but a breath or a click. */
const SHORTEST_MS = 1_000;
/** By then the switch has told of the end of even the longest recording. */
const GRACE_MS = 15_000;

/** What taking down somebody's words needs to know, as it is written in a node. */
export const recordingFields = {
  max: duration('1s', '10m').default(120_000),
  /** A silence of that length ends it. */
  silence: duration('1s', '30s').default(4_000),
  end: key.default('#'),
  beep: z.boolean().default(true),
};

interface RecordingSettings {
  readonly max: number;
  readonly silence: number;
  readonly beep: boolean;
}

/** Begins to take down what the caller says. */
export function beginRecording(walk: Walk, { max, silence, beep }: RecordingSettings): null {
  const { state, commands } = walk;
  answer(walk);
  hush(walk);
  disarm(walk);
  state.typed = ''; // keys meant for a menu would end it before it has begun
  state.lateEnd = null;
  state.recordingId = newId(walk, 'rec');
  commands.push({ type: 'record', recordingId: state.recordingId, maxMs: max, silenceMs: silence, beep });
  arm(walk, 'stuck', walk.now + max + GRACE_MS);
  return become(walk, 'recording');
}

/** A key while the caller is recorded: the end key ends it, others are noise. */
export function recordingKey(walk: Walk, end: string, digit: string): null {
  if (digit === end) stopRecording(walk);
  return null;
}

/** Is there something in it? */
export function heardIn({ outcome, durationMs }: Recorded): 'done' | 'empty' | 'failed' {
  if (outcome === 'failed') return 'failed';
  return durationMs < SHORTEST_MS ? 'empty' : 'done';
}

/** Asks for the recording to be put away. */
export function keepRecording(walk: Walk, { recordingId, durationMs }: Recorded): null {
  keep(walk, { recordingId, durationMs: Math.round(durationMs) });
  return askWorld(walk, { request: { kind: 'keep-recording', recordingId }, timeoutMs: SERVICE_MS, filler: [] });
}

/** The recording that this node made, if it has come so far. */
export function madeHere({ state }: Walk): { readonly recordingId: string; readonly durationMs: number } | null {
  const { recordingId, durationMs } = state.local;
  return typeof recordingId === 'string' ? { recordingId, durationMs: Number(durationMs ?? 0) } : null;
}
