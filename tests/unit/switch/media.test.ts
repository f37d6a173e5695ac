import { describe, expect, it } from 'vitest';
import type { Media } from '../../../src/call/media.ts';
import { mediaUris } from '../../../src/switch/asterisk/media.ts';

const uris = (media: Media, language = 'en') => mediaUris([media], language, '/srv/sounds');
const number = (value: number): Media => ({ kind: 'number', value });
const words = (value: number, language = 'en') =>
  uris(number(value), language)
    ?.map((uri) => uri.replace('sound:digits/', ''))
    .join(' ');

describe('media', () => {
  it.each<[Media, readonly string[]]>([
    [{ kind: 'file', path: 'fi/menu/main' }, ['sound:/srv/sounds/fi/menu/main']],
    [{ kind: 'builtin', name: 'digits/1' }, ['sound:digits/1']],
    [
      { kind: 'digits', value: '+1*2 #' },
      ['sound:digits/1', 'sound:digits/star', 'sound:digits/2', 'sound:digits/pound'],
    ],
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
    },
  );

  it.each([
    [0, '0'],
    [20, '20'],
    [21, '20 1'],
    [40, '40'],
    [99, '90 9'],
    [100, '1 hundred'],
    [342, '3 hundred 40 2'],
    [1_000, '1 thousand'],
    [7_777, '7 thousand 7 hundred 70 7'],
    [120_013, '1 hundred 20 thousand 13'],
    [1_000_005, '1 million 5'],
    [999_999_999, '9 hundred 90 9 million 9 hundred 90 9 thousand 9 hundred 90 9'],
  ])('speaks %i as %s', (value, expected) => {
    expect(words(value)).toBe(expected);
  });

  it('leaves to Asterisk what it would have to know the grammar of', () => {
    expect(words(12, 'fi')).toBe('12');
    expect(words(21, 'fi')).toBe('number:21');
    expect(words(-5)).toBe('number:-5');
    expect(uris(number(1.5))).toBeNull();
  });

  it('is all or nothing', () => {
    expect(
      mediaUris(
        [
          { kind: 'builtin', name: 'beep' },
          { kind: 'file', path: '..' },
        ],
        'en',
        '/s',
      ),
    ).toBeNull();
  });
});
