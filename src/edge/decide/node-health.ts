import type { EpochMs } from '../../call/ids.ts';

/** One probe after the other, ms: a lost node is noticed within two of them and one patience. */
export const PROBE_EVERY_MS = 1_000;
/** So long a node may take to answer a probe, ms. Asterisk answers within a few. */
export const PROBE_PATIENCE_MS = 900;

/** A single packet may be lost; two probes in a row are not. */
const LOST_AFTER = 2;
/** One that comes and goes is not trusted at its first answer. */
const BACK_AFTER = 2;

/** What is known of a node's health. `changedAt` is when it was last lost or came back; null while nobody has asked yet. */
export interface NodeHealth {
  readonly isUp: boolean;
  readonly changedAt: EpochMs | null;
  readonly missed: number;
  readonly heard: number;
}

export const UNKNOWN_HEALTH: NodeHealth = { isUp: false, changedAt: null, missed: 0, heard: 0 };

/** What a probe (OPTIONS, RFC 3261 §11) or a call told of a node. `silent-call`: it took an INVITE and said nothing at all. */
export type Sign = 'answered' | 'silent' | 'refused' | 'silent-call';

/**
 * Health after a sign. A node is lost after two probes in a row without an answer, at once when its machine refuses packets
 * or a call met silence; it is back after two answers in a row. The first answer of all is believed at once, so that a
 * house opens without a wait.
 */
export function healthAfter(health: NodeHealth, sign: Sign, now: EpochMs): NodeHealth {
  if (sign === 'answered') {
    const heard = health.heard + 1;
    const isUp = health.isUp || health.changedAt === null || heard >= BACK_AFTER;
    return { isUp, changedAt: isUp === health.isUp ? health.changedAt : now, missed: 0, heard };
  }
  const missed = health.missed + 1;
  const isUp = health.isUp && sign === 'silent' && missed < LOST_AFTER;
  const hasChanged = health.isUp !== isUp || health.changedAt === null;
  return { isUp, changedAt: hasChanged ? now : health.changedAt, missed, heard: 0 };
}
