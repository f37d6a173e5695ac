import { randomUUID } from 'node:crypto';
import type { LegId } from '../../call/ids.ts';
import type { SwitchCommand, SwitchResult } from '../../call/switch.ts';
import { failed, OK } from '../results.ts';
import type { Conferences } from './conferences.ts';
import type { EslEvent } from './esl-event.ts';
import { type Leg, resultOf } from './legs.ts';
import type { DoorRooms, MediaRoom } from './rooms.ts';
import { park } from './seats.ts';
import { within } from './within.ts';

type Monitor = Extract<SwitchCommand, { type: 'monitor' }>;
type Mode = Monitor['mode'];

/** One who listens, by the application `eavesdrop` of his own channel. */
interface Watch {
  readonly leg: Leg;
  readonly target: Leg;
  /** Of the application, as FreeSWITCH tells its beginning and end. */
  readonly run: string;
  mode: Mode;
  readonly begun: PromiseWithResolvers<boolean>;
  readonly ended: PromiseWithResolvers<boolean>;
}

const BEGINS_WITHIN_MS = 2_000;
const ENDS_WITHIN_MS = 1_000;
/** Told to an application that listens: what its keys would do, if keys were let through to it. */
const KEY = { listen: '0', whisper: '2', end: '*' } as const;

/**
 * Listening and whispering. FreeSWITCH hangs the ear on the target's channel and not on its conference: so it goes along, hears what
 * the target hears and says, and what is whispered reaches the target alone and no recording.
 */
export class Monitors implements MediaRoom {
  readonly #rooms: DoorRooms;
  readonly #conferences: Conferences;
  readonly #watches = new Map<LegId, Watch>();

  constructor(rooms: DoorRooms, conferences: Conferences) {
    [this.#rooms, this.#conferences] = [rooms, conferences];
    conferences.whenAlone = async (leg) => {
      if (this.#isWhisperedTo(leg)) await conferences.carry(leg);
    };
  }

  async begin({ legId, target: targetId, mode }: Monitor): Promise<SwitchResult> {
    const [listener, heard] = [this.#answered(legId), this.#answered(targetId)];
    if (!listener.leg) return listener.no;
    if (!heard.leg) return heard.no;
    const [leg, target] = [listener.leg, heard.leg];
    if (leg === target) return failed('refused', 'nobody listens to himself');
    const running = this.#watches.get(legId);
    if (running?.target === target) return this.#change(running, mode);
    if (running) await this.#end(running);
    const left = await this.#conferences.leave(leg);
    const brought = left.ok ? await this.#conferences.bring(leg, target.server) : left;
    return brought.ok ? this.#start(leg, target, mode) : brought;
  }

  async stop(legId: LegId): Promise<SwitchResult> {
    const watch = this.#watches.get(legId);
    if (watch) return this.#end(watch);
    return this.#rooms.legs.get(legId) ? OK : failed('gone', 'there is no such leg');
  }

  /** The leg is given back: nobody is listened to by it, nor it by anybody. */
  async leave(legId: LegId): Promise<void> {
    const theirs = this.#all().filter(({ leg, target }) => leg.id === legId || target.id === legId);
    await Promise.all(theirs.map((watch) => this.#end(watch)));
  }

  hear(leg: Leg, event: EslEvent): void {
    const watch = this.#watches.get(leg.id);
    if (!watch || event.get('Application-UUID') !== watch.run) return;
    if (event.name === 'CHANNEL_EXECUTE') watch.begun.resolve(true);
    if (event.name === 'CHANNEL_EXECUTE_COMPLETE') this.#drop(watch);
  }

  /** Who listens to it goes after it. */
  moved(target: Leg): void {
    for (const watch of this.#all().filter((one) => one.target === target)) void this.#follow(watch);
  }

  /** An ear on a channel that ends comes off by itself, and tells of it. */
  legGone(leg: Leg): void {
    const watch = this.#watches.get(leg.id);
    if (watch) this.#drop(watch);
  }

  async resume(): Promise<void> {
    const asked = this.#all().map(async (watch) => {
      const { leg, target } = watch;
      const application = (await leg.server.api(`uuid_getvar ${leg.id} current_application`))?.trim();
      const isThere = this.#rooms.legs.get(target.id) === target;
      if ((application !== undefined && application !== 'eavesdrop') || !isThere) this.#drop(watch);
    });
    await Promise.all(asked);
  }

  async #start(leg: Leg, target: Leg, mode: Mode): Promise<SwitchResult> {
    const [begun, ended] = [Promise.withResolvers<boolean>(), Promise.withResolvers<boolean>()];
    const watch: Watch = { leg, target, run: randomUUID(), mode: 'listen', begun, ended };
    this.#watches.set(leg.id, watch);
    const asked = resultOf(await leg.server.execute(leg.id, 'eavesdrop', target.id, watch.run, 'in'));
    const hasBegun = asked.ok && (await within(this.#rooms.clock, BEGINS_WITHIN_MS, begun.promise, false));
    if (hasBegun) return this.#change(watch, mode);
    this.#drop(watch);
    if (!asked.ok) return asked;
    if (leg.cause) return failed('gone', 'there is no such leg');
    await park(leg);
    return failed('unavailable', 'FreeSWITCH did not let it listen in time');
  }

  async #follow({ leg, target, mode, run }: Watch): Promise<void> {
    const watch = this.#watches.get(leg.id);
    if (watch?.run === run) this.#drop(watch);
    const brought = await this.#conferences.bring(leg, target.server);
    if (brought.ok) await this.#start(leg, target, mode);
  }

  async #change(watch: Watch, mode: Mode): Promise<SwitchResult> {
    if (watch.mode === mode) return OK;
    watch.mode = mode;
    if (mode === 'whisper') await this.#conferences.carry(watch.target);
    const told = await watch.leg.server.tell(watch.leg.id, { 'eavesdrop-command': KEY[mode] });
    this.#hush(watch.target);
    return told ? OK : resultOf(null);
  }

  async #end(watch: Watch): Promise<SwitchResult> {
    const { leg } = watch;
    const told = await leg.server.tell(leg.id, { 'eavesdrop-command': KEY.end });
    if (!told) return resultOf(null);
    if (await within(this.#rooms.clock, ENDS_WITHIN_MS, watch.ended.promise, false)) return OK;
    this.#drop(watch);
    return leg.cause ? OK : park(leg);
  }

  #drop(watch: Watch): void {
    watch.begun.resolve(false);
    watch.ended.resolve(true);
    if (this.#watches.get(watch.leg.id) !== watch) return;
    this.#watches.delete(watch.leg.id);
    this.#hush(watch.target);
  }

  #hush(target: Leg): void {
    if (!this.#isWhisperedTo(target)) void this.#conferences.hush(target);
  }

  #isWhisperedTo(leg: Leg): boolean {
    return this.#all().some(({ target, mode }) => target === leg && mode === 'whisper');
  }

  #all(): readonly Watch[] {
    return [...this.#watches.values()];
  }

  #answered(legId: LegId): ReturnType<DoorRooms['legs']['ready']> {
    const ready = this.#rooms.legs.ready(legId);
    return ready.leg && ready.leg.phase !== 'up' ? { no: failed('refused', 'it has not been answered') } : ready;
  }
}
