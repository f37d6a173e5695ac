import type { LegId } from '../../call/ids.ts';
import type { SwitchCommand, SwitchResult } from '../../call/switch.ts';
import type { Clock } from '../../engine/ports/time.ts';
import type { Bridges } from './bridges.ts';
import type { Legs } from './legs.ts';
import type { Ask } from './requests.ts';
import { failed, OK } from '../results.ts';
import type { Snoops } from './snoops.ts';

type MonitorCommand = Extract<SwitchCommand, { type: 'monitor' }>;

/**
 * One who listens. The id names both the channel that carries what the target says and hears, and the bridge that joins it
 * with the listener.
 */
export interface Watch {
  readonly id: string;
  readonly legId: LegId;
  readonly target: LegId;
  readonly mode: MonitorCommand['mode'];
}

interface MonitorRooms {
  readonly app: string;
  readonly legs: Legs;
  readonly bridges: Bridges;
  readonly snoops: Snoops;
  readonly clock: Clock;
  readonly ask: Ask;
}

/** A channel that listens enters the application with these arguments, so that a listing tells all of it. */
const MONITOR = 'monitor';
/** As long as the longest talk may be: played to carry a whisper. */
const SILENCE = Array.from({ length: 6 * 60 * 4 }, () => 'sound:silence/10');

/** Its bridges are no calls', so they go by another name. */
export const monitorName = (app: string): string => `${app}-monitor`;

/** What the arguments of a channel say; null when it is no listening one. */
export function watchOf(id: string, args: readonly string[] | null): Watch | null {
  const [kind, legId, target, mode] = args ?? [];
  if (kind !== MONITOR || legId === undefined || target === undefined) return null;
  return { id, legId, target, mode: mode === 'whisper' ? 'whisper' : 'listen' };
}

/**
 * Listening and whispering, in ARI: a snoop channel on the target, bridged with the listener. Whether he can be heard is fixed
 * when the channel is made, so another mode is another channel.
 */
export class Monitors {
  readonly #rooms: MonitorRooms;
  readonly #watches = new Map<LegId, Watch>();
  /** Silence that is played in the bridge of a target, by listener. What another process left behind ends with its bridge. */
  readonly #carriers = new Map<LegId, { readonly bridgeId: string; readonly playbackId: string }>();
  #made = 0;

  constructor(rooms: MonitorRooms) {
    this.#rooms = rooms;
  }

  async begin({ legId, target, mode }: MonitorCommand): Promise<SwitchResult> {
    const running = this.#watches.get(legId);
    if (running?.target === target && running.mode === mode) return OK;
    const refusal = this.#refusal(legId) ?? this.#refusal(target);
    if (refusal) return refusal;
    if (running) await this.#leave(running);
    return this.#start({ id: this.#newId(legId), legId, target, mode });
  }

  async stop(legId: LegId): Promise<SwitchResult> {
    const watch = this.#watches.get(legId);
    if (!watch) return this.#rooms.legs.get(legId) ? OK : failed('gone', 'no such leg');
    return this.#end(watch);
  }

  /** The leg ended or was given back: nobody is listened to by it, nor it by anybody. */
  legGone(legId: LegId): void {
    for (const watch of this.#watches.values()) {
      if (watch.legId === legId || watch.target === legId) void this.#end(watch);
    }
  }

  /** Connected again: what the switch lists is what there is, and halves of it are ended. */
  resume(watches: readonly Watch[], bridges: readonly { readonly id: string; readonly channels: readonly string[] }[]) {
    this.#watches.clear();
    for (const watch of watches) {
      const bridge = bridges.find(({ id }) => id === watch.id);
      const isWhole = [watch.id, watch.legId].every((channel) => bridge?.channels.includes(channel));
      this.#watches.set(watch.legId, watch);
      if (!isWhole || this.#refusal(watch.target)) void this.#end(watch);
    }
    const known = new Set(watches.map(({ id }) => id));
    for (const { id } of bridges) if (!known.has(id)) void this.#rooms.bridges.end(id);
  }

  #refusal(legId: LegId): SwitchResult | null {
    const leg = this.#rooms.legs.get(legId);
    if (!leg || leg.left) return failed('gone', `${legId} is no more`);
    return leg.phase === 'up' ? null : failed('refused', `${legId} has not been answered`);
  }

  /** Ids of bridges and channels are never used twice, also not by the next process. */
  #newId(legId: LegId): string {
    this.#made += 1;
    return `${legId}~${MONITOR}-${this.#rooms.clock.now().toString(36)}-${this.#made}`;
  }

  async #join(watch: Watch): Promise<SwitchResult> {
    const { app, legs, bridges } = this.#rooms;
    const { id, legId, target } = watch;
    const before = legs.get(legId)?.bridge ?? null;
    if (before !== null) await bridges.part(before, legId);
    // From here on an end of either leg ends it all.
    this.#watches.set(legId, watch);
    legs.bridged([legId], id);
    const joined = await bridges.join(id, [legId], { others: [id], name: monitorName(app) });
    const gone = this.#refusal(legId) ?? this.#refusal(target);
    if (joined.ok && !gone) return OK;
    await this.#end(watch);
    return gone ?? joined;
  }

  /** Legs were put into a bridge: who listens to one of them, or whispers, begins anew there. */
  async moved(legIds: readonly LegId[]): Promise<void> {
    const isMoved = ({ target }: Watch) => legIds.includes(target);
    await Promise.all([...this.#watches.values()].filter(isMoved).map((watch) => this.#renew(watch)));
  }

  async #renew(watch: Watch): Promise<SwitchResult> {
    if (this.#carriers.get(watch.legId)?.bridgeId === this.#rooms.legs.get(watch.target)?.bridge) return OK;
    await this.#leave(watch);
    return this.#start({ ...watch, id: this.#newId(watch.legId) });
  }

  async #start(watch: Watch): Promise<SwitchResult> {
    await this.#carry(watch);
    const { id, legId, target, mode } = watch;
    const args = [MONITOR, legId, target, mode];
    const made = await this.#rooms.snoops.make({ id, target, whispers: mode === 'whisper', args });
    if (made.ok) return this.#join(watch);
    this.#hush(watch);
    return made;
  }

  /**
   * Silence in the target's bridge, from before somebody listens until he has stopped. It makes a mixing bridge of one of two: seen on
   * 22.10, who listened to a leg whose bridge changed its kind meanwhile heard one side only from then on, and his whisper
   * was lost. And it carries a whisper to who is alone or hears the muted only, to whom Asterisk sends nothing.
   */
  async #carry({ legId, target }: Watch): Promise<void> {
    const bridgeId = this.#rooms.legs.get(target)?.bridge ?? null;
    if (this.#carriers.get(legId)?.bridgeId === bridgeId) return;
    this.#hush({ legId });
    if (bridgeId === null) return;
    const playbackId = this.#newId(legId);
    this.#carriers.set(legId, { bridgeId, playbackId });
    const uri = `bridges/${encodeURIComponent(bridgeId)}/play/${encodeURIComponent(playbackId)}`;
    await this.#rooms.ask({ method: 'POST', uri, body: { media: SILENCE } });
  }

  #hush({ legId }: Pick<Watch, 'legId'>): void {
    const carrier = this.#carriers.get(legId);
    if (!carrier) return;
    this.#carriers.delete(legId);
    void this.#rooms.ask({ method: 'DELETE', uri: `playbacks/${encodeURIComponent(carrier.playbackId)}` });
  }

  async #end(watch: Watch): Promise<SwitchResult> {
    const left = await this.#leave(watch);
    if (!this.#watches.has(watch.legId)) this.#hush(watch);
    return left;
  }

  async #leave(watch: Watch): Promise<SwitchResult> {
    if (this.#watches.get(watch.legId) === watch) this.#watches.delete(watch.legId);
    const [ended] = await Promise.all([this.#rooms.bridges.end(watch.id), this.#rooms.snoops.end(watch.id)]);
    return ended.ok || ended.why === 'gone' ? OK : ended;
  }
}
