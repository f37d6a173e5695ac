import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalFault } from './fault.ts';

/** Creates the folder if need be; nobody but its owner may look inside. */
export function privateFolder(path: string): string {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  return path;
}

/** Writes a file that only its owner may read. */
export function privateFile(path: string, content: string): void {
  writeFileSync(path, content, { mode: 0o600 });
}

/** A Unix socket's path may have 107 characters; names in these folders get by with 40. */
const LONGEST_FOLDER = 67;

/** A private folder for sockets: `run` inside the given one, or a short path of its own where that would be too long. */
export function socketFolder(folder: string): string {
  const inside = join(folder, 'run');
  if (inside.length <= LONGEST_FOLDER) return privateFolder(inside);
  const outside = join(tmpdir(), `callwright-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`);
  privateFolder(outside);
  const found = lstatSync(outside);
  if (found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o077) === 0) return outside;
  throw new LocalFault('start-failed', `${outside} belongs to somebody else: set CALLWRIGHT_DATA to a shorter path.`);
}
