import { expect, test } from 'vitest';
import { parsePlan } from '../../../src/local/apt.ts';

test('a simulated installation names every package and its version', () => {
  const simulation = [
    'Reading package lists...',
    'The following NEW packages will be installed:',
    '  asterisk libc6',
    'Inst gcc-16-base (16.2.0-3 Debian:testing [amd64]) []',
    'Inst libc6:amd64 (2.43-7 Debian:testing [amd64]) [libgcc-s1:amd64 ]',
    'Inst asterisk (1:22.10.1+dfsg+~cs6.17.60671434-1 Debian:testing [amd64])',
    'Inst old [1.0-1] (1.1-1 Debian:testing [amd64])',
    'Conf libc6 (2.43-7 Debian:testing [amd64])',
  ].join('\n');
  expect(parsePlan(simulation)).toEqual({
    'gcc-16-base': '16.2.0-3',
    libc6: '2.43-7',
    asterisk: '1:22.10.1+dfsg+~cs6.17.60671434-1',
    old: '1.1-1',
  });
});
