import { z } from 'zod';
import type { CallId, EpochMs, PlaybackId } from '../call/ids.ts';
import type { Fact } from '../call/journal.ts';
import type { Media } from '../call/media.ts';
import type { QueueOutcome, QueueProfile, QueueRequest } from '../call/routing.ts';

/**
 * What a caller hears while waiting for an agent; an offer interrupts nothing, only the bridge does.
 *
 *     start ──▶ speaking ──playback.finished──▶ music ──connected, wait.max──▶ over
 *                 ▲ │ └── connected, wait.max ────┼────────────────────────────▲
 *                 │ └─────── resumed ────────────▶│
 *                 └── position, wait.position ────┘
 *
 * The place in the queue is said once as soon as it is known and the greeting is over, then every `announce.everyMs` if it
 * has become better since it was last said.
 */
export const waitStateSchema = z.object({
  callId: z.string(),
  queue: z.string(),
  language: z.string(),
  music: z.string(),
  /** Time between position messages; null says none. */
  everyMs: z.number().nullable(),
  phase: z.enum(['speaking', 'music', 'over']),
  /** What is being said, null while music plays. */
  playbackId: z.string().nullable(),
  /** Messages so far. */
  spoken: z.int(),
  position: z.int().nullable(),
  announced: z.int().nullable(),
  timers: z.record(z.string(), z.number()),
});

export type WaitState = z.output<typeof waitStateSchema>;

export type WaitEvent =
  /** The place as it is now, 1 being the next. */
  | { readonly type: 'position'; readonly position: number }
  | { readonly type: 'playback.finished'; readonly playbackId: PlaybackId; readonly completed: boolean }
  | { readonly type: 'timer'; readonly name: string }
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

/** Begins the wait: the greeting, and from `now`, the time of joining the queue, the longest wait. */
export function startWaiting(profile: QueueProfile, request: QueueRequest, now: EpochMs, callId: CallId): WaitStep {
  const everyMs = profile.announce.position && profile.announce.everyMs > 0 ? profile.announce.everyMs : null;
  const fresh: WaitState = {
    callId,
    queue: request.queue,
    language: request.language,
    music: profile.music,
    everyMs,
    phase: 'music',
    playbackId: null,
    spoken: 0,
    position: null,
    announced: null,
    timers: {},
  };
  const limited = arm(fresh, MAX_TIMER, now + (request.maxWaitMs ?? profile.maxWaitMs));
  const timed = everyMs === null ? limited : then(limited, arm(limited.state, POSITION_TIMER, now + everyMs));
  return then(timed, say(timed.state, [{ kind: 'file', path: `${request.language}/queue.wait` }]));
}

type EventType = WaitEvent['type'];
type Move<T extends EventType> = (state: WaitState, event: Extract<WaitEvent, { type: T }>, now: EpochMs) => WaitStep;

const MOVES: Readonly<Record<WaitState['phase'], { readonly [T in EventType]: Move<T> }>> = {
  speaking: {
    position: (state, { position }) => only({ ...state, position }),
    'playback.finished': (state, { playbackId }) => (playbackId === state.playbackId ? goOn(state) : only(state)),
    timer: (state, { name }, now) => timerWhileSpeaking(state, name, now),
    connected: finish,
    resumed: (state) => then(hush(state), playMusic(state)),
  },
  music: {
    position: (state, { position }) => announceFirst({ ...state, position }),
    'playback.finished': only,
    timer: (state, { name }, now) => timerDuringMusic(state, name, now),
    connected: finish,
    resumed: playMusic,
  },
  over: { position: only, 'playback.finished': only, timer: only, connected: only, resumed: only },
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
    state: { ...state, phase: 'speaking', playbackId, spoken: state.spoken + 1 },
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

function announcePosition(state: WaitState, position: number): WaitStep {
  const path = `${state.language}/queue.position`;
  const said = say({ ...state, announced: position }, [
    { kind: 'file', path },
    { kind: 'number', value: position },
  ]);
  const facts = [{ type: 'call.position.announced', data: { queue: state.queue, position } }] as const;
  return { ...said, commands: [{ type: 'music.stop' }, ...said.commands], facts };
}

/** The position to be said now: known, and never said yet. */
function firstPosition(state: WaitState): number | null {
  return state.everyMs === null || state.announced !== null ? null : state.position;
}

/** What was being said is over: the position if it waits for its first time, else the music that was asked for already. */
function goOn(state: WaitState): WaitStep {
  const first = firstPosition(state);
  return first === null ? only({ ...state, phase: 'music', playbackId: null }) : announcePosition(state, first);
}

function announceFirst(state: WaitState): WaitStep {
  const first = firstPosition(state);
  return first === null ? only(state) : announcePosition(state, first);
}

function timerWhileSpeaking(state: WaitState, name: string, now: EpochMs): WaitStep {
  if (name === MAX_TIMER) return giveUp(state);
  return name === POSITION_TIMER ? rearm(state, now) : only(state);
}

function timerDuringMusic(state: WaitState, name: string, now: EpochMs): WaitStep {
  if (name === MAX_TIMER) return giveUp(state);
  if (name !== POSITION_TIMER) return only(state);
  const { position, announced } = state;
  const rearmed = rearm(state, now);
  const improved = position !== null && (announced === null || position < announced);
  return improved ? then(rearmed, announcePosition(rearmed.state, position)) : rearmed;
}

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
    state: { ...state, phase: 'over', playbackId: null, timers: {} },
    commands: [...timers, ...quiet.commands],
    facts: [],
  };
}
