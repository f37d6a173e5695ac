import { describe, expect, test } from 'vitest';
import { debianMirrors, parseSourceLines, parseSourceStanzas } from '../../../src/local/apt-sources.ts';

const STANZAS = `Types: deb
# a comment between fields
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb deb-src
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main

# a stanza switched off
Enabled: no
Types: deb
URIs: http://off.example/debian
Suites: trixie
Components: main

Types: deb
URIs:
 https://one.example/debian/
 https://two.example/debian
Suites: trixie
Components: main
`;

const source = (uri: string, components = ['main']) => ({ uris: [uri], suites: ['x'], components });

describe('a machine’s package sources', () => {
  test('deb822 stanzas: comments, continued lines and switched-off stanzas', () => {
    expect(parseSourceStanzas(STANZAS)).toEqual([
      {
        uris: ['http://mirror.example/debian'],
        suites: ['bookworm', 'bookworm-updates'],
        components: ['main', 'contrib'],
      },
      { uris: ['http://mirror.example/debian-security'], suites: ['bookworm-security'], components: ['main'] },
      { uris: ['https://one.example/debian/', 'https://two.example/debian'], suites: ['trixie'], components: ['main'] },
    ]);
  });

  test('one-line sources: options, comments and source packages', () => {
    const text = [
      'deb [arch=amd64 signed-by=/k.gpg] http://mirror.example/debian bookworm main contrib # mine',
      'deb-src http://mirror.example/debian bookworm main',
      '# deb http://old.example/debian stretch main',
      'deb https://packages.example/apt stable main',
      '',
    ].join('\n');
    expect(parseSourceLines(text)).toEqual([
      { uris: ['http://mirror.example/debian'], suites: ['bookworm'], components: ['main', 'contrib'] },
      { uris: ['https://packages.example/apt'], suites: ['stable'], components: ['main'] },
    ]);
  });

  test('only Debian’s main archive counts, each mirror once', () => {
    expect(
      debianMirrors([
        source('http://mirror.example/debian-security'),
        source('https://third.example/node_20.x'),
        source('http://mirror.example/debian', ['contrib']),
        source('http://mirror.example/debian'),
        source('http://mirror.example/debian/'),
        source('mirror+file:///etc/apt/mirrors/debian.list'),
        source('cdrom:[Debian 12]/'),
      ]),
    ).toEqual(['http://mirror.example/debian', 'mirror+file:///etc/apt/mirrors/debian.list']);
  });
});
