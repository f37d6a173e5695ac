import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { type Message, readMessage } from './sip.ts';

export const HOST = '127.0.0.1';
const RECEIVE_BUFFER_BYTES = 4 * 2 ** 20;
/** RFC 3261 §17.1.1.2, timer A; not doubled, as loopback loses packets only when somebody is very busy. */
const AGAIN_MS = 500;
const MOST_TRIES = 20;

/** SIP with one switch over one UDP socket. What must be answered is sent again until it is. */
export class Wire {
  readonly #socket: Socket = createSocket({ type: 'udp4', recvBufferSize: RECEIVE_BUFFER_BYTES });
  readonly #to: { readonly host: string; readonly port: number };
  readonly #unanswered = new Map<string, NodeJS.Timeout>();
  /** Messages sent again so far. */
  resent = 0;

  constructor(to: { readonly host: string; readonly port: number }) {
    this.#to = to;
  }

  async open(port: number, take: (message: Message) => void): Promise<void> {
    this.#socket.on('message', (bytes) => take(readMessage(bytes.toString('latin1'))));
    await once(this.#socket.bind(port, HOST), 'listening');
  }

  get own(): string {
    return `${HOST}:${this.#socket.address().port}`;
  }

  send(text: string): void {
    this.#socket.send(text, this.#to.port, this.#to.host);
  }

  /** Sends it until `answered` is told the same key. */
  insist(key: string, text: string): void {
    let tries = 1;
    this.answered(key);
    this.send(text);
    const again = setInterval(() => {
      if ((tries += 1) > MOST_TRIES) return void this.answered(key);
      this.resent += 1;
      return this.send(text);
    }, AGAIN_MS);
    this.#unanswered.set(key, again);
  }

  /** False when nothing of that key waits for an answer: it has come before. */
  answered(key: string): boolean {
    clearInterval(this.#unanswered.get(key));
    return this.#unanswered.delete(key);
  }

  close(): void {
    for (const key of this.#unanswered.keys()) this.answered(key);
    this.#socket.close();
  }
}
