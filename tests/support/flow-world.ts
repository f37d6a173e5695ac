import { createHash } from 'node:crypto';
import type { SecretHasher } from '../../src/engine/ports/secrets.ts';
import type { RecordingStore } from '../../src/engine/ports/recordings.ts';
import type { Clock } from '../../src/engine/ports/time.ts';
import type { WebAnswer, WebPort, WebRequest } from '../../src/engine/ports/web.ts';

/** Recordings in memory, for walks. */
export class MemoryRecordings implements RecordingStore {
  /** While true the disk is full. */
  full = false;
  readonly kept = new Map<string, Uint8Array>();

  nameOf(id: string): string {
    return createHash('sha256').update(id).digest('base64url');
  }

  async keep(id: string, wav: Uint8Array): Promise<void> {
    if (this.full) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    this.kept.set(this.nameOf(id), wav);
  }

  async read(name: string): Promise<Uint8Array | null> {
    return this.kept.get(name) ?? null;
  }

  async remove(name: string): Promise<void> {
    this.kept.delete(name);
  }
}

/** The systems outside, as a walk lets them be. They keep the one promise of the port that counts here: its time limit. */
export class FakeWeb implements WebPort {
  readonly asked: WebRequest[] = [];
  /** Null: they never answer. */
  answer: WebAnswer | null = { outcome: 'notFound' };
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async fetchJson(request: WebRequest): Promise<WebAnswer> {
    this.asked.push(request);
    if (this.answer) return this.answer;
    return new Promise((resolve) => {
      this.#clock.at(this.#clock.now() + request.timeoutMs, () => resolve({ outcome: 'timeout' }));
    });
  }

  stop(): void {}
}

/** Hashing that takes no real time, which a simulated clock would run ahead of. */
export const plainPins: SecretHasher = {
  hash: async (pin) => createHash('sha256').update(pin).digest('hex'),
  verify: async (pin, stored) => stored === createHash('sha256').update(pin).digest('hex'),
};
