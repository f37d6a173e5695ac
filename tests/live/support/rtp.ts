/** Media as the tests send and read it: packets of 20 ms of G.711 µ-law, keys as events (RFC 3550, 3551, 4733). */

/** Where a stream of packets stands; each packet moves it on. */
export interface RtpPlace {
  sequence: number;
  /** In samples. */
  clock: number;
}

/** A stream begins anywhere (RFC 3550 §5.1). Not at 0: FreeSWITCH takes a key that was pressed at 0 for none. */
export const newStream = (): RtpPlace => ({ sequence: 1_000, clock: 16_000 });

export const PACKET_MS = 20;
const SAMPLES = 160;
const HEADER = 12;
const MICRO_LAW = 0;
/** As the SDP of `scenario.ts` numbers it. */
const EVENT = 101;
const MARKER = 0x80;

/** Both zeros and the steps next to them, after the bits were turned (ITU-T G.711 §3). */
const QUIET = new Set([0xff, 0x7f, 0xfe, 0x7e]);

/** The two levels of a square wave, which no speech and no music is. */
const VOICE: readonly number[] = [0x20, 0xa0];

/** What somebody hears in a packet; `voice` is the very sound that `voicePacket` makes. */
export function soundOf(packet: Buffer): 'silence' | 'voice' | 'sound' {
  const sound = packet.subarray(HEADER);
  if (sound.every((sample) => VOICE.includes(sample))) return 'voice';
  return sound.filter((sample) => !QUIET.has(sample)).length > sound.length / 2 ? 'sound' : 'silence';
}

function packetOf(place: RtpPlace, type: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(HEADER);
  head.writeUInt8(0x80, 0);
  head.writeUInt8(type, 1);
  head.writeUInt16BE(place.sequence & 0xffff, 2);
  head.writeUInt32BE(place.clock, 4);
  head.writeUInt32BE(0x1234, 8);
  place.sequence += 1;
  return Buffer.concat([head, payload]);
}

export function voicePacket(place: RtpPlace): Buffer {
  const payload = Buffer.from(Array.from({ length: SAMPLES }, (_, sample) => VOICE[sample % 16 < 8 ? 0 : 1] ?? 0));
  const packet = packetOf(place, MICRO_LAW, payload);
  place.clock += SAMPLES;
  return packet;
}

/** A tone, a fifth as loud as there is; it goes on without a click from packet to packet. */
export function tonePacket(place: RtpPlace, hz: number): Buffer {
  const sample = (at: number): number =>
    Math.round(32_767 * 0.2 * Math.sin((2 * Math.PI * hz * (place.clock + at)) / 8_000));
  const packet = packetOf(
    place,
    MICRO_LAW,
    Buffer.from(Array.from({ length: SAMPLES }, (_, at) => toMicroLaw(sample(at)))),
  );
  place.clock += SAMPLES;
  return packet;
}

/** What a packet sounds like, 16 bit; nothing, when it is no sound. */
export function samplesOf(packet: Buffer): Int16Array {
  if ((packet.readUInt8(1) & 0x7f) !== MICRO_LAW) return new Int16Array();
  return Int16Array.from(packet.subarray(HEADER), fromMicroLaw);
}

const [BIAS, CLIP] = [0x84, 32_635];

function toMicroLaw(sample: number): number {
  const biased = Math.min(Math.abs(sample), CLIP) + BIAS;
  const segment = 31 - Math.clz32(biased) - 7;
  return ~((sample < 0 ? 0x80 : 0) | (segment << 4) | ((biased >> (segment + 3)) & 0x0f)) & 0xff;
}

function fromMicroLaw(code: number): number {
  const bits = ~code & 0xff;
  const size = (((bits & 0x0f) << 3) + BIAS) << ((bits >> 4) & 7);
  return (bits & 0x80) === 0 ? size - BIAS : BIAS - size;
}

const KEYS = '0123456789*#';
/** Held for 80 ms; the end is told three times, as packets get lost (RFC 4733 §2.5.1.4). */
const HELD_PACKETS = 4;
const END_PACKETS = 3;
const END = 0x80;
const VOLUME = 10;

/** One press of a key; the packets go out 20 ms apart. */
export function keyPackets(place: RtpPlace, key: string): readonly Buffer[] {
  const code = KEYS.indexOf(key);
  if (code < 0 || key.length !== 1) throw new Error(`no telephone has a key "${key}"`);
  const packets = Array.from({ length: HELD_PACKETS + END_PACKETS }, (_, index) => {
    const ended = index >= HELD_PACKETS;
    const held = Math.min(index + 1, HELD_PACKETS) * SAMPLES;
    const payload = Buffer.from([code, (ended ? END : 0) | VOLUME, held >> 8, held & 0xff]);
    return packetOf(place, index === 0 ? EVENT | MARKER : EVENT, payload);
  });
  place.clock += packets.length * SAMPLES;
  return packets;
}
