import type { Json } from '../../call/request.ts';
import type { AgentId, CallId, RecordingId } from '../../call/ids.ts';
import type { KeptRecording, Voicemail, VoicemailQuery } from './flow-store.ts';
import type { Answer } from './service.ts';

export type RecordingVerb = 'start' | 'stop' | 'pause' | 'resume';

/** An agent acts on the call that he is in. */
export type RecordingActor =
  | { readonly kind: 'agent'; readonly agentId: AgentId }
  | { readonly kind: 'supervisor'; readonly name: string };

/** `paused` also where there would be nothing to record. */
export interface TalkRecordingView {
  readonly state: 'off' | 'on' | 'paused';
  /** The part that is being made. */
  readonly id: RecordingId | null;
}

export type RecordingView = Pick<
  KeptRecording,
  'id' | 'callId' | 'recordedAt' | 'kind' | 'queue' | 'agentId' | 'durationMs' | 'keepUntil'
>;

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

  /**
   * Takes away for good what was said and that it was, and tells who did, `by`. Refused: `not-found`, and `conflict` while an
   * agent hears it or answers it.
   */
  eraseVoicemail(id: string, by: string): Promise<Answer>;

  /** Oldest first; of a talk also the part that is being made. */
  recordingsOf(callId: CallId): Promise<readonly RecordingView[]>;
  /**
   * Records the talk of a call, or pauses that. An answer to `pause` comes when the switch has confirmed that it writes nothing,
   * or when what it may have written was given up: either way what is said from then on is kept nowhere. Refused by `conflict`.
   */
  record(callId: CallId, verb: RecordingVerb, by: RecordingActor): Promise<Answer<TalkRecordingView>>;

  /** What a caller said to a node that records, or a part of a talk, as WAV. Voicemail is none of these. */
  recordingAudio(id: string): Promise<Uint8Array | null>;
  /** Takes it away for good and tells who did, `by`; false when there is none. */
  eraseRecording(id: string, by: string): Promise<boolean>;

  /** Gives an account its PIN, and a clean slate to who was locked out. */
  setPin(account: string, pin: string): Promise<void>;
  /** False when it has none. */
  removePin(account: string): Promise<boolean>;
}
