import type { Candidate } from '../../acd/queue.ts';
import type { AgentId, CallId } from '../../call/ids.ts';
import type { AgentDesk } from '../agent-desk.ts';
import { callStateSchema } from '../call/state.ts';
import type { LiveStore } from '../ports/live-store.ts';
import type { Clock, Log } from '../ports/time.ts';

/** Agents are held before they are told so, and ring before they talk: younger ones are nobody's concern yet. */
const YOUNG_MS = { reserved: 5_000, ringing: 30_000 } as const;

interface LapseRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly live: Pick<LiveStore, 'reservations' | 'loadCall' | 'leases'>;
  readonly desk: AgentDesk;
}

interface Stuck {
  readonly id: AgentId;
  readonly callId: CallId;
  readonly state: keyof typeof YOUNG_MS;
}

/**
 * Frees agents who are held for a call, or rung for one, while the hold itself has lapsed: the process that held them died
 * before it told the call, or the call's own did. Who talks is left alone: the talk outlives the process.
 */
export async function freeLapsed(rooms: LapseRooms, isOurs: (agent: Candidate) => boolean): Promise<void> {
  const { clock, live, desk } = rooms;
  const now = clock.now();
  const stuck = desk.all().flatMap((agent): Stuck[] => {
    const { id, state, since, callId } = agent.live;
    if (callId === null || (state !== 'reserved' && state !== 'ringing') || now - since < YOUNG_MS[state]) return [];
    return isOurs(agent) ? [{ id, state, callId }] : [];
  });
  if (stuck.length === 0) return;
  const held = new Set((await live.reservations()).map(({ agentId }) => agentId));
  for (const agent of stuck) if (!held.has(agent.id) && !(await isServed(rooms, agent))) await free(rooms, agent);
}

/** A process that lives knows what its call does with the agent, though its word of it be late. */
async function isServed({ live }: LapseRooms, { id, callId }: Stuck): Promise<boolean> {
  const call = callStateSchema.safeParse(await live.loadCall(callId));
  if (!call.success) return false;
  const { node, talk, offers, serving } = call.data;
  const parts = [...(talk ? [talk] : []), ...offers, ...serving];
  if (!parts.some(({ agentId }) => agentId === id)) return false;
  return (await live.leases()).some(({ name }) => name === `switch:${node}`);
}

async function free({ desk, log }: LapseRooms, { id: agentId, callId, state }: Stuck): Promise<void> {
  const why = { type: 'agent.hold.lapsed', data: { agentId, callId, state } } as const;
  const freed = await desk.apply(agentId, { type: 'free' }, callId, [why]);
  if (freed.ok) log.info({ agentId, callId }, 'a reservation lapsed: its process is gone; the agent is free again');
}
