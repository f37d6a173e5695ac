import { describe, expect, it } from 'vitest';
import { wavFault, wavOf } from '../../../src/local/wav.ts';

const good = () => Buffer.from(wavOf([Int16Array.of(1, 2, 3), Int16Array.of(-4)]));
const changed = (change: (file: Buffer) => void) => {
  const file = good();
  change(file);
  return file;
};

describe('wavOf', () => {
  it('writes the samples of all pieces', () => {
    const file = good();
    expect(file.length).toBe(44 + 8);
    expect(file.readUInt32LE(4)).toBe(file.length - 8);
    expect([44, 46, 48, 50].map((at) => file.readInt16LE(at))).toEqual([1, 2, 3, -4]);
  });

  it('writes what it takes for good, also of a part of a longer sound', () => {
    expect(wavFault(good())).toBeNull();
    expect(Buffer.from(wavOf([Int16Array.of(1, 2, 3, 4).subarray(1, 3)])).readInt16LE(44)).toBe(2);
  });
});

describe('wavFault', () => {
  it('steps over chunks that it does not know, and over the byte that fills an odd one', () => {
    const notes = Buffer.from('LIST\x03\0\0\0abc\0', 'latin1');
    expect(wavFault(Buffer.concat([good().subarray(0, 12), notes, good().subarray(12)]))).toBeNull();
  });

  it.each([
    ['text', Buffer.from('not a sound at all, only text'), /not a WAVE file/],
    ['nothing', Buffer.alloc(0), /empty/],
    ['a header alone', good().subarray(0, 12), /no format/],
    ['half a format', good().subarray(0, 30), /no format/],
    ['MP3 in WAV', changed((file) => file.writeUInt16LE(0x55, 20)), /compressed \(format 85\)/],
    ['stereo', changed((file) => file.writeUInt16LE(2, 22)), /8000 Hz, 16 bit, 2 channels; the telephone wants/],
    ['CD quality', changed((file) => file.writeUInt32LE(44_100, 24)), /44100 Hz/],
    ['8 bit', changed((file) => file.writeUInt16LE(8, 34)), /8 bit, mono/],
    ['no data', good().subarray(0, 36), /no sound/],
    ['empty', Buffer.from(wavOf([])), /no sound/],
    ['cut off', good().subarray(0, 48), /cut off/],
    ['of a stream that never ended', changed((file) => file.writeUInt32LE(0xffff_ffff, 40)), /cut off/],
  ])('%s', (_name, bytes, sentence) => expect(wavFault(bytes)?.message).toMatch(sentence));

  it('says to convert what is of another kind, and to save anew what is broken', () => {
    expect(wavFault(Buffer.from('ID3'))?.cure).toContain('`sox in.wav');
    expect(wavFault(good().subarray(0, 48))?.cure).toBe('Save or record it again.');
  });
});
