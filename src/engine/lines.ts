import type { LegId } from '../call/ids.ts';
import type { SwitchPort } from './ports/switch.ts';

interface LineRooms {
  readonly switchPort: Pick<SwitchPort, 'do'>;
}

/** Agents' lines: legs that are up as long as their agents are logged in, and are lent to one call after the other. */
export class Lines {
  readonly #rooms: LineRooms;

  constructor(rooms: LineRooms) {
    this.#rooms = rooms;
  }

  /** A call gives the line back: its agent hears music again. */
  back(legId: LegId): void {
    void this.#rooms.switchPort.do({ type: 'music.start', legId, class: 'default' });
  }
}
