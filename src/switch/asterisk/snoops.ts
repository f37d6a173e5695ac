import type { LegId } from '../../call/ids.ts';
import type { SwitchResult } from '../../call/switch.ts';
import type { Clock } from '../../engine/ports/time.ts';
import { failed } from '../results.ts';
import type { AriChannel } from './ari-event.ts';
import type { Legs } from './legs.ts';
import type { Ask } from './requests.ts';
import { resultOf } from './results.ts';

interface SnoopRooms {
  readonly app: string;
  readonly legs: Legs;
  readonly clock: Clock;
  readonly ask: Ask;
}

/** A channel that hears what a leg says and hears. */
interface Snoop {
  readonly id: string;
  readonly target: LegId;
  /** What the channel itself hears is said to the target, too. */
  readonly whispers: boolean;
  /** It enters the application with these, so that a listing tells all of it. */
  readonly args: readonly string[];
}

const ENTERS_WITHIN_MS = 2_000;
const LEAVES_WITHIN_MS = 500;

/** No leg, whatever it enters our application with. */
export const isSnoop = ({ name }: Pick<AriChannel, 'name'>): boolean => name.startsWith('Snoop/');

/** Channels that listen to a leg, in ARI. */
export class Snoops {
  readonly #rooms: SnoopRooms;
  readonly #leaving = new Map<string, () => void>();
  readonly #entering = new Map<string, (entered: boolean) => void>();

  constructor(rooms: SnoopRooms) {
    this.#rooms = rooms;
  }

  /** It can be bridged or recorded when it has entered the application, which is a moment after its making. */
  async make({ id, target, whispers, args }: Snoop): Promise<SwitchResult> {
    const { app, legs, clock, ask } = this.#rooms;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#entering.set(id, resolve);
    const cancel = clock.at(clock.now() + ENTERS_WITHIN_MS, () => resolve(false));
    const uri = `channels/${encodeURIComponent(target)}/snoop/${encodeURIComponent(id)}`;
    const query = { spy: 'both', whisper: whispers ? 'out' : 'none', app, appArgs: args.join(',') };
    const result = resultOf(await ask({ method: 'POST', uri, query }), legs.get(target));
    const hasEntered = result.ok && (await promise);
    cancel();
    this.#entering.delete(id);
    if (hasEntered || !result.ok) return result;
    void this.#hangUp(id);
    return failed('unavailable', 'the listening channel did not come up');
  }

  /** It is in our hands; one that nobody waits for any more is let go. */
  entered(id: string): void {
    const enter = this.#entering.get(id);
    if (enter) enter(true);
    else void this.#hangUp(id);
  }

  /** It is no more. */
  left(id: string): void {
    this.#leaving.get(id)?.();
  }

  /** Resolves when the channel has gone, or soon after. */
  async end(id: string): Promise<void> {
    const { clock } = this.#rooms;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#leaving.set(id, resolve);
    const cancel = clock.at(clock.now() + LEAVES_WITHIN_MS, resolve);
    const reply = await this.#hangUp(id);
    if (reply && reply.status < 300) await promise;
    cancel();
    this.#leaving.delete(id);
  }

  #hangUp(id: string) {
    return this.#rooms.ask({ method: 'DELETE', uri: `channels/${encodeURIComponent(id)}` });
  }
}
