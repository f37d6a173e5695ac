import { constants } from 'node:fs';
import { open, readdir, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { Code } from '../../ivr/codes.ts';
import type { Problem } from '../../ivr/problem.ts';

/** More than any house has, and few enough that a hostile folder is refused at once. */
const MOST = { entries: 50_000, depth: 12 };

/** A file below a folder, by its path from there with forward slashes, or why it is not to be read. */
export interface Entry {
  readonly path: string;
  readonly fault: Problem | null;
}

/**
 * The files below a folder whose path is wanted, in order. Hidden ones are passed over; a link may lead to another place in
 * the folder, as mounted configuration has it, but not out of it nor round in a circle.
 *
 * @throws the file system's own error when the folder itself cannot be read.
 */
export async function filesBelow(
  folder: string,
  wanted: (path: string) => boolean,
  most: number,
): Promise<readonly Entry[]> {
  const walk: Walk = { root: await realpath(folder), wanted, most, found: [], seen: 0 };
  await walkFolder(walk, '', []);
  const found = walk.found.sort((a, b) => (a.path < b.path ? -1 : 1));
  if (walk.seen <= MOST.entries && found.length <= most) return found;
  const message = `The folder holds more than ${found.length > most ? most : MOST.entries} files.`;
  return [refused('', 'file-unreadable', message, 'Keep flows and sounds in folders of their own.')];
}

interface Walk {
  readonly root: string;
  readonly wanted: (path: string) => boolean;
  readonly most: number;
  readonly found: Entry[];
  seen: number;
}

/** `above` are the real folders that this one lies in. */
async function walkFolder(walk: Walk, folder: string, above: readonly string[]): Promise<void> {
  const place = join(walk.root, folder);
  const real = folder === '' ? walk.root : await realOf(place);
  if (real === null || above.includes(real) || above.length > MOST.depth) return;
  const entries = await readdir(place, { withFileTypes: true }).catch((error: unknown) => {
    if (folder === '') throw error;
    walk.found.push(unreadable(folder));
    return [];
  });
  for (const entry of entries) {
    walk.seen += 1;
    if (walk.seen > MOST.entries || walk.found.length > walk.most) return;
    if (entry.name.startsWith('.')) continue;
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    const inside = !entry.isSymbolicLink() || isBelow(walk.root, await realOf(join(walk.root, path)));
    if (!inside) {
      if (walk.wanted(path))
        walk.found.push(
          refused(
            path,
            'file-unreadable',
            'The link leads out of the folder, or nowhere.',
            'Put the file itself here.',
          ),
        );
    } else if (walk.wanted(path)) walk.found.push({ path, fault: null });
    else if (entry.isDirectory() || entry.isSymbolicLink()) await walkFolder(walk, path, [...above, real]);
  }
}

const realOf = (path: string): Promise<string | null> => realpath(path).catch(() => null);

const isBelow = (root: string, path: string | null): boolean => path !== null && path.startsWith(root + sep);

export const refused = (
  path: string,
  code: Code,
  message: string,
  cure: string,
): Entry & { readonly fault: Problem } => ({
  path,
  fault: { file: path, line: 1, column: 1, code, message, cure },
});

const unreadable = (path: string) =>
  refused(path, 'file-unreadable', 'The file cannot be read.', 'Let the user that Callwright runs as read it.');

/** The bytes of a file, or why they are not read: it is opened first and judged before a byte of it is. */
export async function bytesOf(folder: string, path: string, most: number): Promise<Uint8Array | Problem> {
  try {
    await using file = await open(join(folder, path), constants.O_RDONLY | constants.O_NONBLOCK);
    const { size, isFile } = await file.stat().then((stat) => ({ size: stat.size, isFile: stat.isFile() }));
    if (!isFile) return refused(path, 'file-unreadable', 'This is no file.', 'Remove it, or name it otherwise.').fault;
    if (size <= most) return await file.readFile();
    const message = `The file is longer than ${most / 1024} KiB.`;
    return refused(path, 'file-unreadable', message, 'Split it into several files.').fault;
  } catch {
    return unreadable(path).fault;
  }
}
