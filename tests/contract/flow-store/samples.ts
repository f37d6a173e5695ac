import type {
  Activation,
  KeptRecording,
  NewCallback,
  NewVoicemail,
  Release,
  ReleaseFile,
} from '../../../src/engine/ports/flow-store.ts';

export const NOW = 1_790_000_000_123;
export const DAY = 86_400_000;
export const CALLER = '+358401234567';

export const number = (n: number) => String(n).padStart(6, '0');

const FILES: readonly ReleaseFile[] = [
  { path: 'main.yaml', text: 'version: ivr/v1\n# “ä” \0 \u{1F4DE} \uD800\n' },
  { path: 'site/queues.yaml', text: '' },
];

export const releaseOf = (id: string, change: Partial<Release> = {}): Release => ({
  id,
  files: FILES,
  flows: [{ id: 'main', version: 'ab12', title: "Main line, that's all" }],
  madeBy: 'anna',
  madeAt: NOW,
  note: 'key 2 goes to billing',
  ...change,
});

export const activationOf = (release: string, change: Partial<Activation> = {}): Activation => ({
  at: NOW,
  by: 'anna',
  action: 'load',
  release,
  canary: null,
  ...change,
});

export const voicemailOf = (n: number, change: Partial<NewVoicemail> = {}): NewVoicemail => ({
  id: `call-1/${number(n)}`,
  box: 'sales',
  callId: 'call-1',
  ani: CALLER,
  language: 'fi',
  recordedAt: NOW + n,
  durationMs: 12_345,
  file: `f00d${n}.wav`,
  replyBy: null,
  ...change,
});

export const fresh = (voicemail: NewVoicemail) => ({
  ...voicemail,
  state: 'new',
  by: null,
  movedAt: null,
  tries: 0,
  notBefore: 0,
});

export const callbackOf = (n: number, change: Partial<NewCallback> = {}): NewCallback => ({
  id: `call-2/${number(n)}`,
  callId: 'call-2',
  queue: 'sales',
  number: `+3584${number(n)}`,
  language: 'sv',
  requestedAt: NOW,
  dueBy: NOW + n,
  keepPlaceFrom: null,
  require: [{ skill: 'lang:sv', level: 3 }],
  relax: [{ afterMs: 60_000, require: [] }],
  priority: 300,
  line: '+358401234567',
  ...change,
});

export const waiting = (callback: NewCallback) => ({
  ...callback,
  state: 'waiting',
  tries: 0,
  notBefore: 0,
  closedAt: null,
  closedBy: null,
});

export const idsOf = (rows: readonly { id: string }[]) => rows.map((row) => row.id);

export const voicemailIds = (...ns: readonly number[]) => idsOf(ns.map((n) => voicemailOf(n)));
export const callbackIds = (...ns: readonly number[]) => idsOf(ns.map((n) => callbackOf(n)));

export const recordingOf = (id: string, change: Partial<KeptRecording> = {}): KeptRecording => ({
  id,
  callId: 'call-1',
  recordedAt: NOW,
  file: 'f00d',
  kind: 'flow',
  queue: null,
  agentId: null,
  makingOn: null,
  durationMs: null,
  keepUntil: NOW + 90,
  ...change,
});
