import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFileRecordings } from '../../../src/store/files/recordings.ts';

const WAV = new TextEncoder().encode('RIFF and what follows');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'callwright-recordings-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('recordings in a folder', () => {
  it('are kept under a name that tells nothing, the same for the same recording, and read back whole', async () => {
    const recordings = await createFileRecordings(folder);
    const name = recordings.nameOf('call-1-rec1');
    expect(name).toMatch(/^[\w-]{43}$/u);
    expect(recordings.nameOf('call-1-rec2')).not.toBe(name);
    const again = await createFileRecordings(folder);
    expect(again.nameOf('call-1-rec1')).toBe(name);
    for (const store of [recordings, again]) await store.keep('call-1-rec1', WAV);
    expect(Buffer.from((await recordings.read(name)) ?? [])).toEqual(Buffer.from(WAV));
    expect(new Set(readdirSync(folder))).toEqual(new Set(['.key', `${name}.wav`]));
  });

  it('are named otherwise in every house, though the ids be the same', async () => {
    const one = await createFileRecordings(join(folder, 'one'));
    const other = await createFileRecordings(join(folder, 'other'));
    expect(one.nameOf('call-1-rec1')).not.toBe(other.nameOf('call-1-rec1'));
  });

  it('share one key when two processes begin at once', async () => {
    const both = await Promise.all([createFileRecordings(folder), createFileRecordings(folder)]);
    const names = both.map((recordings) => recordings.nameOf('call-1-rec1'));
    expect(new Set(names).size).toBe(1);
  });

  it('can be looked at by their owner only, also in a folder that was open before', async () => {
    chmodSync(folder, 0o755);
    const recordings = await createFileRecordings(folder);
    const name = recordings.nameOf('call-1-rec1');
    await recordings.keep('call-1-rec1', WAV);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const file of [`${name}.wav`, '.key']) expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
  });

  it.each(['', '..', '../secret', '.key', 'a/b', '%2e%2e%2fsecret', 'x'.repeat(43), '\0'])(
    'never lead to another file: "%s"',
    async (name) => {
      writeFileSync(join(folder, 'secret.wav'), 'secret');
      const recordings = await createFileRecordings(join(folder, 'inside'));
      expect(await recordings.read(name)).toBeNull();
      await recordings.remove(name);
      expect(existsSync(join(folder, 'secret.wav')) && existsSync(join(folder, 'inside', '.key'))).toBe(true);
    },
  );

  it('are no links and no folders', async () => {
    writeFileSync(join(folder, 'secret'), 'secret');
    const recordings = await createFileRecordings(folder);
    const name = 'n'.repeat(43);
    symlinkSync(join(folder, 'secret'), join(folder, `${name}.wav`));
    expect(await recordings.read(name)).toBeNull();
  });

  it('are gone when removed, once or twice', async () => {
    const recordings = await createFileRecordings(folder);
    const name = recordings.nameOf('call-1-rec1');
    await recordings.keep('call-1-rec1', WAV);
    await recordings.remove(name);
    await recordings.remove(name);
    expect(await recordings.read(name)).toBeNull();
  });
});
