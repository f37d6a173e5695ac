import type { LegId, RecordingId } from '../../call/ids.ts';
import type { Draft } from './actions.ts';
import type { CallState } from './state.ts';

/**
 * A recording stays on the switch until the call needs it no more: while it is made, and while the flow asks for it to be
 * put away. Then the switch forgets it, however the call goes on, so that nothing of what callers said is left lying there.
 */
export function tidyRecording(draft: Draft): void {
  const { recordingId } = draft.state;
  if (recordingId === null || isNeeded(draft.state, recordingId)) return;
  draft.act({ type: 'recording.discard', recordingId }).set({ recordingId: null });
}

function isNeeded({ phase, flow, asked }: CallState, recordingId: RecordingId): boolean {
  if (phase !== 'flow') return false;
  if (flow?.recordingId === recordingId) return true;
  const request = asked?.request;
  return request !== undefined && 'recordingId' in request && request.recordingId === recordingId;
}

/**
 * After an outage: what goes on being recorded is ended, what is over is looked for, and what is gone is told as failed.
 * Its end may be told twice, by the switch and by the search; the flow takes the first.
 */
export function findRecording(draft: Draft, legId: LegId, recordingId: RecordingId): void {
  draft.tell({ type: 'record.stop', recordingId }).act({ type: 'recording.find', legId, recordingId });
}
