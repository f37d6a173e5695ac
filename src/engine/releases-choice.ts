import { createHash } from 'node:crypto';
import type { CallId } from '../call/ids.ts';
import type { Activation, ReleaseFile } from './ports/flow-store.ts';

/** What new calls take: everything an activation says of it. */
export type Running = Pick<Activation, 'release' | 'canary'>;

/** Whether new calls take the same by both. */
export const sameRunning = (one: Running, other: Running): boolean =>
  one.release === other.release &&
  one.canary?.release === other.canary?.release &&
  one.canary?.percent === other.canary?.percent;

const ID_DIGITS = 12;

/** Belong to the installation: they are the same for all releases and take effect at a start. */
const OF_THE_HOUSE = /(?:^|\/)site\/(?:agents|trunks|trunk-groups)\.yaml$/;

const isOfTheHouse = ({ path }: ReleaseFile): boolean => OF_THE_HOUSE.test(path);

/** Content hash: the first twelve hex digits of the SHA-256 of paths and texts, in order of path. */
export function releaseId(files: readonly ReleaseFile[]): string {
  const sorted = files
    .filter((file) => !isOfTheHouse(file))
    .map(({ path, text }) => [path, text] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, ID_DIGITS);
}

/** Of the files of the house, those that the other release has otherwise. */
export function changedOfTheHouse(before: readonly ReleaseFile[], now: readonly ReleaseFile[]): readonly string[] {
  const texts = (files: readonly ReleaseFile[]) =>
    new Map(files.filter(isOfTheHouse).map(({ path, text }) => [path, text]));
  const [old, fresh] = [texts(before), texts(now)];
  return [...new Set([...old.keys(), ...fresh.keys()])].filter((path) => old.get(path) !== fresh.get(path)).sort();
}

/** The release of a new call. The call's id alone decides, so that it is the same wherever it is asked. */
export function releaseOf(callId: CallId, { release, canary }: Running): string {
  if (!canary) return release;
  const drawn = createHash('sha256').update(callId).digest().readUInt32BE(0) / 2 ** 32;
  return drawn * 100 < canary.percent ? canary.release : release;
}

/**
 * The release that all calls took before the one they take now; null when the history does not reach so far. Going back is
 * not a step forward: after a way back from C to B the release before is A, not C. `latestFirst` as the store lists them.
 */
export function releaseBefore(latestFirst: readonly Activation[]): string | null {
  const way: string[] = [];
  for (const { action, release } of latestFirst.toReversed()) {
    if (action === 'rollback') while (way.length > 0 && way.at(-1) !== release) way.pop();
    if (way.at(-1) !== release) way.push(release);
  }
  return way.at(-2) ?? null;
}
