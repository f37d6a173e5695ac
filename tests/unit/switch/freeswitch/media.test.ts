import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Media } from '../../../../src/call/media.ts';
import { playable, musicPath, SoundFiles } from '../../../../src/switch/freeswitch/media.ts';

const folder = mkdtempSync(join(tmpdir(), 'callwright-sounds-'));
for (const name of ['both.wav', 'both.gsm', 'old.gsm']) writeFileSync(join(folder, name), '');

const play = (media: readonly Media[], soundsDir = '/srv/sounds') =>
  playable(media, { soundsDir, recordingsDir: '/srv/recordings', files: new SoundFiles() })?.path ?? null;

describe('what FreeSWITCH plays', () => {
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each<[Media, string]>([
    [{ kind: 'file', path: 'fi/menu/main' }, '/srv/sounds/fi/menu/main.wav'],
    [{ kind: 'builtin', name: 'digits/1' }, '/srv/sounds/digits/1.wav'],
    [{ kind: 'recording', name: '-a_B9' }, '/srv/recordings/-a_B9.wav'],
    [{ kind: 'tone', name: 'busy' }, 'tone_stream://%(500,500,425);loops=-1'],
    [{ kind: 'builtin', name: 'beep' }, 'tone_stream://%(400,0,1000)'],
  ])('%o is %s', (media, expected) => {
    expect(play([media])).toBe(expected);
  });

  it('is one path without pauses for a list', () => {
    const list: readonly Media[] = [
      { kind: 'file', path: 'a' },
      { kind: 'tone', name: 'beep' },
      { kind: 'file', path: 'b' },
    ];
    expect(play(list)).toBe('file_string:///srv/sounds/a.wav!tone_stream://%(400,0,1000)!/srv/sounds/b.wav');
  });

  it('is the file that there is, and what needs no decoding before what does', () => {
    expect(play([{ kind: 'file', path: 'both' }], folder)).toBe(join(folder, 'both.wav'));
    expect(play([{ kind: 'builtin', name: 'old' }], folder)).toBe(join(folder, 'old.gsm'));
  });

  it.each(['../etc/passwd', '/etc/passwd', 'a/../b', 'a//b', 'a!b', 'a b', 'a\n', '', '.hidden', 'http:x', '{a=b}x'])(
    'is never the file "%s"',
    (path) => {
      expect(play([{ kind: 'file', path }])).toBeNull();
      expect(play([{ kind: 'builtin', name: path }])).toBeNull();
      expect(play([{ kind: 'recording', name: path }])).toBeNull();
    },
  );

  it('is nothing for an empty list, and for one of which a part may not be played', () => {
    expect(play([])).toBeNull();
    expect(
      play([
        { kind: 'tone', name: 'ring' },
        { kind: 'file', path: '..' },
      ]),
    ).toBeNull();
    const folders = { soundsDir: '/s', recordingsDir: null, files: new SoundFiles() };
    expect(playable([{ kind: 'recording', name: 'a' }], folders)).toBeNull();
  });

  it('is not whole without a file that is missed in a folder that is seen from here', () => {
    const folders = { soundsDir: folder, recordingsDir: null, files: new SoundFiles() };
    const isWhole = (...paths: readonly string[]) =>
      playable(
        paths.map((path) => ({ kind: 'file', path })),
        folders,
      )?.isWhole;
    expect([isWhole('both', 'old'), isWhole('both', 'none'), isWhole('unseen/none')]).toEqual([true, false, true]);
  });

  it('is the default music for a class that cannot be one', () => {
    expect(musicPath('jazz')).toBe('local_stream://jazz');
    expect(musicPath('../x')).toBe('local_stream://default');
  });
});
