import type { Switchboard } from './switchboard.ts';
import type { Campaign } from './ports/history.ts';

interface CapacityRooms {
  readonly board: () => Pick<Switchboard, 'all' | 'size'>;
  /** Calls that the house takes at once. */
  readonly maxCalls: number;
  /** Calls that a flow of the release in force takes at once; null: as many as come. */
  readonly flowLimit: (flow: string) => number | null;
}

interface Room {
  readonly launch: number;
  readonly because: readonly string[];
}

/** How many calls there may be at once, whoever made them: of the house, and of a flow that talks. */
export class CampaignCapacity {
  readonly #rooms: CapacityRooms;

  constructor(rooms: CapacityRooms) {
    this.#rooms = rooms;
  }

  /** The room that is left for the campaign's dials, where it is less than what it has otherwise. */
  within<R extends Room>(campaign: Campaign, room: R): R {
    const least = [this.#house(), ...this.#flow(campaign)].toSorted((a, b) => a.launch - b.launch)[0];
    if (!least || least.launch >= room.launch) return room;
    return { ...room, launch: least.launch, because: [least.because, ...room.because] };
  }

  #house() {
    const { board, maxCalls } = this.#rooms;
    const calls = board().size;
    const because = `The house has ${calls} of its ${maxCalls} calls at once (CALLWRIGHT_MAX_CALLS).`;
    return { launch: Math.max(0, maxCalls - calls), because };
  }

  #flow({ mode, flow }: Campaign) {
    const most = mode === 'agentless' && flow !== undefined ? this.#rooms.flowLimit(flow) : null;
    if (most === null || flow === undefined) return [];
    const calls = this.#rooms
      .board()
      .all()
      .filter(({ state }) => isIn(state, flow)).length;
    const because = `Flow ${flow} has ${calls} of its ${most} calls at once (limits.maxCalls).`;
    return [{ launch: Math.max(0, most - calls), because }];
  }
}

type Call = ReturnType<Switchboard['all']>[number]['state'];

/** A dial that rings counts: whoever answers is in the flow at once. */
const isIn = ({ attempt, record, flow: now, phase }: Call, flow: string): boolean =>
  phase !== 'ended' && (attempt?.flow === flow || (now !== null && record.flow === flow));
