import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isRecordingName, Spool } from '../../../../src/switch/freeswitch/spool.ts';

const HEADER_BYTES = 44;
const BYTES_PER_MS = 16;

/** As FreeSWITCH leaves it; a broken one was never closed, and says that nothing is in it. */
function wav(ms: number, isBroken = false): Buffer {
  const file = Buffer.alloc(HEADER_BYTES + ms * BYTES_PER_MS, 1);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(isBroken ? 0 : file.length - 8, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(isBroken ? 0 : file.length - HEADER_BYTES, 40);
  return file;
}

describe('the spool', () => {
  let folder: string;
  let spool: Spool;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'callwright-spool-'));
    spool = new Spool(folder);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const sizesOf = async (id: string) => {
    const file = await spool.file(id);
    if (!file.ok) return file.why;
    const bytes = Buffer.from(file.wav);
    return [bytes.length - HEADER_BYTES, bytes.readUInt32LE(4) - 36, bytes.readUInt32LE(40)];
  };

  it('gives a file its name when it is whole, cut to what is to be kept', async () => {
    writeFileSync(spool.partOf('a'), wav(1_000));
    expect(await spool.close('a', 740)).toBe(740);
    expect(readdirSync(folder)).toEqual(['a.wav']);
    expect(await sizesOf('a')).toEqual(Array.from({ length: 3 }, () => 740 * BYTES_PER_MS));
  });

  it('finishes what a process that is no more has left half named', async () => {
    writeFileSync(spool.partOf('a'), wav(200, true));
    expect(await spool.has('a')).toBe(true);
    expect(await sizesOf('a')).toEqual(Array.from({ length: 3 }, () => 200 * BYTES_PER_MS));
  });

  it('keeps a recording in which nobody said anything, and knows what there never was', async () => {
    expect(await spool.close('a', 0)).toBeNull();
    expect(await sizesOf('a')).toBe('gone');
    await spool.empty('a');
    expect(await sizesOf('a')).toEqual([0, 0, 0]);
    expect([await spool.has('a'), await spool.has('b')]).toEqual([true, false]);
  });

  it('removes all that there is of a name, and nothing by a name that is none', async () => {
    writeFileSync(spool.partOf('a'), wav(20));
    await spool.empty('a');
    const other = `${folder}-other.wav`;
    writeFileSync(other, '');
    await spool.remove('a');
    await spool.remove(`../${folder.split('/').at(-1) ?? ''}-other`);
    expect(readdirSync(folder)).toEqual([]);
    expect(existsSync(other)).toBe(true);
    rmSync(other);
    expect(['a', 'A-_9', 'x'.repeat(64)].every(isRecordingName)).toBe(true);
    expect(['', '../a', 'a.wav', 'a/b', 'x'.repeat(65)].some(isRecordingName)).toBe(false);
  });

  it('asks each FreeSWITCH once whether it sees the folder, and again while it does not', async () => {
    const asked: string[] = [];
    const answers = [null, 'false\n', 'true\n'];
    const server = { name: 'one', api: async (command: string) => answers[asked.push(command) - 1] ?? null };
    const seen = [];
    for (let turn = 0; turn < 5; turn += 1) seen.push(await spool.isSeenBy(server));
    expect(seen).toEqual([null, false, true, true, true]);
    expect(asked).toEqual(Array.from({ length: 3 }, () => `file_exists ${folder}`));
  });
});
