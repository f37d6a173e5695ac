import type { BridgeId, LegId } from '../../src/call/ids.ts';
import type { SwitchCommand, SwitchResult } from '../../src/call/switch.ts';
import type { FakeLeg } from './fake-leg.ts';
import { failed, OK } from './fake-result.ts';

type MonitorCommand = Extract<SwitchCommand, { type: 'monitor' }>;

interface BridgeRooms {
  readonly leg: (id: LegId) => FakeLeg | undefined;
  /** Who can be heard in a bridge from now on; null: it is no more. */
  readonly changed: (bridgeId: BridgeId, audible: readonly FakeLeg[] | null) => void;
}

const isUp = (leg: FakeLeg): boolean => leg.phase === 'up' || !leg.origin.dialled;

/** Who is joined to whom, and who listens. */
export class FakeBridges {
  readonly #rooms: BridgeRooms;
  readonly #bridges = new Map<BridgeId, Set<LegId>>();
  readonly #watches = new Map<LegId, MonitorCommand>();

  constructor(rooms: BridgeRooms) {
    this.#rooms = rooms;
  }

  get all(): readonly { readonly bridgeId: BridgeId; readonly legIds: readonly LegId[] }[] {
    return [...this.#bridges].map(([bridgeId, legIds]) => ({ bridgeId, legIds: [...legIds] }));
  }

  get watches(): readonly MonitorCommand[] {
    return [...this.#watches.values()];
  }

  has(bridgeId: BridgeId): boolean {
    return this.#bridges.has(bridgeId);
  }

  /** Who is heard by those in the bridge. */
  audible(bridgeId: BridgeId | null): readonly FakeLeg[] {
    return this.members(bridgeId).filter(({ isMuted }) => !isMuted);
  }

  members(bridgeId: BridgeId | null): readonly FakeLeg[] {
    const ids = bridgeId === null ? undefined : this.#bridges.get(bridgeId);
    return [...(ids ?? [])].flatMap((id) => this.#rooms.leg(id) ?? []);
  }

  /** Whose voice reaches this leg now. */
  heardBy(leg: FakeLeg): readonly FakeLeg[] {
    const others = this.audible(leg.bridgeId).filter((other) => other !== leg);
    const watch = this.#watches.get(leg.id);
    const target = watch && this.#rooms.leg(watch.target);
    const watched = target ? [target, ...this.audible(target.bridgeId).filter((other) => other !== target)] : [];
    const whispers = this.watches.flatMap(({ legId, target: to, mode }) => {
      const whisperer = to === leg.id && mode === 'whisper' ? this.#rooms.leg(legId) : undefined;
      return whisperer && !whisperer.isMuted ? [whisperer] : [];
    });
    return [...others, ...watched, ...whispers];
  }

  join(bridgeId: BridgeId, legs: readonly (FakeLeg | undefined)[]): SwitchResult {
    const ours = legs.flatMap((leg) => (leg?.isOurs ? [leg] : []));
    if (ours.length < legs.length) return failed('gone');
    if (!ours.every(isUp)) return failed('refused', 'it has not answered yet');
    const members = this.#bridges.get(bridgeId) ?? new Set();
    this.#bridges.set(bridgeId, members);
    for (const leg of ours) {
      leg.silence();
      this.#watches.delete(leg.id);
      if (leg.bridgeId !== bridgeId) this.leave(leg);
      leg.bridgeId = bridgeId;
      members.add(leg.id);
    }
    this.#changed(bridgeId);
    return OK;
  }

  part(bridgeId: BridgeId, leg: FakeLeg): SwitchResult {
    if (leg.bridgeId !== bridgeId) return failed('gone');
    leg.silence();
    this.leave(leg);
    return OK;
  }

  unbridge(bridgeId: BridgeId): SwitchResult {
    for (const leg of this.members(bridgeId)) leg.bridgeId = null;
    if (!this.#bridges.delete(bridgeId)) return failed('gone');
    this.#rooms.changed(bridgeId, null);
    return OK;
  }

  leave(leg: FakeLeg): void {
    const { bridgeId } = leg;
    if (bridgeId === null) return;
    this.#bridges.get(bridgeId)?.delete(leg.id);
    leg.bridgeId = null;
    this.#changed(bridgeId);
  }

  mute(leg: FakeLeg, on: boolean): SwitchResult {
    leg.isMuted = on;
    if (leg.bridgeId !== null) this.#changed(leg.bridgeId);
    return OK;
  }

  monitor(leg: FakeLeg, command: MonitorCommand): SwitchResult {
    const target = this.#rooms.leg(command.target);
    if (!target?.isOurs) return failed('gone');
    if (target.phase !== 'up' || leg.phase !== 'up') return failed('refused', 'it has not answered yet');
    leg.silence();
    this.leave(leg);
    this.#watches.set(leg.id, command);
    return OK;
  }

  stopMonitor(leg: FakeLeg): SwitchResult {
    this.#watches.delete(leg.id);
    return OK;
  }

  /** It ended or was given back. */
  gone(leg: FakeLeg): void {
    this.leave(leg);
    for (const { legId, target } of this.watches) {
      if (legId === leg.id || target === leg.id) this.#watches.delete(legId);
    }
  }

  clear(): void {
    for (const bridgeId of this.#bridges.keys()) this.unbridge(bridgeId);
  }

  /** What records a bridge ends when the last one has left it. */
  #changed(bridgeId: BridgeId): void {
    const isEmpty = this.members(bridgeId).length === 0;
    this.#rooms.changed(bridgeId, isEmpty ? null : this.audible(bridgeId));
  }
}
