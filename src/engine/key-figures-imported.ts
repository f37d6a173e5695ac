import type { Dimension } from '../acd/kpi/cell-words.ts';
import type { EpochMs } from '../call/ids.ts';
import type { ImportWish } from './ports/figures.ts';
import type { ImportedBook, ImportedPlace, ImportedValue } from './ports/imported.ts';
import type { Answer } from './ports/service.ts';
import type { Clock } from './ports/time.ts';

/** Of so many a report tells; the latest spans. */
const MOST = 1_000;

interface ImportRooms {
  readonly history: ImportedBook;
  readonly clock: Pick<Clock, 'now'>;
}

/** Figures that come from elsewhere: kept as they are given, and never reckoned with. */
export class ImportedFigures {
  readonly #rooms: ImportRooms;

  constructor(rooms: ImportRooms) {
    this.#rooms = rooms;
  }

  /** Those of the house, and of what a report is told apart by, whose span touches it. */
  read(from: EpochMs, to: EpochMs | null, by: readonly Dimension[]): Promise<readonly ImportedValue[]> {
    return this.#rooms.history.imported({ from, to, by, limit: MOST });
  }

  async keep({ source, values }: ImportWish, by: string): Promise<Answer<{ kept: number; gone: number }>> {
    const at = this.#rooms.clock.now();
    const kept: ImportedValue[] = [];
    const gone: ImportedPlace[] = [];
    for (const [index, { value, ...place }] of values.entries()) {
      const fault = faultOf(place);
      if (fault !== null) return { ok: false, why: 'invalid', sentence: `Value ${index + 1}: ${fault}` };
      if (value === null) gone.push(place);
      else kept.push({ ...place, value, source, at, importedBy: by });
    }
    const twice = twiceIn([...kept, ...gone]);
    if (twice !== null)
      return { ok: false, why: 'invalid', sentence: `Value ${twice + 1} is of the same as one before.` };
    return { ok: true, value: { kept: kept.length, gone: await this.#rooms.history.keepImported(kept, gone) } };
  }
}

function faultOf({ from, to, by, key }: ImportedPlace): string | null {
  if (to <= from) return 'its span ends before it begins.';
  if (by === null && key !== null) return '`key` says of whom, so `by` has to say what that is.';
  return by !== null && key === null ? `\`key\` has to name the ${by}.` : null;
}

/** Where the first stands that is of the same as one before; null: none. */
function twiceIn(places: readonly ImportedPlace[]): number | null {
  const seen = new Set<string>();
  for (const [index, { figure, from, to, by, key }] of places.entries()) {
    const name = JSON.stringify([figure, from, to, by, key]);
    if (seen.has(name)) return index;
    seen.add(name);
  }
  return null;
}
