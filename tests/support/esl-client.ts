import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Door } from './doors.ts';

/** A message of the event socket as it came: its header lines and its body, bytes and all. */
export interface EslMessage {
  readonly head: string;
  readonly body: string;
}

/** Talks to an event socket as FreeSWITCH's documents say, with nothing of the product in it: for holding others to it. */
export class EslClient {
  /** All that came, in order. */
  readonly messages: EslMessage[] = [];
  readonly #socket: Socket;
  readonly #waiting: ((message: EslMessage) => void)[] = [];
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
      for (let message = this.#next(); message; message = this.#next()) this.#take(message);
    });
  }

  /** Connected, but not logged in. */
  static async dial({ host, port }: Omit<Door, 'secret'>): Promise<EslClient> {
    const socket = connect({ host, port, noDelay: true });
    const client = new EslClient(socket);
    await once(socket, 'connect');
    return client;
  }

  /** @throws Error when it is not let in. */
  static async logIn(door: Door): Promise<EslClient> {
    const client = await EslClient.dial(door);
    const { head } = await client.ask(`auth ${door.secret}`);
    if (!head.includes('+OK')) throw new Error(`the event socket says ${head}`);
    return client;
  }

  /** A command and what is answered to it: commands are answered in the order in which they were sent. */
  ask(command: string, body = ''): Promise<EslMessage> {
    const { promise, resolve } = Promise.withResolvers<EslMessage>();
    this.#waiting.push(resolve);
    this.#socket.write(`${command}\n\n${body}`);
    return promise;
  }

  async api(command: string): Promise<string> {
    return (await this.ask(`api ${command}`)).body;
  }

  /** Bytes as they are, answered or not. */
  write(bytes: string): void {
    this.#socket.write(bytes);
  }

  async close(): Promise<void> {
    const closed = once(this.#socket, 'close');
    if (this.isClosed) return;
    this.#socket.destroy();
    await closed;
  }

  #take(message: EslMessage): void {
    this.messages.push(message);
    const type = /^Content-Type: (.*)$/m.exec(message.head)?.[1];
    if (type === 'command/reply' || type === 'api/response') this.#waiting.shift()?.(message);
  }

  #next(): EslMessage | null {
    const end = this.#rest.indexOf('\n\n');
    if (end < 0) return null;
    const head = this.#rest.toString('utf8', 0, end);
    const length = Number(/^Content-Length: (\d+)$/m.exec(head)?.[1] ?? 0);
    if (this.#rest.length < end + 2 + length) return null;
    const body = this.#rest.toString('utf8', end + 2, end + 2 + length);
    this.#rest = this.#rest.subarray(end + 2 + length);
    return { head, body };
  }
}
