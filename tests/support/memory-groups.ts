import type { EventGroups, TakenEvent } from '../../src/engine/ports/event-groups.ts';
import type { EventEdit, StoredEvent } from '../../src/engine/ports/live-store.ts';
import type { MemoryJournal } from './memory-journal.ts';

interface InHand {
  readonly stored: StoredEvent;
  readonly at: number;
  readonly tries: number;
}

interface Group {
  from: string | null;
  readonly held: Map<string, InHand>;
  revived: StoredEvent[];
  /** Until when somebody is to tell of the dead; Infinity: it was told. Null: nobody knows. */
  told: number | null;
  dead: { readonly stored: StoredEvent; readonly tries: number }[];
}

/** Consumer groups in memory; held to the same contract as those in Redis. */
export class MemoryGroups implements EventGroups {
  readonly #journal: MemoryJournal;
  readonly #now: () => number;
  readonly #groups = new Map<string, Group>();
  #revivals = 0;

  constructor(journal: MemoryJournal, now: () => number) {
    this.#journal = journal;
    this.#now = now;
  }

  /** The oldest event that a group still needs; null: none needs any. */
  oldestNeeded(): string | null {
    const needed = [...this.#groups.values()].map(({ held, from }) =>
      [...held.keys()].filter((cursor) => !cursor.startsWith('r')).reduce((a, b) => (b < a ? b : a), from ?? ''),
    );
    return needed.length === 0 ? null : needed.reduce((a, b) => (b < a ? b : a));
  }

  /** Those in hand are the journal's own, as their cursors tell; the others are counted. */
  rewrite(edit: EventEdit): number {
    let changed = 0;
    const edited = (stored: StoredEvent): StoredEvent => {
      const text = JSON.stringify(stored.event);
      const after = edit(text);
      if (after !== text) changed += 1;
      return { cursor: stored.cursor, event: JSON.parse(after) as StoredEvent['event'] };
    };
    for (const group of this.#groups.values()) {
      group.revived = group.revived.map(edited);
      group.dead = group.dead.map(({ stored, tries }) => ({ stored: edited(stored), tries }));
      for (const [cursor, inHand] of group.held) {
        const before = changed;
        group.held.set(cursor, { ...inHand, stored: edited(inHand.stored) });
        if (!cursor.startsWith('r')) changed = before;
      }
    }
    return changed;
  }

  async open(group: string, from: string | null): Promise<void> {
    if (!this.#groups.has(group)) this.#groups.set(group, { from, held: new Map(), revived: [], told: null, dead: [] });
  }

  async take({ group: name, limit, lapsedMs, mostTries }: Parameters<EventGroups['take']>[0]) {
    const group = this.#groups.get(name);
    if (!group) return null;
    const taken = this.#lapsed(group, limit, lapsedMs, mostTries);
    for (const stored of group.revived.splice(0, limit - taken.length)) taken.push(this.#give(group, stored, 1));
    const fresh = limit > taken.length ? this.#journal.read(group.from, limit - taken.length) : [];
    group.from = fresh.at(-1)?.cursor ?? group.from;
    return [...taken, ...fresh.map((stored) => this.#give(group, stored, 1))];
  }

  #lapsed(group: Group, limit: number, lapsedMs: number, mostTries: number): TakenEvent[] {
    const taken: TakenEvent[] = [];
    for (const { stored, at, tries } of group.held.values()) {
      if (taken.length >= limit || this.#now() - at < lapsedMs) continue;
      if (tries < mostTries) taken.push(this.#give(group, stored, tries + 1));
      else {
        group.held.delete(stored.cursor);
        group.dead.push({ stored, tries });
      }
    }
    return taken;
  }

  #give({ held }: Group, stored: StoredEvent, tries: number): TakenEvent {
    held.set(stored.cursor, { stored, at: this.#now(), tries });
    return { ...stored, tries };
  }

  async done(name: string, cursors: readonly string[]): Promise<number> {
    const held = this.#groups.get(name)?.held;
    return cursors.filter((cursor) => held?.delete(cursor)).length;
  }

  async dead(name: string, limit: number) {
    const letters = this.#groups.get(name)?.dead;
    if (!letters) return null;
    return letters.slice(0, limit).map(({ stored, tries }) => ({ ...stored, tries }));
  }

  async revive(name: string): Promise<number | null> {
    const group = this.#groups.get(name);
    if (!group) return null;
    const letters = group.dead.splice(0);
    group.told = null;
    for (const { stored } of letters) {
      this.#revivals += 1;
      group.revived.push({ ...stored, cursor: `r${String(this.#revivals).padStart(14, '0')}` });
    }
    return letters.length;
  }

  async claimDead(name: string, heldMs: number): Promise<boolean> {
    const group = this.#groups.get(name);
    if (!group || (group.told !== null && this.#now() < group.told)) return false;
    group.told = this.#now() + heldMs;
    return true;
  }

  async deadTold(name: string): Promise<void> {
    const group = this.#groups.get(name);
    if (group?.told != null) group.told = Infinity;
  }

  async standings() {
    return [...this.#groups].map(([group, { from, held, revived, dead }]) => ({
      group,
      waiting: revived.length + this.#journal.read(from, 1_000_000).length,
      taken: held.size,
      dead: dead.length,
    }));
  }

  async close(name: string): Promise<boolean> {
    return this.#groups.delete(name);
  }
}
