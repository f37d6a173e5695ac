import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Door } from './doors.ts';

/** Talks to drachtio's admin port as drachtio-srf does, `LENGTH#ID|…`, with nothing of it in it: for holding others to it. */
export class DrachtioClient {
  /** All that came, in order, without its length. */
  readonly messages: string[] = [];
  readonly #socket: Socket;
  readonly #waiting = new Map<string, (answer: string) => void>();
  #rest = Buffer.alloc(0);
  isClosed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('error', () => {});
    socket.on('close', () => {
      this.isClosed = true;
    });
    socket.on('data', (chunk: Buffer) => {
      this.#rest = Buffer.concat([this.#rest, chunk]);
      for (let message = this.#next(); message !== null; message = this.#next()) this.#take(message);
    });
  }

  static async dial({ host, port }: Omit<Door, 'secret'>): Promise<DrachtioClient> {
    const socket = connect({ host, port, noDelay: true });
    const client = new DrachtioClient(socket);
    await once(socket, 'connect');
    return client;
  }

  /** What is answered to it: `OK|…` or `NOK|why`, without the ids. */
  ask(message: string): Promise<string> {
    const [id, { promise, resolve }] = [randomUUID(), Promise.withResolvers<string>()];
    this.#waiting.set(id, resolve);
    const bytes = Buffer.from(`${id}|${message}`);
    this.#socket.write(Buffer.concat([Buffer.from(`${bytes.length}#`), bytes]));
    return promise;
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    const closed = once(this.#socket, 'close');
    this.#socket.destroy();
    await closed;
  }

  #take(message: string): void {
    this.messages.push(message);
    // An answer: its own id, `response`, the id of what it answers, and what it says.
    const [, kind, asked = '', ...says] = message.split('|');
    if (kind === 'response') this.#waiting.get(asked)?.(says.join('|'));
  }

  #next(): string | null {
    const mark = this.#rest.indexOf('#');
    if (mark < 0) return null;
    const end = mark + 1 + Number(this.#rest.toString('utf8', 0, mark));
    if (this.#rest.length < end) return null;
    const message = this.#rest.toString('utf8', mark + 1, end);
    this.#rest = this.#rest.subarray(end);
    return message;
  }
}

/** Host and port where a drachtio server takes SIP over UDP, as it says itself. */
export async function sipAddressOf(door: Door): Promise<{ readonly host: string; readonly port: number }> {
  const client = await DrachtioClient.dial(door);
  const answer = await client.ask(`authenticate|${door.secret}|`);
  await client.close();
  const [, host = '', port] = /^OK\|(?:.*,)?udp\/([^:|,]+):(\d+)/.exec(answer) ?? [];
  if (host === '') throw new Error(`drachtio at ${door.host}:${door.port} has no UDP address: ${answer}`);
  return { host, port: Number(port) };
}
