import type { CallId, EpochMs, Language, PlaybackId } from '../call/ids.ts';
import type { Fact } from '../call/journal.ts';
import type { Media } from '../call/media.ts';
import type { QueueOutcome, QueueProfile, QueueRequest } from '../call/routing.ts';
import type { WaitState } from './wait-state.ts';
import type { WaitRange } from './estimate.ts';
import { type Announcement, announcementOf, fileIn, NOTHING, toldBy } from './waiting-words.ts';

export { offersCallback, waitStateSchema, wantsEstimate, type WaitState } from './wait-state.ts';

/**
 * What a caller hears while waiting for an agent; an offer interrupts nothing, only the bridge does.
 *
 *     start ──▶ speaking ──playback.finished──▶ music ──connected, wait.max──▶ over
 *                 ▲ │ └── connected, wait.max ────┼────────────────────────────▲
 *                 │ └─────── resumed ────────────▶│
 *                 └── position, wait.position ────┘
 *
 * What there is to announce (the place in the queue, the estimated wait, that he may be called back) is said once as soon as
 * it is known and the greeting is over, then every `everyMs`: the place always or only when it has become better, the
 * estimate as it is then if it is no worse, the callback now and then. In between come the queue's messages (`comfort`), in
 * turn and never close to an announcement; one that is still being said when there is something to announce gives way.
 */
export type WaitEvent =
  /** The place as it is now, 1 being the next, and how long that will take; null: nobody knows. */
  | {
      readonly type: 'position';
      readonly position: number;
      readonly estimateMs: number | null;
      /** What may be said of it; null, or left out: nothing. */
      readonly range?: WaitRange | null;
    }
  | { readonly type: 'playback.finished'; readonly playbackId: PlaybackId; readonly completed: boolean }
  | { readonly type: 'timer'; readonly name: string }
  /** Something that concerns him alone, once. */
  | { readonly type: 'notice'; readonly prompt: string }
  /** The caller talks with an agent. */
  | { readonly type: 'connected' }
  /** The call was adopted after a crash: what was being said may have ended unheard of. */
  | { readonly type: 'resumed' };

export type WaitCommand =
  | {
      readonly type: 'play';
      readonly playbackId: PlaybackId;
      readonly media: readonly Media[];
      readonly language: string;
    }
  | { readonly type: 'stop'; readonly playbackId: PlaybackId }
  | { readonly type: 'music.start'; readonly class: string }
  | { readonly type: 'music.stop' }
  /** `at` null clears. */
  | { readonly type: 'timer'; readonly name: string; readonly at: EpochMs | null }
  | { readonly type: 'leave'; readonly outcome: QueueOutcome };

export interface WaitStep {
  readonly state: WaitState;
  readonly commands: readonly WaitCommand[];
  readonly facts: readonly Fact[];
}

const POSITION_TIMER = 'wait.position';
const MAX_TIMER = 'wait.max';
const COMFORT_TIMER = 'wait.comfort';
/** Music between a message of the queue and whatever else is said, where the messages are not closer than three times that. */
const GAP_MS = 5_000;

/** Begins the wait: the greeting, and from `now`, the time of joining the queue, the longest wait. */
export function startWaiting(
  profile: QueueProfile,
  request: QueueRequest,
  now: EpochMs,
  { callId, language }: { readonly callId: CallId; readonly language: Language },
): WaitStep {
  const announcing = announcingIn(profile, request);
  const { everyMs } = announcing;
  const fresh: WaitState = {
    ...announcing,
    callId,
    queue: request.queue,
    language,
    phase: 'music',
    playbackId: null,
    spoken: 0,
    position: null,
    estimateMs: null,
    range: null,
    since: now,
    told: null,
    comfort: profile.comfort && { ...profile.comfort, next: 0 },
    comforting: false,
    announced: null,
    first: true,
    callback: callbackIn(request),
    notice: null,
    timers: {},
  };
  const limited = arm(fresh, MAX_TIMER, now + (request.maxWaitMs ?? profile.maxWaitMs));
  const timed = everyMs === null ? limited : then(limited, arm(limited.state, POSITION_TIMER, now + everyMs));
  const comforted = then(timed, comfortAt(timed.state, now + (profile.comfort?.everyMs ?? 0)));
  return then(comforted, greet(comforted.state, profile.greeting));
}

const greet = (state: WaitState, prompt: string | null): WaitStep =>
  prompt === null ? playMusic(state) : say(state, [fileIn(state, prompt)]);

/** As the call asks, and in what it leaves open as the queue does. */
function announcingIn({ announce, music }: QueueProfile, { announce: asked, offerCallback }: QueueRequest) {
  const positions = asked?.position ?? (announce.position ? 'onlyIfImproved' : 'never');
  const estimates = asked?.estimate === 'range';
  const everyMs = asked?.everyMs ?? announce.everyMs;
  const silent = everyMs <= 0 || (positions === 'never' && !estimates && !offerCallback);
  return { positions, estimates, everyMs: silent ? null : everyMs, music: asked?.music ?? music } as const;
}

const callbackIn = ({ offerCallback }: QueueRequest): WaitState['callback'] =>
  offerCallback && { overMs: offerCallback.whenEstimateOverMs, prompt: offerCallback.prompt, saidAt: null };

type EventType = WaitEvent['type'];
type Move<T extends EventType> = (state: WaitState, event: Extract<WaitEvent, { type: T }>, now: EpochMs) => WaitStep;

const MOVES: Readonly<Record<WaitState['phase'], { readonly [T in EventType]: Move<T> }>> = {
  speaking: {
    position: (state, event, now) => heard(seen(state, event), now),
    'playback.finished': (state, { playbackId }, now) =>
      playbackId === state.playbackId ? goOn(state, now) : only(state),
    notice: (state, { prompt }) => only({ ...state, notice: prompt }),
    timer: (state, { name }, now) => timerWhileSpeaking(state, name, now),
    connected: finish,
    resumed: (state) => then(hush(state), playMusic(state)),
  },
  music: {
    position: (state, event, now) => announceFirst(seen(state, event), now),
    'playback.finished': only,
    notice: (state, { prompt }) => announce(state, { ...NOTHING, media: [fileIn(state, prompt)] }, null),
    timer: (state, { name }, now) => timerDuringMusic(state, name, now),
    connected: finish,
    resumed: playMusic,
  },
  over: { position: only, 'playback.finished': only, notice: only, timer: only, connected: only, resumed: only },
};

/** The next moment of the wait. Total: what does not fit any more (a late timer, a foreign playback) changes nothing. */
export function waitStep(state: WaitState, event: WaitEvent, now: EpochMs): WaitStep {
  const move = MOVES[state.phase][event.type] as (state: WaitState, event: WaitEvent, now: EpochMs) => WaitStep;
  return move(state, event, now);
}

function only(state: WaitState): WaitStep {
  return { state, commands: [], facts: [] };
}

function then(first: WaitStep, second: WaitStep): WaitStep {
  return {
    state: second.state,
    commands: [...first.commands, ...second.commands],
    facts: [...first.facts, ...second.facts],
  };
}

function arm(state: WaitState, name: string, at: EpochMs): WaitStep {
  return {
    state: { ...state, timers: { ...state.timers, [name]: at } },
    commands: [{ type: 'timer', name, at }],
    facts: [],
  };
}

/** Music is asked for with the words, so that it follows them even if nobody is left to hear them end. */
function say(state: WaitState, media: readonly Media[]): WaitStep {
  const playbackId = `${state.callId}-w${state.spoken + 1}`;
  return {
    state: { ...state, phase: 'speaking', playbackId, spoken: state.spoken + 1, comforting: false },
    commands: [
      { type: 'play', playbackId, media, language: state.language },
      { type: 'music.start', class: state.music },
    ],
    facts: [],
  };
}

function playMusic(state: WaitState): WaitStep {
  return {
    state: { ...state, phase: 'music', playbackId: null },
    commands: [{ type: 'music.start', class: state.music }],
    facts: [],
  };
}

/** Ends what is being said; of no effect when it has ended by itself. */
function hush(state: WaitState): WaitStep {
  if (state.playbackId === null) return only(state);
  return { state, commands: [{ type: 'stop', playbackId: state.playbackId }], facts: [] };
}

/** `now` null: it is no announcement, and one is still to come. */
function announce(state: WaitState, announcement: Announcement, now: EpochMs | null): WaitStep {
  const { position, range, offers, media } = announcement;
  const callback = offers && state.callback ? { ...state.callback, saidAt: now } : state.callback;
  const first = now === null && state.first;
  const told = now === null ? state.told : toldBy(range, state.told, now);
  const said = say({ ...state, first, callback, told, notice: null, announced: position ?? state.announced }, media);
  const facts = [...positionFacts(state, position), ...estimateFacts(state, range, now ?? 0)];
  return { ...said, commands: [{ type: 'music.stop' }, ...said.commands], facts };
}

function positionFacts({ queue }: WaitState, position: number | null): readonly Fact[] {
  return position === null ? [] : [{ type: 'call.position.announced', data: { queue, position } }];
}

function estimateFacts(
  { queue, estimateMs, since }: WaitState,
  range: WaitRange | null,
  now: EpochMs,
): readonly Fact[] {
  if (range === null || estimateMs === null) return [];
  const waitedMs = Math.max(0, now - (since ?? now));
  return [{ type: 'call.estimate.announced', data: { queue, ...range, estimateMs, waitedMs } }];
}

const firstAnnouncement = (state: WaitState, now: EpochMs) => (state.first ? announcementOf(state, now) : null);

/** What was being said is over: the first announcement if it waits for that, else the music that was asked for already. */
function goOn(state: WaitState, now: EpochMs): WaitStep {
  if (state.notice !== null) return announce(state, { ...NOTHING, media: [fileIn(state, state.notice)] }, null);
  const first = firstAnnouncement(state, now);
  return first ? announce(state, first, now) : only({ ...state, phase: 'music', playbackId: null });
}

function announceFirst(state: WaitState, now: EpochMs): WaitStep {
  const first = firstAnnouncement(state, now);
  return first ? announce(state, first, now) : only(state);
}

function seen(state: WaitState, { position, estimateMs, range = null }: Extract<WaitEvent, { type: 'position' }>) {
  return { ...state, position, estimateMs, range };
}

/** The place became known while something is being said: a message of the queue gives way to the first announcement. */
function heard(state: WaitState, now: EpochMs): WaitStep {
  const first = state.comforting ? firstAnnouncement(state, now) : null;
  return first ? then(hush(state), announce(state, first, now)) : only(state);
}

function timerWhileSpeaking(state: WaitState, name: string, now: EpochMs): WaitStep {
  if (name === MAX_TIMER) return giveUp(state);
  if (name === COMFORT_TIMER) return comfortAt(state, now + gapOf(state));
  if (name !== POSITION_TIMER) return only(state);
  const rearmed = rearm(state, now);
  const announcement = state.comforting ? announcementOf(state, now) : null;
  if (!announcement) return rearmed;
  return then(then(rearmed, hush(state)), announce(rearmed.state, announcement, now));
}

function timerDuringMusic(state: WaitState, name: string, now: EpochMs): WaitStep {
  if (name === MAX_TIMER) return giveUp(state);
  if (name === COMFORT_TIMER) return comfort(state, now);
  if (name !== POSITION_TIMER) return only(state);
  const rearmed = rearm(state, now);
  const announcement = announcementOf(state, now);
  return announcement ? then(rearmed, announce(rearmed.state, announcement, now)) : rearmed;
}

/** The next message of the queue, or after the announcement when that comes soon. */
function comfort(state: WaitState, now: EpochMs): WaitStep {
  const soon = state.timers[POSITION_TIMER];
  if (soon !== undefined && soon < now + gapOf(state)) return comfortAt(state, soon + gapOf(state));
  const { prompts = [], everyMs = 0, next = 0 } = state.comfort ?? {};
  const prompt = prompts[next % prompts.length];
  if (state.comfort === null || prompt === undefined) return only(state);
  const armed = comfortAt({ ...state, comfort: { ...state.comfort, next: next + 1 } }, now + everyMs);
  const said = say(armed.state, [fileIn(state, prompt)]);
  const commands = [...armed.commands, { type: 'music.stop' } as const, ...said.commands];
  return { state: { ...said.state, comforting: true }, commands, facts: [] };
}

function comfortAt(state: WaitState, at: EpochMs): WaitStep {
  return state.comfort === null ? only(state) : arm(state, COMFORT_TIMER, at);
}

const gapOf = ({ comfort: messages }: WaitState): number => Math.min(GAP_MS, (messages?.everyMs ?? 0) / 3);

function rearm(state: WaitState, now: EpochMs): WaitStep {
  return state.everyMs === null ? only(state) : arm(state, POSITION_TIMER, now + state.everyMs);
}

function giveUp(state: WaitState): WaitStep {
  const ended = finish(state);
  return { ...ended, commands: [...ended.commands, { type: 'music.stop' }, { type: 'leave', outcome: 'timeout' }] };
}

function finish(state: WaitState): WaitStep {
  const timers = Object.keys(state.timers).map((name): WaitCommand => ({ type: 'timer', name, at: null }));
  const quiet = hush(state);
  return {
    state: { ...state, phase: 'over', playbackId: null, comforting: false, timers: {} },
    commands: [...timers, ...quiet.commands],
    facts: [],
  };
}
