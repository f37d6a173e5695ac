import type { FlowDesk, RecordingView, VoicemailView } from '../../src/engine/ports/flow-desk.ts';

const MESSAGE: VoicemailView = {
  id: 'call-1-rec1',
  box: 'support',
  callId: 'call-1',
  ani: '+358401234567',
  language: 'fi',
  recordedAt: 2_000,
  durationMs: 4_000,
  replyBy: 9_000,
  state: 'new',
  by: null,
  movedAt: null,
  tries: 0,
  notBefore: 0,
};

const PART: RecordingView = {
  id: 'call-1-talk1',
  callId: 'call-1',
  recordedAt: 2_000,
  kind: 'talk',
  queue: 'billing',
  agentId: 'alice',
  durationMs: null,
  keepUntil: 9_000,
};

/** One message and one recording, one question that waits and one that was answered, one account with a PIN. Whatever it is asked is noted. */
export class FakeFlowDesk implements FlowDesk {
  readonly asked: unknown[] = [];
  readonly audio = new TextEncoder().encode('RIFF');
  readonly #recordings = new Set(['call-1-rec2']);
  readonly #pins = new Map([['4711', '1234']]);

  answerAsk: FlowDesk['answerAsk'] = (askId, outcome, data) => {
    this.asked.push([askId, outcome, data]);
    if (askId === 'call-1-r0') return refuse('conflict', 'This question was answered already.');
    if (askId !== 'call-1-r1') return refuse('not-found', 'No flow waits for an answer to this.');
    return outcome === 'approve'
      ? { ok: true, value: undefined }
      : refuse('invalid', 'The flow takes one of: approve.');
  };

  voicemails: FlowDesk['voicemails'] = async (query) => {
    this.asked.push(query);
    return (query.state ?? 'new') === 'new' ? [MESSAGE] : [];
  };
  voicemailAudio: FlowDesk['voicemailAudio'] = async (id) => (id === MESSAGE.id ? this.audio : null);
  moveVoicemail: FlowDesk['moveVoicemail'] = async (id, state, by) =>
    id === MESSAGE.id ? { ...MESSAGE, state, by, movedAt: 3_000 } : null;
  eraseVoicemail: FlowDesk['eraseVoicemail'] = async (id, by) => {
    this.asked.push(['erase', id, by]);
    if (id === 'call-1-rec0') return refuse('conflict', 'alice has this message in hand.');
    return id === MESSAGE.id ? { ok: true, value: undefined } : refuse('not-found', 'There is no such message.');
  };

  recordingsOf: FlowDesk['recordingsOf'] = async (callId) => (callId === PART.callId ? [PART] : []);
  record: FlowDesk['record'] = async (callId, verb, by) => {
    this.asked.push([callId, verb, by]);
    if (callId !== PART.callId) return refuse('not-found', `There is no call ${callId} in progress.`);
    if (verb === 'stop') return refuse('conflict', 'Queue billing is always recorded.');
    return { ok: true, value: { state: verb === 'pause' ? 'paused' : 'on', id: PART.id } };
  };
  recordingAudio: FlowDesk['recordingAudio'] = async (id) => (this.#recordings.has(id) ? this.audio : null);
  eraseRecording: FlowDesk['eraseRecording'] = async (id) => this.#recordings.delete(id);

  setPin: FlowDesk['setPin'] = async (account, pin) => void this.#pins.set(account, pin);
  removePin: FlowDesk['removePin'] = async (account) => this.#pins.delete(account);
}

const refuse = (why: 'not-found' | 'conflict' | 'invalid', sentence: string) => ({ ok: false, why, sentence }) as const;
