import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { HEADER_BYTES, makePlain, soundIn } from '../../../../src/switch/freeswitch/wav-file.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'callwright-wav-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const chunk = (name: string, body: Buffer, size = body.length): Buffer => {
  const head = Buffer.alloc(8);
  head.write(name, 'latin1');
  head.writeUInt32LE(size, 4);
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
};
/** 16 bit linear, 8 kHz, mono. */
const FORMAT = Buffer.from('01000100401f0000803e000002001000', 'hex');
/** As FreeSWITCH writes it: with what it says of itself before the sound, and sizes that are true only in the end. */
const wavOf = (between: readonly Buffer[], sound: Buffer, isFinished: boolean): Buffer => {
  const chunks = [chunk('fmt ', FORMAT), ...between, chunk('data', sound, isFinished ? sound.length : 0)];
  const body = Buffer.concat([Buffer.from('WAVE'), ...chunks]);
  return chunk('RIFF', body, isFinished ? body.length : 0);
};
const even = fc.uint8Array({ maxLength: 2_000 }).map((bytes) => Buffer.from(bytes.subarray(0, bytes.length & ~1)));

it('leaves a plain file of the same sound, whatever stood before it and whether or not it was finished', async () => {
  const list = fc.uint8Array({ maxLength: 200 }).map((bytes) => chunk('LIST', Buffer.from(bytes)));
  const part = fc.double({ min: 0, max: 1, noNaN: true });
  await fc.assert(
    fc.asyncProperty(
      fc.array(list, { maxLength: 3 }),
      even,
      fc.boolean(),
      part,
      async (between, sound, done, share) => {
        const path = join(folder, 'one.wav');
        writeFileSync(path, wavOf(between, sound, done));
        const { at, bytes } = await soundIn(path);
        expect(bytes).toBe(sound.length);
        const kept = Math.floor((bytes * share) / 2) * 2;
        await makePlain(path, { at, bytes: kept });
        expect(readFileSync(path).equals(wavOf([], sound.subarray(0, kept), true))).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
});

it('takes a file that was cut off in its header for one without sound', async () => {
  const path = join(folder, 'cut.wav');
  writeFileSync(path, wavOf([], Buffer.alloc(0), true).subarray(0, 30));
  expect(await soundIn(path)).toEqual({ at: HEADER_BYTES, bytes: 0 });
});
