import { createHash } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import type { NumberSet } from '../dialer/dnc-set.ts';
import type { DncImportOrder, DncList, DncStore, DncVersion } from './ports/dnc.ts';
import type { Clock, Ids } from './ports/time.ts';

/** Some milliseconds of the database and of this thread. */
const PART_BYTES = 256 * 1_024;
/** Parts that a process left which died while it wrote them. */
const LEFT_OVER_MS = 24 * 60 * 60_000;

interface Read {
  readonly numbers: NumberSet;
  readonly fileHash: string;
  readonly rows: number;
  readonly rejected: number;
}

/** Writes a list down part by part and puts it in force as a whole; null when another version was put in force meanwhile. */
export async function storeVersion(
  { dnc, ids, clock }: { readonly dnc: DncStore; readonly ids: Ids; readonly clock: Clock },
  list: DncList,
  { mode, fileName, by }: DncImportOrder,
  { numbers, fileHash, rows, rejected }: Read,
): Promise<DncVersion | null> {
  const id = ids.next('dnc');
  const written = numbers.written();
  const hash = createHash('sha256');
  for (let at = 0, part = 0; at < written.length; at += PART_BYTES, part++) {
    const bytes = written.subarray(at, at + PART_BYTES);
    hash.update(bytes);
    await dnc.saveDncPart(id, part, bytes, clock.now());
    await breathe();
  }
  const about = { id, listId: list.id, mode, fileName, fileHash, importedAt: clock.now(), by, rows, rejected };
  const version = { ...about, numbers: numbers.size, bytes: written.length, hash: hash.digest('hex') };
  const isInForce = await dnc.publishDncVersion(version, list.version?.id ?? null);
  await dnc.tidyDncParts(clock.now() - LEFT_OVER_MS);
  return isInForce ? version : null;
}
