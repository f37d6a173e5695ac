import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { musicFolder, trimmed } from '../../../src/local/music.ts';
import { samplesOf, wavOf } from '../../../src/local/wav.ts';

const SECOND = 8_000;
const faint = (seconds: number) => new Int16Array(seconds * SECOND).fill(40);
const loud = (seconds: number) => new Int16Array(seconds * SECOND).fill(9_000);
const joined = (...pieces: readonly Int16Array[]) => Int16Array.from(pieces.flatMap((piece) => [...piece]));

test('silence goes from both ends and stays in the middle', () => {
  const piece = joined(faint(1), loud(2), faint(3), loud(1), faint(5));
  expect(trimmed(piece).length).toBe(6 * SECOND);
  expect(trimmed(joined(loud(1)))).toEqual(loud(1));
});

test('a piece that is silent altogether keeps a breath, so that it is a sound file', () => {
  expect(trimmed(faint(2)).length).toBe(SECOND / 50);
});

test('the music of a tree is trimmed once, and what is no plain WAV is left as it is', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cw-music-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const pieces = join(folder, 'root/usr/share/asterisk/moh');
  mkdirSync(pieces, { recursive: true });
  writeFileSync(join(pieces, 'piece.wav'), wavOf([faint(1), loud(1), faint(1)]));
  writeFileSync(join(pieces, 'other.gsm'), 'gsm');
  const music = musicFolder(join(folder, 'root'));
  expect(samplesOf(readFileSync(join(music, 'piece.wav')))?.length).toBe(SECOND);
  expect(readFileSync(join(music, 'other.gsm'), 'utf8')).toBe('gsm');
  rmSync(pieces, { recursive: true });
  expect(musicFolder(join(folder, 'root'))).toBe(music);
  expect(readdirSync(folder).toSorted()).toEqual(['music', 'root']);
});
