import type { Clock, Log } from '../../engine/ports/time.ts';
import type { Latency } from '../latency.ts';
import { Drachtio, drachtioAddress, type Request, type Response } from './drachtio.ts';
import { eslAddress } from './esl.ts';
import type { EslEvent } from './esl-event.ts';
import { MediaServer } from './media-server.ts';

interface PresenceRooms {
  readonly drachtios: readonly string[];
  readonly freeswitches: readonly string[];
  /** Name of this process among all that there are or were. */
  readonly controller: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly latency: Latency;
}

export interface PresenceListener {
  /** There is one of each kind again: what is there is to be compared with what is known, before anybody is told. */
  returned(restarted: ReadonlySet<MediaServer>): Promise<void>;
  /** `restarted`: since we last saw them, the servers have lost all their calls. */
  connected(version: string, restarted: boolean): void;
  disconnected(reason: string): void;
  /** One of several was lost, or came back, while the others went on. */
  lost(server: MediaServer): void;
  back(server: MediaServer, restarted: boolean): void;
  signallingBack(drachtio: Drachtio): void;
  /** Nothing may be asked of the servers any more. */
  over(): void;
  fenced(): void;
  event(server: MediaServer, event: EslEvent): void;
  invite(drachtio: Drachtio, request: Request, response: Response): void;
}

/**
 * Whether there is a switch to speak of: at least one drachtio and one FreeSWITCH.
 *
 *     away ──one of each──▶ arriving ──compared──▶ live ──the last of a kind is lost──▶ away
 *     any ──stop, another process took over, or refused before the first time──▶ over
 */
export class Presence {
  readonly drachtios: readonly Drachtio[];
  readonly servers: readonly MediaServer[];
  readonly #listener: PresenceListener;
  readonly #log: Log;
  readonly #first = Promise.withResolvers<void>();
  /** Servers that have lost all their calls since we last told of them. */
  readonly #restarted = new Set<MediaServer>();
  #phase: 'away' | 'arriving' | 'live' | 'over' = 'away';
  #wasLive = false;

  constructor(rooms: PresenceRooms, listener: PresenceListener) {
    [this.#listener, this.#log] = [listener, rooms.log];
    this.drachtios = rooms.drachtios.map((address) => this.#drachtio(address));
    this.servers = rooms.freeswitches.map((address) => this.#mediaServer(address, rooms));
  }

  get isLive(): boolean {
    return this.#phase === 'live';
  }

  get isOver(): boolean {
    return this.#phase === 'over';
  }

  /** Resolves at the first connection; rejects with a clear sentence when a server refuses us before. */
  start(): Promise<void> {
    for (const drachtio of this.drachtios) drachtio.connect();
    for (const server of this.servers) server.open();
    return this.#first.promise;
  }

  stop(): void {
    if (this.#phase === 'over') return;
    this.#phase = 'over';
    this.#listener.over();
    for (const drachtio of this.drachtios) drachtio.disconnect();
    for (const server of this.servers) server.stop();
  }

  get #isThere(): boolean {
    return this.servers.some(({ isUp }) => isUp) && this.drachtios.some(({ isUp }) => isUp);
  }

  #drachtio(address: string): Drachtio {
    const made: Drachtio = new Drachtio(drachtioAddress(address), this.#log, {
      up: () => {
        if (this.#phase === 'live') this.#listener.signallingBack(made);
        else void this.#arrive();
      },
      down: (reason) => this.#leave(reason),
      refused: (sentence) => this.#refuse(sentence),
      invite: (request, response) => this.#listener.invite(made, request, response),
    });
    return made;
  }

  #mediaServer(address: string, rooms: PresenceRooms): MediaServer {
    return new MediaServer(
      { ...rooms, address: eslAddress(address) },
      {
        up: (server, restarted) => {
          if (this.#phase === 'live') return this.#listener.back(server, restarted);
          if (restarted) this.#restarted.add(server);
          return void this.#arrive();
        },
        down: (server, reason) => {
          this.#listener.lost(server);
          this.#leave(reason);
        },
        event: (server, event) => this.#hear(server, event),
        taken: () => this.#fence(),
        refused: (sentence) => this.#refuse(sentence),
      },
    );
  }

  async #arrive(): Promise<void> {
    if (this.#phase !== 'away' || !this.#isThere) return;
    this.#phase = 'arriving';
    const hasRestarted = this.#wasLive && this.servers.every((server) => !server.isUp || this.#restarted.has(server));
    await this.#listener.returned(this.#restarted);
    this.#restarted.clear();
    if ((this.#phase as string) !== 'arriving') return;
    if (!this.#isThere) return void (this.#phase = 'away');
    [this.#phase, this.#wasLive] = ['live', true];
    this.#listener.connected(this.servers.find(({ isUp }) => isUp)?.version ?? '', hasRestarted);
    this.#first.resolve();
  }

  #leave(reason: string): void {
    if (this.#isThere) return;
    const wasLive = this.#phase === 'live';
    if (this.#phase !== 'over') this.#phase = 'away';
    if (wasLive) this.#listener.disconnected(reason);
  }

  #refuse(sentence: string): void {
    this.#log.error({}, sentence);
    if (this.#wasLive) return;
    this.#first.reject(new Error(sentence));
    this.stop();
  }

  #fence(): void {
    if (this.#phase === 'over') return;
    this.stop();
    this.#listener.fenced();
  }

  #hear(server: MediaServer, event: EslEvent): void {
    if (this.#phase === 'live' || this.#phase === 'arriving') this.#listener.event(server, event);
  }
}
