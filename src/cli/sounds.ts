import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Settings } from '../config/settings.ts';
import { cacheFolder, ensure } from '../local/debian.ts';
import { makePrompts, SPEECH_PACKAGES, speechPrograms } from '../local/prompts.ts';
import type { Stack } from '../local/stack.ts';
import type { createProgress } from './progress.ts';

interface SoundsOptions {
  readonly settings: Settings;
  readonly stack: Pick<Stack, 'root'>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly progress: ReturnType<typeof createProgress>;
  readonly signal: AbortSignal;
}

/**
 * The prompts as audio, made from their words where they changed; answers the folder, one for each folder of words. An
 * Asterisk on another machine must see it under the same path.
 */
export async function soundsOf({ settings, stack, env, progress, signal }: SoundsOptions): Promise<string> {
  const soundsDir = settings.CALLWRIGHT_SOUNDS;
  const key = createHash('sha256').update(soundsDir).digest('hex').slice(0, 12);
  const outDir = join(cacheFolder(env), `prompts-${key}`);
  const root = stack.root ?? (await ensure({ packages: SPEECH_PACKAGES, env, progress: progress.step, signal })).root;
  await makePrompts({ ...speechPrograms(root), soundsDir, outDir, progress: progress.step, signal });
  return outDir;
}
