import type { HangupCause } from '../../call/cause.ts';
import type { EpochMs, LegId } from '../../call/ids.ts';
import type { SwitchResult } from '../../call/switch.ts';
import { failed, OK } from '../results.ts';
import type { Channel } from './channels.ts';
import type { Drachtio } from './drachtio.ts';
import type { Line } from './lines.ts';
import type { MediaServer } from './media-server.ts';

/**
 * A living leg: its signalling at drachtio (the line) and its voice at FreeSWITCH (the channel, whose uuid is the leg's id).
 *
 *     new ──180──▶ ringing ──200──▶ up      (then gone: when FreeSWITCH says that the channel is destroyed)
 */
export interface Leg {
  readonly id: LegId;
  readonly callId: string | null;
  /** We rang it. */
  readonly dialled: boolean;
  readonly source: string;
  readonly ani: string | null;
  readonly dnis: string;
  readonly startedAt: EpochMs;
  readonly line: Line;
  server: MediaServer;
  phase: 'new' | 'ringing' | 'up';
  /** Null until FreeSWITCH has it. */
  channel: Channel | null;
  /** Its end has begun, for this reason. */
  cause: HangupCause | null;
  /** Back in the dialplan: it is followed to its end, and nothing else may be asked of it. */
  isReleased: boolean;
}

/** The living legs of this switch. */
export class Legs {
  readonly #legs = new Map<LegId, Leg>();
  readonly #at = new Map<MediaServer, number>();
  readonly #through = new Map<Drachtio, number>();

  get(id: LegId): Leg | null {
    return this.#legs.get(id) ?? null;
  }

  all(): readonly Leg[] {
    return [...this.#legs.values()];
  }

  put(leg: Leg): void {
    this.#legs.set(leg.id, leg);
    add(this.#at, leg.server, 1);
    add(this.#through, leg.line.drachtio, 1);
  }

  /** How many there are at a FreeSWITCH. */
  at(server: MediaServer): number {
    return this.#at.get(server) ?? 0;
  }

  /** How many a drachtio carries. */
  through(drachtio: Drachtio): number {
    return this.#through.get(drachtio) ?? 0;
  }

  /** Another FreeSWITCH has its voice from now on. */
  move(leg: Leg, server: MediaServer): void {
    add(this.#at, leg.server, -1);
    leg.server = server;
    add(this.#at, server, 1);
  }

  /** False when it was not there any more: its end has been told. */
  forget(id: LegId): boolean {
    const leg = this.#legs.get(id);
    if (!leg) return false;
    add(this.#at, leg.server, -1);
    add(this.#through, leg.line.drachtio, -1);
    return this.#legs.delete(id);
  }

  /** A leg that has a channel of its own to be commanded; else the result that says why not. */
  ready(id: LegId): { readonly leg: Leg; readonly no?: never } | { readonly leg?: never; readonly no: SwitchResult } {
    const leg = this.get(id);
    if (!leg || leg.cause || leg.isReleased) return { no: failed('gone', 'there is no such leg') };
    if (leg.dialled && leg.phase !== 'up') return { no: failed('refused', 'it has not answered') };
    if (!leg.channel) return { no: failed('unavailable', 'FreeSWITCH has no channel for it') };
    if (!leg.server.isUp) return { no: failed('unavailable', 'no connection to its FreeSWITCH') };
    return { leg };
  }
}

function add<K>(counts: Map<K, number>, key: K, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

/** What FreeSWITCH's answer to an `api` or `execute` about a channel means. */
export function resultOf(answer: string | null): SwitchResult {
  if (answer === null) return failed('unavailable', 'the connection to FreeSWITCH was lost');
  if (!answer.startsWith('-')) return OK;
  const isGone = /no such|invalid session|invalid uuid|not found|no session/i.test(answer);
  return failed(isGone ? 'gone' : 'refused', answer.trim());
}
