import type { Client } from 'ari-client';
import type { Clock } from '../../engine/ports/time.ts';
import { type AriAddress, type EventSocket, openEventSocket } from './event-socket.ts';
import type { Latency } from '../latency.ts';
import { type AriReply, type AriRequest, isRestResponse, jsonOrNull, Requests, restResponse } from './requests.ts';

const OPEN_WITHIN_MS = 5_000;
const PING_EVERY_MS = 1_000;
/** A frozen Asterisk leaves the TCP connection open: this many pings without a sign of life, and it is dead. */
const UNANSWERED_PINGS = 3;

interface SocketRooms {
  readonly client: Client;
  readonly address: AriAddress;
  readonly app: string;
  readonly clock: Clock;
  readonly latency: Latency;
}

export interface SocketListener {
  opened(): void;
  /** A frame that is no answer to a request; null: it was not JSON, and so long. */
  frame(frame: unknown, length: number): void;
  /** Comes once. All requests on their way have been answered with null. */
  lost(reason: string): void;
}

/** One socket to Asterisk, for events of an application and for requests; it counts as lost when it does not answer pings. */
export class WatchedSocket {
  readonly #clock: Clock;
  readonly #listener: SocketListener;
  readonly #socket: EventSocket;
  readonly #requests: Requests;
  #state: 'opening' | 'open' | 'over' = 'opening';
  #unanswered = 0;
  #cancelTimer: () => void = () => {};

  constructor({ client, address, app, clock, latency }: SocketRooms, listener: SocketListener) {
    [this.#clock, this.#listener] = [clock, listener];
    this.#socket = openEventSocket(client, address, app, {
      opened: () => this.#opened(),
      frame: (text) => this.#take(text),
      ponged: () => void (this.#unanswered = 0),
      closed: (reason) => this.#lost(reason),
    });
    this.#requests = new Requests((text) => this.#socket.send(text), latency);
    this.#after(OPEN_WITHIN_MS, () => this.#lost(`the event socket did not open within ${OPEN_WITHIN_MS / 1000} s`));
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  /** Null when it is not open, or is lost before the answer comes. */
  ask(request: AriRequest): Promise<AriReply> {
    return this.isOpen ? this.#requests.ask(request) : Promise.resolve(null);
  }

  /** Ends it, and says no more. */
  end(): void {
    this.#state = 'over';
    this.#cancelTimer();
    this.#socket.end();
    this.#requests.lost();
  }

  #opened(): void {
    if (this.#state !== 'opening') return;
    this.#state = 'open';
    this.#keepAlive();
    this.#listener.opened();
  }

  #take(text: string): void {
    if (this.#state === 'over') return;
    this.#unanswered = 0;
    const frame = jsonOrNull(text);
    const response = isRestResponse(frame) ? restResponse.safeParse(frame) : null;
    if (response?.success) this.#requests.answered(response.data);
    else this.#listener.frame(frame, text.length);
  }

  #keepAlive(): void {
    this.#after(PING_EVERY_MS, () => {
      if (this.#unanswered === UNANSWERED_PINGS) return this.#lost(`${UNANSWERED_PINGS} pings without an answer`);
      this.#unanswered += 1;
      this.#socket.ping();
      this.#keepAlive();
    });
  }

  #lost(reason: string): void {
    if (this.#state === 'over') return;
    this.end();
    this.#listener.lost(reason);
  }

  #after(ms: number, task: () => void): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#clock.at(this.#clock.now() + ms, task);
  }
}
