import type { HangupCause } from '../../call/cause.ts';
import type { EpochMs, LegId } from '../../call/ids.ts';
import type { SwitchResult } from '../../call/switch.ts';
import { failed, OK } from '../results.ts';
import type { Channel } from './channels.ts';
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

  get(id: LegId): Leg | null {
    return this.#legs.get(id) ?? null;
  }

  all(): readonly Leg[] {
    return [...this.#legs.values()];
  }

  put(leg: Leg): void {
    this.#legs.set(leg.id, leg);
  }

  /** False when it was not there any more: its end has been told. */
  forget(id: LegId): boolean {
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

/** What FreeSWITCH's answer to an `api` or `execute` about a channel means. */
export function resultOf(answer: string | null): SwitchResult {
  if (answer === null) return failed('unavailable', 'the connection to FreeSWITCH was lost');
  if (!answer.startsWith('-')) return OK;
  const isGone = /no such|invalid session|invalid uuid|not found|no session/i.test(answer);
  return failed(isGone ? 'gone' : 'refused', answer.trim());
}
