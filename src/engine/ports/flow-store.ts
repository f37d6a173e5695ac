import type { AgentId, CallId, EpochMs, Language, LegId, QueueName, RecordingId } from '../../call/ids.ts';
import type { Relaxation, Requirement } from '../../call/routing.ts';
import { type PinRow, type PinVerdict, UNTRIED } from '../../ivr/pin-guard.ts';

export { UNTRIED };
export type { PinRow };

const DAY_MS = 24 * 60 * 60 * 1_000;

/** What `trim` leaves. */
export const KEPT = {
  /** Activations, newest first, and with them the releases they name; releases never activated, as many besides. */
  activations: 200,
  /** A callback is kept for this long after it was closed, or after it was due when nobody closed it. */
  callbackMs: 90 * DAY_MS,
  /** Legs outside are kept for so long after they began: caps count one day. */
  outsideLegMs: 2 * DAY_MS,
  /** What callers said to a flow's node; of a talk, its queue says how long. */
  flowRecordingMs: 90 * DAY_MS,
} as const;

export interface ReleaseFile {
  readonly path: string;
  readonly text: string;
}

/** Flow and site files that were checked and tested together, as they were. Never changed: other files are another release. */
export interface Release {
  /** Twelve hex digits of the hash of its content. */
  readonly id: string;
  readonly files: readonly ReleaseFile[];
  readonly flows: readonly { readonly id: string; readonly version: string; readonly title: string }[];
  readonly madeBy: string;
  readonly madeAt: EpochMs;
  readonly note: string;
}

export type ReleaseSummary = Omit<Release, 'files'>;

/** A change of what runs; the latest one says what new calls take. */
export interface Activation {
  readonly at: EpochMs;
  readonly by: string;
  readonly action: 'load' | 'canary' | 'promote' | 'rollback' | 'cancel';
  readonly release: string;
  /** The release that `percent` of new calls take instead. */
  readonly canary: { readonly release: string; readonly percent: number } | null;
}

type VoicemailState = 'new' | 'heard' | 'done';

export interface Voicemail {
  /** The id of the request that left it, so that a request made twice leaves one message. */
  readonly id: string;
  readonly box: string;
  readonly callId: CallId;
  readonly ani: string | null;
  readonly language: Language;
  readonly recordedAt: EpochMs;
  readonly durationMs: number;
  /** Name of the recording; random, so that it cannot be guessed. */
  readonly file: string;
  /** When an answer was promised to the caller. */
  readonly replyBy: EpochMs | null;
  readonly state: VoicemailState;
  /** Who moved it to its state, and when; null while it is as it came. */
  readonly by: string | null;
  readonly movedAt: EpochMs | null;
  /** How often the caller was rung back. */
  readonly tries: number;
  /** Not given to an agent before this time. */
  readonly notBefore: EpochMs;
}

/** A message as it comes: in state `new`, moved by nobody. */
export type NewVoicemail = Omit<Voicemail, 'state' | 'by' | 'movedAt' | 'tries' | 'notBefore'>;

export interface VoicemailQuery {
  readonly box?: string;
  readonly state?: VoicemailState;
  /** Only those moved to their state before this time. */
  readonly movedBefore?: EpochMs;
  readonly limit: number;
  /** Id of the last row seen. */
  readonly before?: string;
}

/**
 * What a caller said to a node that records, beside voicemail (`flow`), a part of a talk with an agent (`talk`), or what a person
 * for whom there was none heard and said (`message`).
 */
export interface KeptRecording {
  readonly id: RecordingId;
  readonly callId: CallId;
  readonly recordedAt: EpochMs;
  /** Name of the recording where recordings are kept. */
  readonly file: string;
  readonly kind: 'flow' | 'talk' | 'message';
  /** Of a talk or a message; a campaign's is `campaign:<id>`. */
  readonly queue: QueueName | null;
  readonly agentId: AgentId | null;
  /** The switch that makes it; null when it is kept, or was never its. */
  readonly makingOn: string | null;
  /** Null while it is being made, and of a flow's. */
  readonly durationMs: number | null;
  /** It is erased then. */
  readonly keepUntil: EpochMs;
}

/** A leg that was dialled outside the house. */
export interface OutsideLeg {
  readonly id: LegId;
  readonly begunAt: EpochMs;
  readonly talkedMs: number;
  /** `agent:<id>` or `flow:<id>`; empty: nobody in particular. */
  readonly askedBy: string;
}

export const CALLBACK_STATES = ['waiting', 'done', 'cancelled', 'withdrawn', 'failed', 'expired'] as const;

/**
 * `waiting`, and then once and for good: `done` (they talked), `cancelled` (by the house), `withdrawn` (by the caller, who rang
 * again), `failed` (not reached in so many tries), `expired` (its time passed before its turn came).
 */
type CallbackState = (typeof CALLBACK_STATES)[number];

export interface CallbackRequest {
  readonly id: string;
  readonly callId: CallId;
  readonly queue: QueueName;
  readonly number: string;
  readonly language: Language;
  readonly requestedAt: EpochMs;
  readonly dueBy: EpochMs;
  /** Since when the caller has waited in the queue, if the place is kept. */
  readonly keepPlaceFrom: EpochMs | null;
  /** What was asked of an agent, as in a `QueueRequest`. */
  readonly require: readonly Requirement[];
  readonly relax: readonly Relaxation[];
  readonly priority: number;
  /** The number that the caller had dialled, E.164; shown to the caller when rung back. */
  readonly line: string | null;
  /** Rings this agent and nobody else while he is there; left out: whoever is free. */
  readonly prefer?: AgentId;
  readonly state: CallbackState;
  /** How often the number was dialled. */
  readonly tries: number;
  /** Its turn does not come before this time. */
  readonly notBefore: EpochMs;
  /** When it left `waiting`, and by whom: an agent, a token, a call; null while it waits. */
  readonly closedAt: EpochMs | null;
  readonly closedBy: string | null;
}

export type NewCallback = Omit<CallbackRequest, 'state' | 'tries' | 'notBefore' | 'closedAt' | 'closedBy'> &
  /** Left out: at any time. */
  Partial<Pick<CallbackRequest, 'notBefore'>>;

export interface CallbackQuery {
  readonly queue?: QueueName;
  readonly state?: CallbackState;
  readonly limit: number;
  /** Id of the last row seen. */
  readonly after?: string;
}

/** What is done for somebody who is not on the line: a callback, or a message that is to be answered. */
export type ErrandKind = 'callback' | 'voicemail';

/**
 * What flows need to be kept, in SQL. Guarantees:
 *
 * - Writes are durable when they resolve. A write that repeats an id changes nothing, so a request may be made again.
 * - Any string whatever is a fit caller, account, box, queue or id: two of them are never taken for each other, and one that
 *   names nothing is not found. One that is longer than 200 characters or not plain Unicode comes back as a hash of itself;
 *   in other text U+0000 comes back as U+FFFD. The files of a release come back as they were.
 * - Lists are at most 200 rows.
 * - Nothing grows for ever, as long as `trim` is called every hour or so. Voicemail has a recording elsewhere, so its keeper
 *   lists the messages done long ago (`movedBefore`), removes each recording and then its row. So it does with other
 *   recordings that are due (`dueRecordings`).
 */
export interface FlowStore {
  saveRelease(release: Release): Promise<void>;
  release(id: string): Promise<Release | null>;
  /** Newest first. */
  releases(limit: number): Promise<readonly ReleaseSummary[]>;
  /** @throws when a release that it names is not kept. */
  activate(activation: Activation): Promise<void>;
  /** Latest first, by the order of activating and not by the clocks of those who did. */
  activations(limit: number): Promise<readonly Activation[]>;

  /** What is remembered of a caller under that name, unless its time has passed at `now`. */
  recall(caller: string, what: string, now: EpochMs): Promise<string | null>;
  remember(caller: string, what: string, value: string, until: EpochMs): Promise<void>;
  /** Forgets one thing, or (null) everything of the caller; answers how many. */
  forget(caller: string, what: string | null): Promise<number>;

  /** Gives the account this PIN (as a hash) and a clean slate: who was locked out may use the new one at once. */
  setPin(account: string, hash: string): Promise<void>;
  /** False when it has none. */
  removePin(account: string): Promise<boolean>;
  pinHash(account: string): Promise<string | null>;
  /**
   * Moves an account's guard on by one decision and answers its verdict. Tries come one after the other, over all
   * processes, so two at once count as two. An account without a PIN is guarded alike, or its tries would tell that it has none.
   */
  tryPin(
    account: string,
    decide: (row: PinRow) => { readonly row: PinRow; readonly verdict: PinVerdict },
  ): Promise<PinVerdict>;

  /** Keeps the message unless its box holds `maxMessages` that are not done; never one more, however many come at once. */
  depositVoicemail(voicemail: NewVoicemail, maxMessages: number): Promise<'stored' | 'full'>;
  /** How many messages of a box are not done. */
  openVoicemails(box: string): Promise<number>;
  /** Newest first. */
  voicemails(query: VoicemailQuery): Promise<readonly Voicemail[]>;
  voicemail(id: string): Promise<Voicemail | null>;
  moveVoicemail(id: string, state: VoicemailState, by: string, at: EpochMs): Promise<Voicemail | null>;
  /** Call it when the recording is gone. */
  removeVoicemail(id: string): Promise<boolean>;
  /** Messages not done though an answer was promised for before `now`, of which nobody was alerted; longest overdue first. */
  overdueVoicemails(now: EpochMs, limit: number): Promise<readonly Voicemail[]>;
  /** Notes that somebody was alerted of it; true for the first only, who is the one to send the alert. */
  markAlerted(id: string): Promise<boolean>;

  saveRecording(recording: KeptRecording): Promise<void>;
  recording(id: RecordingId): Promise<KeptRecording | null>;
  /** Oldest first. */
  recordingsOf(callId: CallId): Promise<readonly KeptRecording[]>;
  /** It is where recordings are kept, so long. */
  keptRecording(id: RecordingId, durationMs: number): Promise<void>;
  /** Those that this switch makes, or has made and nobody has fetched; oldest first. */
  recordingsMadeOn(node: string, limit: number): Promise<readonly KeptRecording[]>;
  /** Those to be erased before `now`, longest due first. */
  dueRecordings(now: EpochMs, limit: number): Promise<readonly KeptRecording[]>;
  /** Call it when the recording is gone. */
  removeRecording(id: RecordingId): Promise<boolean>;

  /** Writes it as it is now; it may be there already. */
  saveOutsideLeg(leg: OutsideLeg): Promise<void>;
  /** All that began after that time; this list is as long as it is. */
  outsideLegs(after: EpochMs): Promise<readonly OutsideLeg[]>;

  /**
   * Keeps it as `waiting`, unless `most` wait in its queue; never one more, however many come at once. A number that waits in
   * the queue already keeps its place and gets no second one. Answers the id of the one that waits; null: full.
   */
  requestCallback(callback: NewCallback, most: number): Promise<string | null>;
  callback(id: string): Promise<CallbackRequest | null>;
  /** The soonest due first. */
  callbacks(query: CallbackQuery): Promise<readonly CallbackRequest[]>;
  /** Changes one that waits; null when it waits no more. */
  changeCallback(
    id: string,
    change: Partial<Pick<CallbackRequest, 'dueBy' | 'notBefore'>>,
  ): Promise<CallbackRequest | null>;
  /** True once, for one that was waiting. */
  closeCallback(id: string, state: Exclude<CallbackState, 'waiting'>, at: EpochMs, by: string): Promise<boolean>;
  /**
   * The caller is back in the queue: the callback that waited there for this number becomes `withdrawn` and is answered, to the
   * same call again and again; to others null.
   */
  withdrawCallback(queue: QueueName, number: string, callId: CallId, at: EpochMs): Promise<CallbackRequest | null>;

  /** Callbacks that wait, are due and held by no call; the earliest place first, overdue ones among them. */
  dueCallbacks(now: EpochMs, limit: number): Promise<readonly CallbackRequest[]>;
  /** Messages of these boxes not done, to be answered by a promised time, due and held by no call; the soonest first. */
  dueVoicemails(boxes: readonly string[], now: EpochMs, limit: number): Promise<readonly Voicemail[]>;
  /**
   * Gives an open errand to a call, until that time; one at a time holds it, however many ask at once, and asking again
   * prolongs. False: another one holds it, or it is open no more.
   */
  holdErrand(kind: ErrandKind, id: string, callId: CallId, now: EpochMs, until: EpochMs): Promise<boolean>;
  /** The call that holds an errand at that time; null: none does. */
  errandHolder(kind: ErrandKind, id: string, now: EpochMs): Promise<CallId | null>;
  /** Notes that its number is being dialled for the `tries`-th time; false: it is not held by this call, or open no more. */
  tryErrand(kind: ErrandKind, id: string, callId: CallId, tries: number): Promise<boolean>;
  /** The call lets it go, not to be taken up again before that time, nor before the one that is set. */
  putOffErrand(kind: ErrandKind, id: string, callId: CallId, notBefore: EpochMs): Promise<void>;

  /**
   * Takes away what nobody will ask for again: memories whose time has passed, guards of accounts without a PIN that have
   * nothing left to say, and activations, releases, callbacks and legs outside beyond `KEPT`.
   */
  trim(now: EpochMs): Promise<void>;
}
