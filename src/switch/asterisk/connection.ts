import type { Client } from 'ari-client';
import type { Clock, Log } from '../../engine/ports/time.ts';
import { type AriAddress, type EventSocket, openEventSocket, vendorClient } from './event-socket.ts';
import { type Asked, askAsterisk } from './info.ts';
import type { Latency } from './latency.ts';
import { type AriReply, type AriRequest, jsonOrNull, Requests, restResponse } from './requests.ts';

const OPEN_WITHIN_MS = 5_000;
const PING_EVERY_MS = 1_000;
/** A frozen Asterisk leaves the TCP connection open: this many pings without a sign of life, and it is dead. */
const UNANSWERED_PINGS = 3;
const RETRY_MS = { first: 200, most: 5_000 };

export interface ConnectionRooms {
  readonly address: AriAddress;
  readonly app: string;
  readonly allowOld: boolean;
  readonly clock: Clock;
  readonly log: Log;
  readonly latency: Latency;
}

export interface ConnectionListener {
  /** Requests can be made; events come from now on. */
  opened(asterisk: Extract<Asked, { outcome: 'ready' }>): void;
  /** A frame that is no answer to a request. */
  frame(frame: unknown): void;
  lost(reason: string): void;
  /** Trying again will not help. Tried again all the same, since somebody may mend it. */
  refused(sentence: string): void;
}

/** One event socket to Asterisk, opened again for ever. */
export class Connection {
  readonly #rooms: ConnectionRooms;
  readonly #listener: ConnectionListener;
  #client: Client | undefined;
  #socket: EventSocket | undefined;
  #requests: Requests | undefined;
  #failures = 0;
  #unanswered = 0;
  #stopped = false;
  #cancelTimer: () => void = () => {};

  constructor(rooms: ConnectionRooms, listener: ConnectionListener) {
    this.#rooms = rooms;
    this.#listener = listener;
  }

  async open(): Promise<void> {
    const { address, allowOld } = this.#rooms;
    const asked = await askAsterisk(address, allowOld);
    this.#client ??= await vendorClient();
    if (this.#stopped) return;
    if (asked.outcome === 'ready') return this.#openSocket(this.#client, asked);
    if (asked.outcome === 'refused') this.#listener.refused(asked.sentence);
    this.#openAgain(asked.outcome === 'unreachable' ? asked.reason : 'refused');
  }

  /** Null when there is no connection. */
  ask(request: AriRequest): Promise<AriReply> {
    return this.#requests?.ask(request) ?? Promise.resolve(null);
  }

  /** Ends the socket; it is opened again. */
  drop(reason: string): void {
    this.#lost(reason);
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelTimer();
    this.#socket?.end();
    this.#requests?.lost();
    this.#requests = undefined;
  }

  /** What Asterisk has told shows that all is well with it: the next failure is tried again at once. */
  proven(): void {
    this.#failures = 0;
  }

  #openSocket(client: Client, asterisk: Extract<Asked, { outcome: 'ready' }>): void {
    const { address, app, latency } = this.#rooms;
    const socket = openEventSocket(client, address, app, {
      opened: () => {
        if (this.#socket !== socket) return;
        this.#requests = new Requests((text) => socket.send(text), latency);
        this.#unanswered = 0;
        this.#keepAlive();
        this.#listener.opened(asterisk);
      },
      frame: (text) => this.#socket === socket && this.#take(text),
      ponged: () => {
        if (this.#socket === socket) this.#unanswered = 0;
      },
      closed: (reason) => this.#socket === socket && this.#lost(reason),
    });
    this.#socket = socket;
    this.#after(OPEN_WITHIN_MS, () => this.#lost(`the event socket did not open within ${OPEN_WITHIN_MS / 1000} s`));
  }

  #take(text: string): void {
    this.#unanswered = 0;
    const frame = jsonOrNull(text);
    const response = restResponse.safeParse(frame);
    if (response.success) this.#requests?.answered(response.data);
    else if (frame === null) this.#rooms.log.warn({ length: text.length }, 'frame from Asterisk is not JSON: left out');
    else this.#listener.frame(frame);
  }

  #keepAlive(): void {
    this.#after(PING_EVERY_MS, () => {
      if (this.#unanswered === UNANSWERED_PINGS) return this.#lost(`${UNANSWERED_PINGS} pings without an answer`);
      this.#unanswered += 1;
      this.#socket?.ping();
      this.#keepAlive();
    });
  }

  #lost(reason: string): void {
    const [socket, requests] = [this.#socket, this.#requests];
    [this.#socket, this.#requests] = [undefined, undefined];
    socket?.end();
    requests?.lost();
    if (requests) this.#listener.lost(reason);
    this.#openAgain(reason);
  }

  /** Waits longer with each failure, and never as long as the others: a restarted Asterisk is not stormed. */
  #openAgain(reason: string): void {
    if (this.#stopped) return;
    const longest = Math.min(RETRY_MS.most, RETRY_MS.first * 2 ** this.#failures++);
    const inMs = Math.round(longest * (0.5 + Math.random() / 2));
    this.#rooms.log.warn(
      { host: this.#rooms.address.url.host, reason, inMs },
      'no connection to Asterisk: trying again',
    );
    this.#after(inMs, () => void this.open());
  }

  #after(ms: number, task: () => void): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#rooms.clock.at(this.#rooms.clock.now() + ms, task);
  }
}
