import { createConnection, type Socket } from 'node:net';
import type { Clock } from '../../engine/ports/time.ts';
import type { Latency } from '../latency.ts';
import { ESL_EVENTS, type EslEvent, eslEvent } from './esl-event.ts';
import { type Frame, Frames } from './esl-frames.ts';

export interface EslAddress {
  readonly host: string;
  readonly port: number;
  readonly password: string;
}

/** @throws Error with the cure when this is no address of a FreeSWITCH. */
export function eslAddress(address: string): EslAddress {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url?.protocol !== 'esl:' || !url.hostname || !url.password) {
    throw new Error(
      `FREESWITCH_URL must look like esl://:password@host:8021, not "${address.replace(/:[^:@]*@/, ':…@')}"`,
    );
  }
  return { host: url.hostname, port: Number(url.port || 8021), password: decodeURIComponent(url.password) };
}

export interface EslListener {
  /** Logged in, and events come. */
  opened(): void;
  event(event: EslEvent): void;
  /** The password is wrong, or FreeSWITCH does not take this address. */
  refused(sentence: string): void;
  /** Comes once, whether or not it ever opened. */
  closed(reason: string): void;
}

export interface EslRooms {
  readonly address: EslAddress;
  readonly clock: Clock;
  readonly latency: Latency;
}

/** It says nothing for so long after it was asked: it is gone. With the pause between two beats less than 3 s. */
const SILENT_MS = 1_500;
const BEAT_MS = 1_000;

type Waiting = (frame: Frame | null) => void;

/**
 * One connection to FreeSWITCH's event socket. Commands are answered in the order in which they were sent, all of them with
 * null when the connection goes: nobody waits for ever.
 *
 * drachtio-modesl, which drachtio-fsmrf brings along for this, pairs replies with the wrong commands once an application is
 * executed (it sends without noting that a reply will come), leaves them unanswered when the connection goes, and lets every
 * command wait 43 ms for Nagle's algorithm.
 */
export class EventSocket {
  readonly #rooms: EslRooms;
  readonly #listener: EslListener;
  readonly #socket: Socket;
  readonly #frames = new Frames();
  readonly #replies: Waiting[] = [];
  #isOpen = false;
  #isClosed = false;
  #heardAt: number;
  #cancelBeat: () => void = () => {};

  constructor(rooms: EslRooms, listener: EslListener) {
    [this.#rooms, this.#listener, this.#heardAt] = [rooms, listener, rooms.clock.now()];
    const { host, port } = rooms.address;
    this.#socket = createConnection({ host, port, noDelay: true });
    this.#socket.on('data', (chunk: Buffer) => this.#hear(chunk));
    this.#socket.on('error', (error: Error) => this.#close(error.message));
    this.#socket.on('close', () => this.#close('closed by FreeSWITCH'));
    this.#beat();
  }

  get isOpen(): boolean {
    return this.#isOpen && !this.#isClosed;
  }

  /** The text of the answer; null when the connection went first. */
  async api(command: string): Promise<string | null> {
    return (await this.#send(`api ${command}`))?.body ?? null;
  }

  /**
   * Lets a channel carry out an application, after those it was given before (`event-lock`: without it FreeSWITCH would carry
   * it out in the middle of them). Its end is a CHANNEL_EXECUTE_COMPLETE whose `Application-UUID` is this id. Answers what
   * FreeSWITCH says: `+OK`, or `-ERR invalid session id`.
   *
   * @param lets what comes next: to `wait` for its end, or, of one that goes on until it is told otherwise, `in`.
   */
  async execute(
    uuid: string,
    app: string,
    arg: string,
    id: string,
    lets: 'wait' | 'in' = 'wait',
  ): Promise<string | null> {
    const lines = ['call-command: execute', `execute-app-name: ${app}`, `Event-UUID: ${id}`];
    if (lets === 'wait') lines.push('event-lock: true');
    // An argument in the body may hold what no header may.
    const body = arg === '' ? '' : `\n${arg}`;
    const more = arg === '' ? [] : ['Content-Type: text/plain', `Content-Length: ${Buffer.byteLength(arg)}`];
    const reply = await this.#send([`sendmsg ${uuid}`, ...lines, ...more].join('\n'), body);
    return reply?.headers.get('reply-text') ?? null;
  }

  /**
   * Tells everybody who listens to this FreeSWITCH; or, with a `unique-id`, the application of that channel alone. False when the
   * connection went first.
   */
  async announce(subclass: string, headers: Readonly<Record<string, string>>): Promise<boolean> {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    return (await this.#send(['sendevent CUSTOM', `Event-Subclass: ${subclass}`, ...lines].join('\n'))) !== null;
  }

  end(): void {
    this.#close('ended by us');
  }

  async #send(head: string, body = ''): Promise<Frame | null> {
    if (this.#isClosed) return null;
    const { clock, latency } = this.#rooms;
    const began = clock.now();
    const { promise, resolve } = Promise.withResolvers<Frame | null>();
    this.#replies.push(resolve);
    this.#socket.write(`${head}\n${body === '' ? '' : body}${body === '' ? '\n' : ''}`);
    const frame = await promise;
    if (frame) latency.took(clock.now() - began);
    return frame;
  }

  #hear(chunk: Buffer): void {
    this.#heardAt = this.#rooms.clock.now();
    try {
      for (const frame of this.#frames.push(chunk)) this.#take(frame);
    } catch (error) {
      this.#close(`not understood: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #take(frame: Frame): void {
    switch (frame.headers.get('content-type')) {
      case 'auth/request':
        return void this.#logIn();
      case 'command/reply':
      case 'api/response':
        return this.#replies.shift()?.(frame);
      case 'text/event-json': {
        const event = eslEvent(frame.body);
        return event ? this.#listener.event(event) : undefined;
      }
      case 'text/rude-rejection':
        this.#listener.refused(
          'FreeSWITCH does not take connections from here: mend apply-inbound-acl in its event_socket.conf',
        );
        return this.#close('refused');
      case 'text/disconnect-notice':
        return this.#close('FreeSWITCH ended the connection');
      default:
        return undefined;
    }
  }

  async #logIn(): Promise<void> {
    const reply = await this.#send(`auth ${this.#rooms.address.password}`);
    if (!reply) return;
    if (!reply.headers.get('reply-text')?.startsWith('+OK')) {
      this.#listener.refused('FreeSWITCH refuses the password: mend it in FREESWITCH_URL or in its event_socket.conf');
      return this.#close('refused');
    }
    const heard = await this.#send(`event json ${ESL_EVENTS}`);
    if (!heard) return;
    this.#isOpen = true;
    this.#listener.opened();
  }

  /** A connection may be dead without a word, as when a cable is drawn. */
  #beat(): void {
    const { clock } = this.#rooms;
    if (this.#isClosed) return;
    if (clock.now() - this.#heardAt > BEAT_MS + SILENT_MS) return this.#close('FreeSWITCH says nothing');
    if (this.#isOpen) void this.api('uptime ms');
    this.#cancelBeat = clock.at(clock.now() + BEAT_MS, () => this.#beat());
  }

  #close(reason: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancelBeat();
    this.#socket.destroy();
    for (const settle of this.#replies.splice(0)) settle(null);
    this.#listener.closed(reason);
  }
}
