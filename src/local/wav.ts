/** What the telephone network carries, and what Asterisk plays without converting: 8000 samples a second, 16 bit, mono. */
export const SAMPLE_RATE = 8000;
const PCM = 1;
const HEADER_BYTES = 44;

/** A sound file (RIFF WAVE, PCM) of these samples, one piece after the other. */
export function wavOf(pieces: readonly Int16Array[]): Uint8Array {
  const size = pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(HEADER_BYTES - 8 + size, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(PCM, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(SAMPLE_RATE, 24);
  header.writeUInt32LE(SAMPLE_RATE * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(size, 40);
  return Buffer.concat([
    header,
    ...pieces.map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength)),
  ]);
}

interface SoundFault {
  readonly message: string;
  readonly cure: string;
}

const CONVERT = 'Convert it, for instance with `sox in.wav -r 8000 -b 16 -c 1 out.wav`.';
const ANEW = 'Save or record it again.';

/** Why a sound file cannot be played on the telephone as it is, and what mends it; null when it can. */
export function wavFault(bytes: Uint8Array): SoundFault | null {
  if (bytes.length === 0) return { message: 'The file is empty.', cure: ANEW };
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, 12) !== 'WAVE') {
    return { message: 'This is not a WAVE file.', cure: CONVERT };
  }
  const format = chunkOf(file, 'fmt ');
  const data = chunkOf(file, 'data');
  if (!format || format.body.length < 16) return { message: 'The file has no format in it.', cure: ANEW };
  return formatFault(format.body) ?? dataFault(data);
}

/** What is heard in a sound file that the telephone can play as it is; null for any other. */
export function samplesOf(bytes: Uint8Array): Int16Array | null {
  if (wavFault(bytes) !== null) return null;
  const data = chunkOf(Buffer.from(bytes), 'data');
  // A copy, since samples have to begin at an even address.
  return data ? new Int16Array(Uint8Array.from(data.body).buffer, 0, data.body.length >> 1) : null;
}

function formatFault(format: Buffer): SoundFault | null {
  const coding = format.readUInt16LE(0);
  const channels = format.readUInt16LE(2);
  const rate = format.readUInt32LE(4);
  const bits = format.readUInt16LE(14);
  if (coding !== PCM) return { message: `The audio is compressed (format ${coding}), not PCM.`, cure: CONVERT };
  const found = `${rate} Hz, ${bits} bit, ${channels === 1 ? 'mono' : `${channels} channels`}`;
  const wanted = rate === SAMPLE_RATE && bits === 16 && channels === 1;
  return wanted
    ? null
    : { message: `The audio is ${found}; the telephone wants 8000 Hz, 16 bit, mono.`, cure: CONVERT };
}

function dataFault(data: Chunk | undefined): SoundFault | null {
  if (!data || data.size === 0) return { message: 'The file has no sound in it.', cure: ANEW };
  if (data.size <= data.body.length) return null;
  return { message: 'The file is cut off: it holds less sound than it says.', cure: ANEW };
}

interface Chunk {
  /** Bytes that the file says it has. */
  readonly size: number;
  /** Bytes that it has. */
  readonly body: Buffer;
}

/** A chunk is four letters, its size, and as many bytes, filled up to an even number (RIFF, 1991). */
function chunkOf(file: Buffer, name: string): Chunk | undefined {
  for (let at = 12; at + 8 <= file.length; ) {
    const size = file.readUInt32LE(at + 4);
    if (file.toString('latin1', at, at + 4) === name) return { size, body: file.subarray(at + 8, at + 8 + size) };
    at += 8 + size + (size % 2);
  }
  return undefined;
}
