import type { AgentId } from '../call/ids.ts';
import type { FlowRequest } from '../call/request.ts';
import type { AgentDesk } from './agent-desk.ts';
import type { EngineFloor } from './floor.ts';
import type { Answer } from './ports/service.ts';
import { sitsAt } from './seats.ts';
import type { TalkDesk } from './ports/talk.ts';
import type { Clock } from './ports/time.ts';

interface CodeRooms {
  readonly desk: Pick<AgentDesk, 'all'>;
  readonly clock: Clock;
  readonly floor: EngineFloor;
  readonly talk: Pick<TalkDesk, 'parked' | 'pickUp'>;
  readonly trunks: ReadonlyMap<string, unknown>;
}

export type CodeRequest = Extract<FlowRequest, { kind: 'agent' }>;
export type CodeOutcome = 'ok' | 'unknown' | 'refused';

const PUT_DOWN_MS = 1_500;

/** Callers without an account, as the switch door names them. */
const GUEST = 'guest';

/**
 * What agents key in at a phone. Who calls is told by the endpoint that the switch authenticated (`source`), or by a number
 * whose PIN was keyed; a caller id is not looked at. A carrier's calls and guests' come from no phone.
 */
export class FloorCodes {
  readonly #rooms: CodeRooms;

  constructor(rooms: CodeRooms) {
    this.#rooms = rooms;
  }

  async serve(source: string, request: CodeRequest): Promise<CodeOutcome> {
    const phone = source === '' || source === GUEST || this.#rooms.trunks.has(source) ? null : source;
    const id = this.#whom(phone, request);
    if (id === null) return 'unknown';
    const answer = await this.#act(id, phone, request);
    return answer?.ok === true ? 'ok' : 'refused';
  }

  #whom(phone: string | null, { number, action }: CodeRequest): AgentId | null {
    const agents = this.#rooms.desk.all();
    const named = (name: string) => agents.find(({ profile }) => profile.phone === name || profile.id === name);
    if (number !== null) return named(number)?.live.id ?? null;
    if (phone === null) return null;
    const owner = agents.find(({ profile }) => profile.phone === phone);
    const sitter = action === 'login' ? owner : (agents.find((agent) => sitsAt(agent, phone)) ?? owner);
    return sitter?.live.id ?? null;
  }

  async #act(id: AgentId, phone: string | null, request: CodeRequest): Promise<Answer<unknown> | null> {
    const { floor } = this.#rooms;
    switch (request.action) {
      case 'login':
        if (phone === null) return null;
        return floor.logIn(id, { seat: { kind: 'phone', phone }, status: 'ready', reason: null });
      case 'logout':
        return floor.setStatus(id, 'logged-out', null);
      case 'ready':
        return floor.comeBack(id);
      case 'notReady':
        return floor.goAway(id, request.reason);
      case 'endWrapUp':
        return floor.endWrapUp(id);
      case 'extendWrapUp':
        return floor.extendWrapUp(id, request.byMs);
      case 'endRest':
        return floor.endRest(id);
      case 'dispose':
        return floor.dispose(id, this.#word(id, request.disposition ?? ''), null);
      case 'pickUp':
        return this.#pickUp(id, request.slot ?? '');
    }
  }

  /** His phone is busy with this very call; it rings when he has put it down. */
  #pickUp(id: AgentId, slot: string): Answer<unknown> | null {
    const { clock, desk, talk } = this.#rooms;
    const isIn = desk.all().some(({ live }) => live.id === id && live.status !== 'logged-out');
    if (!isIn || !talk.parked().some((each) => each.slot === slot)) return null;
    clock.at(clock.now() + PUT_DOWN_MS, () => void talk.pickUp(id, slot));
    return { ok: true, value: undefined };
  }

  /** A place in the list of the queue, counted from 1, stands for its word. */
  #word(id: AgentId, keyed: string): string {
    return this.#rooms.floor.dispositions(id)[Number(keyed) - 1] ?? keyed;
  }
}
