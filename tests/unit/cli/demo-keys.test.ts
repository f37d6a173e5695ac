import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { shellKeys } from '../../../src/cli/demo/keys.ts';

it('gives a shell what the README and the commands ask for', () => {
  const folder = mkdtempSync(join(tmpdir(), 'callwright-keys-'));
  try {
    const file = join(folder, 'env');
    writeFileSync(file, shellKeys('http://127.0.0.1:4711', 'cw_token-1.a_b-C'));
    const told = execFileSync('sh', ['-c', '. "$1"; printenv CALLWRIGHT_API CALLWRIGHT_TOKEN; alias cw', 'sh', file]);
    expect(told.toString().split('\n')).toEqual([
      'http://127.0.0.1:4711',
      'cw_token-1.a_b-C',
      expect.stringContaining('Authorization: Bearer $TOKEN'),
      '',
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
