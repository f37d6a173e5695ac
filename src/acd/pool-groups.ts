import type { AgentId, EpochMs } from '../call/ids.ts';
import type { AgentProfile, QueueProfile, Requirement } from '../call/routing.ts';
import type { PoolAgent } from './decision.ts';
import type { FreeLane } from './pool-free.ts';
import type { Lane } from './pool-lane.ts';
import type { Turns } from './pool-turns.ts';
import type { WaitingCall } from './queue.ts';

/** All agents who can take calls of one need, and the calls that have it now. */
export interface Crew {
  /** Where the tally has it. */
  readonly index: number;
  /** The calls' own queue, and all whose agents serve them. */
  readonly own: QueueProfile;
  readonly serving: readonly QueueProfile[];
  readonly require: readonly Requirement[];
  /** Of persons rung by a campaign, who may be given a kept agent. */
  readonly campaign: boolean;
  readonly ladders: Set<Ladder>;
  readonly lines: Line[];
  /** The call whose turn is next. */
  head: Waiting | null;
  /** The free ones, the best first; kept up only while the crew is awake. */
  readonly lane: FreeLane;
  /** Of persons rung by a campaign: those who are kept for dials that ring. */
  readonly kept: KeptOnes | null;
  /** The board has it among the touched. */
  touched: boolean;
  /** Somebody was looked for here since the lane was last tidied. */
  used: boolean;
  readonly kinds: Set<Kind>;
  /** How many are logged in. */
  staff: number;
  /** Dials that ring and have no agent, in order of coming. */
  readonly wanting: Dial[];
  /** Dials that ring, with an agent or without. */
  dials: number;
  /** Under `random`: the last lot that won, by rank. */
  readonly won: Map<number, number>;
}

/** The agents of a crew who are kept for dials that ring, the best first; the lane is kept up only while it is awake. */
export interface KeptOnes {
  readonly lane: FreeLane;
  count: number;
  awake: boolean;
  /** Somebody was looked for here since the lane was last tidied. */
  used: boolean;
}

/** Agents who are alike but for their names: what one of them is able for, all are. */
export interface Kind {
  readonly profile: AgentProfile;
  readonly key: string;
  /** The crews they belong to; those of the same two queues stand together, as one note does for all of them. */
  crews: Crew[];
  /** Beside each crew where the tally has it, the queue through which they serve it, their rank there, and the strategy's figure where it hangs on skills alone. */
  indexes: number[];
  through: QueueProfile[];
  ranks: number[];
  figures: (number | null)[];
  /** Beside each crew: they are weighed for it as for the one before. */
  alike: boolean[];
  /** The queues they serve. */
  posts: readonly Post[];
  readonly members: Set<Member>;
}

export interface Member {
  /** As he was put, and how he is since: busy once he was given a call. */
  agent: PoolAgent;
  presence: PoolAgent['presence'];
  /** His place in the site's list. */
  readonly order: number;
  kind: Kind;
  /** `fresh` is free and not yet in the lanes of his crews, `settled` is in them, `kept` is free for a dial alone. */
  spot: 'off' | 'fresh' | 'settled' | 'kept';
  /** His place among the fresh. */
  freshAt: number;
  dial: Dial | null;
}

export interface Dial {
  readonly call: WaitingCall;
  readonly order: number;
  crew: Crew;
  member: Member | null;
}

/** What calls ask for over time, and the calls that ask it. */
export interface Ladder {
  readonly steps: readonly { readonly afterMs: number; readonly crew: Crew }[];
  /** By the step that is due. */
  readonly lines: (Line | undefined)[];
  calls: number;
}

/** Calls with the same steps of which the same one is due. */
export interface Line {
  readonly due: number;
  readonly ladder: Ladder;
  /** The step in force. */
  step: number;
  crew: Crew;
  readonly lane: Lane<Waiting>;
  calls: number;
  /** Of its calls, bound or not, those that prefer an agent: whether he is able hangs on the step. */
  readonly preferring: Set<Waiting>;
}

export interface Waiting {
  readonly call: WaitingCall;
  readonly turn: EpochMs;
  readonly ladder: Ladder;
  readonly post: Post;
  line: Line;
  /** In its line, or waiting for one agent alone. */
  spot: 'off' | 'line' | 'bound';
  /** Whom alone it waits for. */
  boundTo: AgentId | null;
  /** When it will ask for something else by time alone; infinite: never. */
  nextAt: EpochMs;
}

/** A queue's books. */
export interface Post {
  readonly queue: QueueProfile;
  able: number;
  ready: number;
  free: number;
  readonly turns: Turns<Waiting>;
}
