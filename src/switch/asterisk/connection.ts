import type { Client } from 'ari-client';
import type { Clock, Log } from '../../engine/ports/time.ts';
import { type AriAddress, vendorClient } from './event-socket.ts';
import { type Asked, askAsterisk } from './info.ts';
import type { Latency } from '../latency.ts';
import type { AriReply, AriRequest } from './requests.ts';
import { WatchedSocket } from './watched-socket.ts';

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

/**
 * The sockets to Asterisk, opened again for ever: one for events and requests, and one on which legs are rung.
 *
 * Asterisk carries out the requests of a socket one after another. To ring a phone takes longest, and an agent's next call is not
 * to wait until the last one has been cleared away, nor a caller's prompt until somebody's phone rings.
 */
export class Connection {
  readonly #rooms: ConnectionRooms;
  readonly #listener: ConnectionListener;
  #client: Client | undefined;
  #socket: WatchedSocket | undefined;
  #ringing: WatchedSocket | undefined;
  #isUp = false;
  #failures = 0;
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
    if (asked.outcome === 'ready') return this.#openSockets(this.#client, asked);
    if (asked.outcome === 'refused') this.#listener.refused(asked.sentence);
    this.#openAgain(asked.outcome === 'unreachable' ? asked.reason : 'refused');
  }

  /** Null when there is no connection. */
  ask(request: AriRequest): Promise<AriReply> {
    return this.#socket?.ask(request) ?? Promise.resolve(null);
  }

  /** As `ask`, for a request that rings somebody: nothing waits for it but what comes after its answer. */
  askToRing(request: AriRequest): Promise<AriReply> {
    return this.#ringing?.isOpen ? this.#ringing.ask(request) : this.ask(request);
  }

  /** Ends the sockets; they are opened again. */
  drop(reason: string): void {
    this.#lost(reason);
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelTimer();
    this.#end();
  }

  /** What Asterisk has told shows that all is well with it: the next failure is tried again at once. */
  proven(): void {
    this.#failures = 0;
  }

  #openSockets(client: Client, asterisk: Extract<Asked, { outcome: 'ready' }>): void {
    this.#socket = new WatchedSocket(
      { ...this.#rooms, client },
      {
        opened: () => {
          this.#isUp = true;
          this.#openRinging(client);
          this.#listener.opened(asterisk);
        },
        frame: (frame, length) => {
          if (frame !== null) this.#listener.frame(frame);
          else this.#rooms.log.warn({ length }, 'frame from Asterisk is not JSON: left out');
        },
        lost: (reason) => this.#lost(reason),
      },
    );
  }

  /** It follows no leg: its application exists for this socket alone. While it is not open its requests take the other. */
  #openRinging(client: Client): void {
    const { app, log, clock } = this.#rooms;
    // By then it is known whether the other socket is lost too, which opens both anew.
    const again = (reason: string) => {
      if (this.#ringing !== socket) return;
      log.warn({ reason }, 'the socket on which legs are rung was lost: opening it again');
      this.#openRinging(client);
    };
    const socket = new WatchedSocket(
      { ...this.#rooms, client, app: `${app}-rings` },
      {
        opened: () => {},
        frame: () => {},
        lost: (reason) => void clock.at(clock.now() + RETRY_MS.most, () => again(reason)),
      },
    );
    this.#ringing = socket;
  }

  #end(): void {
    for (const socket of [this.#socket, this.#ringing]) socket?.end();
    [this.#socket, this.#ringing, this.#isUp] = [undefined, undefined, false];
  }

  #lost(reason: string): void {
    const wasUp = this.#isUp;
    this.#end();
    if (wasUp) this.#listener.lost(reason);
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
    this.#cancelTimer();
    this.#cancelTimer = this.#rooms.clock.at(this.#rooms.clock.now() + inMs, () => void this.open());
  }
}
