import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SAMPLE_RATE, samplesOf, wavOf } from './wav.ts';

/** What is below a hundredth of full scale is not heard on a telephone. */
const FAINT = 328;
/** Judged in steps of 20 ms, as it is sent. */
const STEP = SAMPLE_RATE / 50;

/** Without the silence at both ends. */
export function trimmed(samples: Int16Array): Int16Array {
  const steps = Array.from({ length: Math.ceil(samples.length / STEP) }, (_, step) => step * STEP);
  const heard = steps.filter((from) => samples.subarray(from, from + STEP).some((sample) => Math.abs(sample) > FAINT));
  return samples.subarray(heard[0] ?? 0, (heard.at(-1) ?? 0) + STEP);
}

/**
 * The music of an unpacked tree, trimmed: Asterisk plays one piece after the other, and the faded end of one with the slow
 * beginning of the next made up to five seconds in which a caller takes himself for cut off. Made once, beside the tree.
 */
export function musicFolder(root: string): string {
  const folder = join(dirname(root), 'music');
  if (existsSync(folder)) return folder;
  const pieces = join(root, 'usr/share/asterisk/moh');
  const fresh = mkdtempSync(`${folder}-`);
  for (const name of readdirSync(pieces)) {
    const piece = readFileSync(join(pieces, name));
    const samples = samplesOf(piece);
    writeFileSync(join(fresh, name), samples ? wavOf([trimmed(samples)]) : piece);
  }
  try {
    renameSync(fresh, folder);
  } catch {
    rmSync(fresh, { recursive: true }); // another start was quicker
  }
  return folder;
}
