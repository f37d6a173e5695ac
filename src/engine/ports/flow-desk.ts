import type { Json } from '../../call/request.ts';
import type { Voicemail, VoicemailQuery } from './flow-store.ts';
import type { Answer } from './service.ts';

export type VoicemailView = Omit<Voicemail, 'file'>;

/** What people and programs outside do for flows: decide, listen to what was left, look after PINs. */
export interface FlowDesk {
  /**
   * Answers what a flow asked by `flow.asked`. Refused: `not-found` (nobody waits for it, or no longer), `conflict` (it was
   * answered before), `invalid` (the flow has no such answer).
   */
  answerAsk(askId: string, outcome: string, data: Json): Answer;

  /** Newest first. */
  voicemails(query: VoicemailQuery): Promise<readonly VoicemailView[]>;
  /** WAV. */
  voicemailAudio(id: string): Promise<Uint8Array | null>;
  /** `by`: who says so. */
  moveVoicemail(id: string, state: Voicemail['state'], by: string): Promise<VoicemailView | null>;

  /** What a caller said to a node that records, as WAV. Voicemail is none of these. */
  recordingAudio(id: string): Promise<Uint8Array | null>;
  /** Takes it away for good and tells who did, `by`; false when there is none. */
  eraseRecording(id: string, by: string): Promise<boolean>;

  /** Gives an account its PIN, and a clean slate to who was locked out. */
  setPin(account: string, pin: string): Promise<void>;
  /** False when it has none. */
  removePin(account: string): Promise<boolean>;
}
