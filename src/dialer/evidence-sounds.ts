import type { EpochMs } from '../call/ids.ts';
import type { JournalEvent } from '../call/journal.ts';
import { type Cell, instantOf } from './evidence-csv.ts';
import type { EvidenceCall } from './evidence.ts';

/** The file of a recording. */
interface Sound {
  readonly durationMs: number;
  /** Of the file as it was kept, in hex. */
  readonly sha256: string;
  readonly erased: { readonly at: EpochMs; readonly by: string } | null;
}

/** By the recording's id; what is not among them was never fetched from the switch. */
export type Sounds = ReadonlyMap<string, Sound>;

/** What became of the files, from the facts of the campaign in whatever order. */
export function soundsOf(facts: readonly JournalEvent[]): Sounds {
  const sounds = new Map<string, Sound>();
  for (const { type, data } of facts) {
    if (type === 'recording.kept') sounds.set(data.recordingId, { ...data, erased: null });
  }
  for (const { type, data, at } of facts) {
    const kept = type === 'recording.erased' ? sounds.get(data.recordingId) : undefined;
    if (kept && type === 'recording.erased') sounds.set(data.recordingId, { ...kept, erased: { at, by: data.by } });
  }
  return sounds;
}

export const SOUND_COLUMNS = ['recording', 'recording ms', 'recording outcome', 'recording SHA-256'];

/** The cells of an abandoned call; parts of one call, which an outage makes, stand in one cell each, in order. */
export function soundCells({ recordings, abandonedAt }: EvidenceCall, sounds: Sounds): readonly Cell[] {
  if (recordings.length === 0) return [null, null, abandonedAt === null ? null : 'not recorded', null];
  const kept = recordings.map((recording) => ({ ...recording, sound: sounds.get(recording.id) ?? null }));
  return [
    kept.map(({ id }) => id),
    kept.map(({ sound }) => sound?.durationMs ?? '–'),
    kept.map(outcomeOf),
    kept.map(({ sound }) => sound?.sha256 ?? '–'),
  ].map((cells) => cells.join('; '));
}

function outcomeOf({ state, sound }: EvidenceCall['recordings'][number] & { readonly sound: Sound | null }): string {
  if (sound?.erased) return `erased ${instantOf(sound.erased.at)} by ${sound.erased.by}`;
  if (sound) return 'kept';
  if (state === 'dropped') return 'none: the switch made no recording';
  return state === 'going' ? 'being recorded' : 'recorded, not fetched from the switch';
}
