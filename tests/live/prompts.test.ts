import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SAY_LANGUAGES } from '../../src/call/say/index.ts';
import { ensure } from '../../src/local/debian.ts';
import { makePrompts, SPEECH_PACKAGES, speechPrograms } from '../../src/local/prompts.ts';
import { SAMPLE_RATE, samplesOf } from '../../src/local/wav.ts';

const SOUNDS = resolve(import.meta.dirname, '../../sounds');
const folder = mkdtempSync(join(tmpdir(), 'cw-prompts-'));

/** What a campaign says, and what else callers hear every day. */
const CAMPAIGN = ['campaign.abandoned', 'campaign.machine', 'campaign.opt-out', 'campaign.opted-out'];
const OTHERS = ['welcome', 'goodbye', 'queue.wait', 'closed', 'apology', 'nobody-free'];

/** Above −46 dB; what is below is the silence between words. */
const SOUND = 164;

/** How loud the words are, dB below full scale, with the loudest sample and the length. */
function heard(language: string, prompt: string) {
  const samples = samplesOf(readFileSync(join(folder, 'out', language, `${prompt}.wav`)));
  if (!samples) throw new Error(`${language}/${prompt} cannot be played`);
  const words = samples.filter((sample) => Math.abs(sample) > SOUND);
  const power = words.reduce((sum, sample) => sum + sample ** 2, 0) / Math.max(1, words.length);
  return {
    level: 10 * Math.log10(power / 32_768 ** 2),
    peak: samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0),
    sec: samples.length / SAMPLE_RATE,
    voiced: words.length / samples.length,
  };
}

beforeAll(async () => {
  const { root } = await ensure({ packages: SPEECH_PACKAGES, env: process.env });
  for (const language of SAY_LANGUAGES) {
    mkdirSync(join(folder, 'sounds', language), { recursive: true });
    cpSync(join(SOUNDS, language, 'prompts.yaml'), join(folder, 'sounds', language, 'prompts.yaml'));
  }
  await makePrompts({ ...speechPrograms(root), soundsDir: join(folder, 'sounds'), outDir: join(folder, 'out') });
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(SAY_LANGUAGES)('what a campaign says in %s', (language) => {
  const usual = () => {
    const levels = OTHERS.map((prompt) => heard(language, prompt).level);
    return levels.reduce((sum, level) => sum + level, 0) / levels.length;
  };

  it.each(CAMPAIGN)('%s is heard, as loud as the other prompts, and is not cut', (prompt) => {
    const { level, peak, sec, voiced } = heard(language, prompt);
    expect(Math.abs(level - usual())).toBeLessThan(3);
    expect(level).toBeGreaterThan(-30);
    // Full scale is distortion.
    expect(peak).toBeLessThan(32_767);
    expect(voiced).toBeGreaterThan(0.4);
    expect(sec).toBeGreaterThan(1);
  });

  it('a message for a machine is short enough for its tape', () => {
    expect(heard(language, 'campaign.machine').sec).toBeGreaterThan(5);
    expect(heard(language, 'campaign.machine').sec).toBeLessThan(25);
  });
});
