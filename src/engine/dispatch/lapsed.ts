import type { Candidate } from '../../acd/queue.ts';
import type { AgentDesk } from '../agent-desk.ts';
import type { LiveStore } from '../ports/live-store.ts';
import type { Clock, Log } from '../ports/time.ts';
import type { Recorder } from '../recorder.ts';

/** Agents are held before they are told so, and ring before they talk: younger ones are nobody's concern yet. */
const YOUNG_MS = { reserved: 5_000, ringing: 30_000 } as const;

interface LapseRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly live: Pick<LiveStore, 'reservations' | 'append'>;
  readonly desk: AgentDesk;
  readonly recorder: Recorder;
}

/**
 * Frees agents who are held for a call, or rung for one, while the hold itself has lapsed: the process that held them died
 * before it told the call, or the call's own did. Who talks is left alone: the talk outlives the process.
 */
export async function freeLapsed(rooms: LapseRooms, isOurs: (agent: Candidate) => boolean): Promise<void> {
  const { clock, live, desk } = rooms;
  const now = clock.now();
  const stuck = desk.all().filter((agent) => {
    const { state, since, callId } = agent.live;
    if (callId === null || (state !== 'reserved' && state !== 'ringing')) return false;
    return now - since >= YOUNG_MS[state] && isOurs(agent);
  });
  if (stuck.length === 0) return;
  const held = new Set((await live.reservations()).map(({ agentId }) => agentId));
  for (const agent of stuck) if (!held.has(agent.live.id)) await free(rooms, agent);
}

async function free({ desk, live, recorder, log }: LapseRooms, { live: { id, callId, state } }: Candidate) {
  if (callId === null || (state !== 'reserved' && state !== 'ringing')) return;
  const freed = await desk.apply(id, { type: 'free' }, callId);
  if (!freed.ok) return;
  log.info({ agentId: id, callId }, 'a reservation lapsed: its process is gone; the agent is free again');
  const events = recorder.events(`agent/${id}`, [{ type: 'agent.hold.lapsed', data: { agentId: id, callId, state } }]);
  await live.append(events);
  recorder.tell(events);
}
