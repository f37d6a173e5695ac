import { wavFault } from '../../local/wav.ts';
import { bytesOf, type Entry, filesBelow, refused } from './folder.ts';
import { longestOf } from './kinds.ts';
import { loadSite, type SiteFile, type SiteReading } from './load.ts';

/** A flow is refused above 128 KiB by its parser too; half an hour of sound is more than anybody listens to. */
const LARGEST = { text: 128 * 1024, sound: 32 * 1024 * 1024 };
const MOST = { flows: 2_000, sounds: 20_000 };

/**
 * Reads a site from disk: every YAML file below `flowsFolder` but for tests, and of `soundsFolder` each language's prompt list
 * and recordings. `today` is a date, as 2026-12-25.
 *
 * @throws the file system's own error when one of the folders itself cannot be read; all else is told as a problem.
 */
export async function readSite(flowsFolder: string, soundsFolder: string, today = dateNow()): Promise<SiteReading> {
  return loadSite(await readSiteFiles(flowsFolder, soundsFolder), today);
}

export const dateNow = (): string => Temporal.Now.plainDateISO().toString();

/** The files that `readSite` reads. */
export async function readSiteFiles(flowsFolder: string, soundsFolder: string): Promise<readonly SiteFile[]> {
  const flows = await readFlowFiles(flowsFolder);
  const lists = await filesBelow(soundsFolder, (path) => path.endsWith('/prompts.yaml'), MOST.sounds);
  const recordings = await filesBelow(soundsFolder, (path) => path.endsWith('.wav'), MOST.sounds);
  return [
    ...flows,
    ...(await inTurn(lists, (entry) => fileOf(soundsFolder, entry))).map(inSounds),
    ...(await inTurn(recordings, (entry) => faultyRecording(soundsFolder, entry)))
      .filter((file) => file !== null)
      .map(inSounds),
  ];
}

/** The YAML files below a folder, but for tests of flows. */
export async function readFlowFiles(folder: string): Promise<readonly SiteFile[]> {
  return inTurn(await filesBelow(folder, isFlowFile, MOST.flows), (entry) => fileOf(folder, entry));
}

const isFlowFile = (path: string): boolean => /\.ya?ml$/.test(path) && !/\.test\.ya?ml$/.test(path);

async function inTurn<T, R>(items: readonly T[], act: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await act(item));
  return results;
}

/** One file as text, whatever it is called. */
export const readSiteFile = (folder: string, path: string): Promise<SiteFile> => fileOf(folder, { path, fault: null });

async function fileOf(folder: string, { path, fault }: Entry): Promise<SiteFile> {
  const read = fault ?? (await bytesOf(folder, path, longestOf(path) ?? LARGEST.text));
  return read instanceof Uint8Array ? { path, text: Buffer.from(read).toString('utf8') } : { path, fault: read };
}

async function faultyRecording(folder: string, { path, fault }: Entry): Promise<SiteFile | null> {
  const read = fault ?? (await bytesOf(folder, path, LARGEST.sound));
  if (!(read instanceof Uint8Array)) return { path, fault: read };
  const wrong = wavFault(read);
  return wrong === null ? null : refused(path, 'audio-format', wrong.message, wrong.cure);
}

/** Sounds lie in a folder of their own, which is not below that of the flows. */
function inSounds(file: SiteFile): SiteFile {
  const path = `sounds/${file.path}`;
  return 'text' in file ? { path, text: file.text } : { path, fault: { ...file.fault, file: path } };
}
