import { once } from 'node:events';
import { createServer as createHttp, type RequestListener, type Server as Http } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { certificateFor } from '../../tests/contract/web/certificate.ts';
import { HOST } from '../app-queue/wire.ts';

/** What can be the matter with a receiver. */
export const BAD = ['down', 'slow', 'silent', 'error', 'tls'] as const;
export type Bad = (typeof BAD)[number];
type Mood = Bad | 'good';

/** How long each mood lets a message wait for its answer, ms. Callwright waits for 10 s. */
const ANSWERS_AFTER_MS: Readonly<Record<Mood, number>> = {
  good: 0,
  down: 0,
  slow: 8_000,
  silent: 60_000,
  error: 0,
  tls: 0,
};

/** Events of one call have an order; those of others count for each process anew. */
const CALL = 'call/';

interface Sent {
  readonly id: string;
  readonly subject: string;
  readonly sequence: string;
}

/** What has come, and whether it came as it should. */
interface Heard {
  /** Taken more than once. */
  readonly doubles: number;
  /** First copies that did not follow the one before them in their call. */
  readonly outOfOrder: number;
}

/** Takes events at two doors, one plain and one with a certificate that nobody trusts. */
export class Receiver {
  mood: Mood = 'good';
  readonly #listener: RequestListener = (request, response) => void this.#take(request, response);
  readonly #secure = createHttps(certificateFor('nobody.example'), this.#listener);
  #plain: Http | null = null;
  #port = 0;
  readonly #ids = new Set<string>();
  readonly #latest = new Map<string, number>();
  readonly #heard = { doubles: 0, outOfOrder: 0 };

  static async open(): Promise<Receiver> {
    const receiver = new Receiver();
    await once(receiver.#secure.listen(0, HOST), 'listening');
    await receiver.turn('good');
    return receiver;
  }

  get plain(): string {
    return `http://${HOST}:${this.#port}`;
  }

  get untrusted(): string {
    return `https://${HOST}:${portOf(this.#secure)}`;
  }

  /** From now on so; `down` refuses connections. */
  async turn(mood: Mood): Promise<void> {
    this.mood = mood;
    if (mood === 'down') return this.#shut();
    if (this.#plain) return;
    this.#plain = createHttp(this.#listener);
    await once(this.#plain.listen(this.#port, HOST), 'listening');
    this.#port = portOf(this.#plain);
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  heard(): Heard {
    return { ...this.#heard };
  }

  async close(): Promise<void> {
    this.#secure.close();
    await this.#shut();
  }

  async #shut(): Promise<void> {
    const server = this.#plain;
    this.#plain = null;
    if (!server) return;
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }

  async #take(...[request, response]: Parameters<RequestListener>): Promise<void> {
    try {
      const { mood } = this;
      const sent = JSON.parse(await text(request)) as Sent;
      // What is not answered in time, or by 500, was not taken.
      if (mood !== 'error' && mood !== 'silent') this.#note(sent);
      const answer = () => response.writeHead(mood === 'error' ? 500 : 204).end();
      setTimeout(answer, ANSWERS_AFTER_MS[mood]).unref();
    } catch {
      response.destroy(); // it was cut off, by a receiver that goes down
    }
  }

  #note({ id, subject, sequence }: Sent): void {
    if (this.#ids.has(id)) {
      this.#heard.doubles += 1;
      return;
    }
    this.#ids.add(id);
    if (!subject.startsWith(CALL)) return;
    const before = this.#latest.get(subject);
    if (before !== undefined && Number(sequence) !== before + 1) this.#heard.outOfOrder += 1;
    this.#latest.set(subject, Number(sequence));
  }
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;
