import { expect, test } from 'vitest';
import { atLeast, packageVersion } from '../../../src/local/package-version.ts';

test.each([
  ['1:22.10.1+dfsg+~cs6.17.60671434-1', '22.10.1'],
  ['5:8.0.6-3', '8.0.6'],
  ['3.8.0-1', '3.8.0'],
  ['23~rc1-1', '23'],
  ['unknown', '0'],
])('the program’s version in %s is %s', (debian, version) => {
  expect(packageVersion(debian)).toBe(version);
});

test.each([
  ['22.10.1', '22.10.1', true],
  ['22.10.0', '22.10.1', false],
  ['22.9.9', '22.10.1', false],
  ['22.10', '22.10.1', false],
  ['22.10.1.1', '22.10.1', true],
  ['23', '22.10.1', true],
  ['9.99', '22.10.1', false],
])('%s is at least %s: %s', (version, oldest, answer) => {
  expect(atLeast(version, oldest)).toBe(answer);
});
