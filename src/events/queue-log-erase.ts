import { open, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Log } from '../engine/ports/time.ts';

const CHUNK = 1 << 20;

/** What is looked for, and the name that stands for it. */
interface Words {
  readonly spellings: readonly { readonly pattern: string; readonly alias: string }[];
}

/**
 * Takes a person out of the queue log and of what logrotate has made of it, in place: each name is as long as the number was, so that
 * programs that read the file on from where they were are not disturbed. Packed files are left, and told.
 */
export function queueLogEraser(path: string, log: Log): (person: Words) => Promise<number> {
  return async ({ spellings }) => {
    let changed = 0;
    const names = await readdir(dirname(path)).catch(() => [] as string[]);
    const ours = names.filter((name) => name === basename(path) || name.startsWith(`${basename(path)}.`));
    for (const name of ours) {
      if (/\.(gz|xz|bz2|zst)$/u.test(name))
        log.warn({ name }, 'a packed queue log is not searched for an erased person');
      else changed += await eraseIn(join(dirname(path), name), spellings);
    }
    return changed;
  };
}

/** Lines are read whole; one of the log has no more than some hundred bytes. */
async function eraseIn(path: string, spellings: Words['spellings']): Promise<number> {
  const file = await open(path, 'r+');
  try {
    const { size } = await file.stat();
    let changed = 0;
    for (let at = 0; at < size; ) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(CHUNK), 0, CHUNK, at);
      if (bytesRead === 0) break;
      // One character a byte, so that places in the text are places in the file.
      const text = buffer.subarray(0, bytesRead).toString('latin1');
      const whole = text.slice(0, text.lastIndexOf('\n') + 1 || bytesRead);
      const edited = namesIn(whole, spellings);
      if (edited !== whole) {
        await file.write(Buffer.from(edited, 'latin1'), 0, whole.length, at);
        changed += 1;
      }
      at += whole.length;
    }
    if (changed > 0) await file.sync();
    return changed;
  } finally {
    await file.close();
  }
}

const namesIn = (text: string, spellings: Words['spellings']): string =>
  spellings.reduce(
    (rest, { pattern, alias }) => rest.replaceAll(new RegExp(pattern, 'gu'), (found) => ofLength(alias, found.length)),
    text,
  );

/** `e` and as much of the name as there is room for. */
const ofLength = (alias: string, length: number): string =>
  `e${alias.slice(alias.indexOf('-') + 1)}`.padEnd(length, '0').slice(0, length);
