import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Settings } from '../config/settings.ts';
import { cacheFolder, ensure } from '../local/debian.ts';
import { makePrompts, SPEECH_PACKAGES, speechPrograms } from '../local/prompts.ts';
import type { ExtraPrompt } from '../local/prompt-words.ts';
import type { Stack } from '../local/stack.ts';
import type { createProgress } from './progress.ts';

interface SoundsOptions {
  readonly settings: Settings;
  readonly stack: Pick<Stack, 'root'>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly progress: ReturnType<typeof createProgress>;
  readonly signal: AbortSignal;
}

/** Where the audio of a folder of words is. An Asterisk on another machine must see it under the same path. */
export function soundsFolder({
  settings,
  env,
}: Pick<SoundsOptions, 'env'> & { readonly settings: Pick<SoundsOptions['settings'], 'CALLWRIGHT_SOUNDS'> }): string {
  const key = createHash('sha256').update(settings.CALLWRIGHT_SOUNDS).digest('hex').slice(0, 12);
  return join(cacheFolder(env), `prompts-${key}`);
}

/** Makes the audio of the sounds folder and of words that stand elsewhere, where it changed. */
export async function makeSounds(options: SoundsOptions, extra: readonly ExtraPrompt[]): Promise<void> {
  const { settings, stack, env, progress, signal } = options;
  const [soundsDir, outDir] = [settings.CALLWRIGHT_SOUNDS, soundsFolder(options)];
  const root = stack.root ?? (await ensure({ packages: SPEECH_PACKAGES, env, progress: progress.step, signal })).root;
  await makePrompts({ ...speechPrograms(root), soundsDir, extra, outDir, progress: progress.step, signal });
}
