import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A command line: the program and the arguments that come before its own. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
}

/** Where Debian puts a dynamic loader, one for each processor family. */
const LOADERS = ['ld-linux-x86-64.so.2', 'ld-linux-aarch64.so.1', 'ld-linux-armhf.so.3'];

/**
 * How to run a program of an unpacked tree: through the tree's own dynamic loader and libraries, so that it needs
 * nothing of the machine's, whose C library may be years older. No environment variable is used, as programs that it
 * starts would inherit it and break.
 */
export function programOf(root: string, name: string): Command {
  const path = ['usr/sbin', 'usr/bin', 'usr/games', 'bin', 'sbin']
    .map((folder) => join(root, folder, name))
    .find(existsSync);
  if (path === undefined) throw new Error(`the tree ${root} has no program ${name}`);
  const libraries = libraryFolders(root);
  const loader = libraries.flatMap((folder) => LOADERS.map((file) => join(folder, file))).find(existsSync);
  if (loader === undefined) throw new Error(`the tree ${root} has no dynamic loader`);
  return { program: loader, args: ['--library-path', libraries.join(':'), '--argv0', path, path] };
}

/** `/usr/lib/<processor>` and those folders in it that hold private libraries; `/lib` for trees without merged /usr. */
function libraryFolders(root: string): string[] {
  const bases = ['usr/lib', 'lib', 'usr/lib64', 'lib64'].map((folder) => join(root, folder)).filter(existsSync);
  const families = bases.flatMap((base) => subfolders(base).filter((folder) => folder.endsWith('-linux-gnu')));
  const privates = families
    .flatMap(subfolders)
    .filter((folder) => readdirSync(folder).some((file) => /^lib.*\.so/.test(file)));
  return [...families, ...privates, ...bases];
}

const subfolders = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(folder, entry.name));
