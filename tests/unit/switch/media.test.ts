import { describe, expect, it } from 'vitest';
import type { Media } from '../../../src/call/media.ts';
import { mediaUris } from '../../../src/switch/asterisk/media.ts';

const uris = (media: Media) => mediaUris([media], '/srv/sounds', '/srv/recordings');

describe('media', () => {
  it.each<[Media, readonly string[]]>([
    [{ kind: 'file', path: 'fi/menu/main' }, ['sound:/srv/sounds/fi/menu/main']],
    [{ kind: 'builtin', name: 'digits/1' }, ['sound:digits/1']],
    [{ kind: 'recording', name: '-a_B9' }, ['sound:/srv/recordings/-a_B9']],
    [{ kind: 'tone', name: 'busy' }, ['tone:busy']],
    [{ kind: 'tone', name: 'beep' }, ['sound:beep']],
  ])('%o is played as %o', (media, expected) => {
    expect(uris(media)).toEqual(expected);
  });

  it.each(['../etc/passwd', '/etc/passwd', 'a/../b', 'a//b', 'a,b', 'a b', 'a\n', '', '.hidden', 'http:x'])(
    'never reaches the file "%s"',
    (path) => {
      expect(uris({ kind: 'file', path })).toBeNull();
      expect(uris({ kind: 'builtin', name: path })).toBeNull();
      expect(uris({ kind: 'recording', name: path })).toBeNull();
    },
  );

  it('holds no recordings where nobody said where they are', () => {
    expect(mediaUris([{ kind: 'recording', name: 'a' }], '/srv/sounds')).toBeNull();
  });

  it('is all or nothing', () => {
    expect(
      mediaUris(
        [
          { kind: 'builtin', name: 'beep' },
          { kind: 'file', path: '..' },
        ],
        '/s',
      ),
    ).toBeNull();
  });
});
