import type { Fact } from '../call/journal.ts';
import type { EventGroups } from '../engine/ports/event-groups.ts';

/** Who was to tell of dead letters and died meanwhile is waited for so long, ms; then another process does. */
const HELD_MS = 60_000;

interface NewsRooms {
  readonly groups: Pick<EventGroups, 'standings' | 'dead' | 'claimDead' | 'deadTold'>;
  /** Writes a fact into the journal; resolves when it is there. */
  readonly tell: (subject: string, fact: Fact) => Promise<void>;
}

/**
 * Tells of a group of consumers that it has dead letters: once, until all of them were given out again or the group was ended. Not of
 * each, since the group is given this fact as well: consumers who fail at everything would make a new one of it without end.
 */
export class GroupNews {
  readonly #rooms: NewsRooms;

  constructor(rooms: NewsRooms) {
    this.#rooms = rooms;
  }

  /** @throws what the store threw; who looks again tells what was not told */
  async look(): Promise<void> {
    const { groups } = this.#rooms;
    for (const { group, dead } of await groups.standings()) {
      if (dead > 0 && (await groups.claimDead(group, HELD_MS))) await this.#tell(group, dead);
    }
  }

  async #tell(group: string, dead: number): Promise<void> {
    const { groups, tell } = this.#rooms;
    const [first] = (await groups.dead(group, 1)) ?? [];
    // It was ended, or they were given out again, since we looked.
    if (!first) return;
    const { cursor, tries, event } = first;
    const letter = { cursor, tries, subject: event.subject, type: event.type };
    await tell(`group/${group}`, { type: 'group.dead-letter', data: { group, dead, first: letter } });
    await groups.deadTold(group);
  }
}
