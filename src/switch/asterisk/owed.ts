import type { BridgeId, LegId } from '../../call/ids.ts';
import type { SwitchCommand } from '../../call/switch.ts';
import type { Clock, Log } from '../../engine/ports/time.ts';
import type { AriRequest, Ask } from './requests.ts';

const PAUSE_MS = 1_000;
/** In one go, and the next go begins when all of it was answered: a slow Asterisk is not stormed. */
const AT_ONCE = 100;
/** More legs and bridges than a machine has calls. */
const MOST = 20_000;

interface OwedRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly ask: Ask;
  readonly isLive: () => boolean;
}

/**
 * Legs and bridges that are to end and that Asterisk was not told of, or did not say so in time. The call has been closed
 * without them by then, so that nobody else would ever end them. They are told again, past all that waits, until Asterisk
 * says that there is no such leg or bridge any more; also over the next connection.
 */
export class Owed {
  readonly #rooms: OwedRooms;
  /** What is asked again, by the id of leg or bridge; who was asked for last is last. */
  readonly #requests = new Map<string, AriRequest>();
  #cancel: (() => void) | null = null;
  #isAsking = false;

  constructor(rooms: OwedRooms) {
    this.#rooms = rooms;
  }

  /** It was answered `unavailable`. Whatever an originate may still ring is to end, too. */
  note(command: SwitchCommand): void {
    const end = endOf(command);
    if (!end) return;
    this.#requests.set(...end);
    if (this.#requests.size > MOST) this.#forgetOldest();
    this.#askSoon();
  }

  has(id: LegId): boolean {
    return this.#requests.has(id);
  }

  legGone(id: LegId): void {
    this.#requests.delete(id);
  }

  /** Somebody is about to be put into it. */
  wanted(id: BridgeId): void {
    this.#requests.delete(id);
  }

  /** There is a connection. */
  resume(): void {
    this.#askSoon(0);
  }

  stop(): void {
    this.#cancel?.();
    this.#requests.clear();
  }

  #askSoon(inMs = PAUSE_MS): void {
    const { clock, isLive } = this.#rooms;
    if (this.#isAsking || this.#cancel || this.#requests.size === 0 || !isLive()) return;
    this.#cancel = clock.at(clock.now() + inMs, () => void this.#askAll());
  }

  async #askAll(): Promise<void> {
    [this.#cancel, this.#isAsking] = [null, true];
    await Promise.all([...this.#requests].slice(0, AT_ONCE).map(([id, request]) => this.#ask(id, request)));
    this.#isAsking = false;
    this.#askSoon();
  }

  async #ask(id: string, request: AriRequest): Promise<void> {
    const reply = await this.#rooms.ask(request);
    if (this.#requests.get(id) !== request) return;
    this.#requests.delete(id);
    // Of what was taken down just now the next answer says whether it is gone.
    if (reply?.status !== 404) this.#requests.set(id, request);
  }

  #forgetOldest(): void {
    const [oldest] = this.#requests.keys();
    if (oldest !== undefined) this.#requests.delete(oldest);
    this.#rooms.log.error({ most: MOST }, 'too many legs to end: the first is left to the next reconciliation');
  }
}

function endOf(command: SwitchCommand): readonly [string, AriRequest] | null {
  if (command.type === 'unbridge') return [command.bridgeId, del('bridges', command.bridgeId)];
  if (command.type === 'hangup' && command.cause.q850 > 0) {
    const query = { reason_code: String(command.cause.q850) };
    return [command.legId, { ...del('channels', command.legId), query }];
  }
  return command.type === 'hangup' || command.type === 'originate'
    ? [command.legId, del('channels', command.legId)]
    : null;
}

const del = (kind: 'channels' | 'bridges', id: string): AriRequest => ({
  method: 'DELETE',
  uri: `${kind}/${encodeURIComponent(id)}`,
});
