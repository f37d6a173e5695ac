import type { LegId } from '../../call/ids.ts';
import type { Clock, Log } from '../../engine/ports/time.ts';
import type { Latency } from '../latency.ts';
import { type EslAddress, EventSocket } from './esl.ts';
import type { EslEvent } from './esl-event.ts';

export interface MediaServerRooms {
  readonly address: EslAddress;
  /** Name of this process among all that there are or were. */
  readonly controller: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly latency: Latency;
}

export interface MediaServerListener {
  /** It can be used. `restarted`: since we last saw it, it has lost all its calls. */
  up(server: MediaServer, restarted: boolean): void;
  down(server: MediaServer, reason: string): void;
  event(server: MediaServer, event: EslEvent): void;
  /** Another process took it over. */
  taken(server: MediaServer): void;
  refused(sentence: string): void;
}

const RETRY_MS = { first: 150, most: 2_000 };
const PROFILE = 'drachtio_mrf';
const CONTROLLER = 'callwright_controller';
/** Told to all who listen when a process takes a FreeSWITCH over. */
const TAKEN = 'callwright::taken';
const SIGNAL_ADDRESS = /^URL\s+sip:[^@\s]*@(\S+)/m;

/** One FreeSWITCH: its event socket, kept open for ever, and what was learned of it. */
export class MediaServer {
  readonly name: string;
  readonly #rooms: MediaServerRooms;
  readonly #listener: MediaServerListener;
  #socket: EventSocket | null = null;
  #failures = 0;
  #stopped = false;
  #isUp = false;
  #isClaimed = false;
  #coreId: string | null = null;
  #version = '';
  #sip = '';
  #cancel: () => void = () => {};

  constructor(rooms: MediaServerRooms, listener: MediaServerListener) {
    [this.#rooms, this.#listener] = [rooms, listener];
    this.name = `${rooms.address.host}:${rooms.address.port}`;
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  get version(): string {
    return this.#version;
  }

  /** Host and port that take INVITEs for channels, as FreeSWITCH itself says. */
  get sip(): string {
    return this.#sip;
  }

  /** The text of the answer; null when there is no connection. */
  api(command: string): Promise<string | null> {
    return this.#socket?.isOpen ? this.#socket.api(command) : Promise.resolve(null);
  }

  /** See EventSocket.execute. */
  execute(legId: LegId, app: string, arg: string, id: string, lets?: 'wait' | 'in'): Promise<string | null> {
    return this.#socket?.isOpen ? this.#socket.execute(legId, app, arg, id, lets) : Promise.resolve(null);
  }

  /** Tells the application that a channel carries out. False when there is no connection. */
  tell(legId: LegId, headers: Readonly<Record<string, string>>): Promise<boolean> {
    const told = { 'unique-id': legId, ...headers };
    return this.#socket?.isOpen ? this.#socket.announce('callwright::told', told) : Promise.resolve(false);
  }

  open(): void {
    const { clock, address, latency } = this.#rooms;
    if (this.#stopped) return;
    this.#socket = new EventSocket(
      { clock, address, latency },
      {
        opened: () => void this.#arrive(),
        event: (event) => this.#hear(event),
        refused: (sentence) => this.#listener.refused(sentence),
        closed: (reason) => this.#closed(reason),
      },
    );
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
    this.#isUp = false;
    this.#socket?.end();
  }

  async #arrive(): Promise<void> {
    const socket = this.#socket;
    const ask = async (command: string) => (await socket?.api(command)) ?? null;
    const coreId = await ask('global_getvar core_uuid');
    const version = await ask('version short');
    const profile = await ask(`sofia status profile ${PROFILE}`);
    if (coreId === null || version === null || profile === null || socket !== this.#socket) return;
    const [, sip] = SIGNAL_ADDRESS.exec(profile) ?? [];
    if (sip === undefined) {
      this.#listener.refused(
        `FreeSWITCH ${this.name} has no SIP profile ${PROFILE}: see dialplans/freeswitch/README.md`,
      );
      return socket?.end();
    }
    const hasRestarted = this.#coreId !== null && this.#coreId !== coreId;
    [this.#coreId, this.#version, this.#sip] = [coreId, version.trim(), sip];
    if (!(await this.#claim(ask, hasRestarted)) || socket !== this.#socket) return;
    [this.#failures, this.#isUp] = [0, true];
    this.#listener.up(this, hasRestarted);
  }

  /** Who comes first takes it over; who comes back finds whether another one did so meanwhile. */
  async #claim(ask: (command: string) => Promise<string | null>, hasRestarted: boolean): Promise<boolean> {
    const { controller } = this.#rooms;
    const holder = (await ask(`global_getvar ${CONTROLLER}`))?.trim();
    if (holder === undefined) return false;
    if (this.#isClaimed && !hasRestarted && holder !== controller) {
      this.#listener.taken(this);
      return false;
    }
    await ask(`global_setvar ${CONTROLLER}=${controller}`);
    await this.#socket?.announce(TAKEN, { 'Callwright-Controller': controller });
    this.#isClaimed = true;
    return true;
  }

  #hear(event: EslEvent): void {
    if (event.subclass !== TAKEN) return this.#listener.event(this, event);
    const isOther = event.get('Callwright-Controller') !== this.#rooms.controller;
    if (isOther && this.#isClaimed) this.#listener.taken(this);
  }

  /** Waits longer with each failure, and never as long as the others. */
  #closed(reason: string): void {
    const { clock, log } = this.#rooms;
    const wasUp = this.#isUp;
    [this.#isUp, this.#socket] = [false, null];
    if (wasUp) this.#listener.down(this, reason);
    if (this.#stopped) return;
    const longest = Math.min(RETRY_MS.most, RETRY_MS.first * 2 ** this.#failures++);
    const inMs = Math.round(longest * (0.5 + Math.random() / 2));
    log.warn({ freeswitch: this.name, reason, inMs }, 'no connection to FreeSWITCH: trying again');
    this.#cancel = clock.at(clock.now() + inMs, () => this.open());
  }
}
