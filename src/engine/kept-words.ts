import type { EpochMs, RecordingId } from '../call/ids.ts';
import type { RecordingResult } from '../call/switch.ts';
import type { SwitchPort } from './ports/switch.ts';
import type { Clock } from './ports/time.ts';
import { pause } from './within.ts';

interface Finder {
  readonly clock: Clock;
  readonly switchPort: Pick<SwitchPort, 'recording'>;
}

const AGAIN_MS = 500;

/** Bytes before the first sample of a WAV file as the switch gives it, and bytes of a millisecond (16 bit, 8 kHz, mono). */
const [HEADER_BYTES, BYTES_PER_MS] = [44, 16];

/** Fetches a recording from the switch, which may still be ending it or be out of reach for a moment. */
export async function fetchRecording(
  { clock, switchPort }: Finder,
  id: RecordingId,
  until: EpochMs,
): Promise<RecordingResult> {
  for (;;) {
    const found = await switchPort.recording(id);
    if (found.ok || found.why === 'gone' || clock.now() + AGAIN_MS > until) return found;
    await pause(clock, AGAIN_MS);
  }
}

const FIND_MS = 20_000;

/** How a recording ended whose end was told to nobody. */
export async function findEnd(finder: Finder, id: RecordingId) {
  const found = await fetchRecording(finder, id, finder.clock.now() + FIND_MS);
  if (!found.ok) return { durationMs: 0, outcome: 'failed' } as const;
  return { durationMs: lengthMsOf(found.wav), outcome: 'done' } as const;
}

export const lengthMsOf = (wav: Uint8Array): number =>
  Math.max(0, Math.round((wav.byteLength - HEADER_BYTES) / BYTES_PER_MS));
