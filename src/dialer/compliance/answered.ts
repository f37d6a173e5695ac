import type { EpochMs } from '../../call/ids.ts';
import { answerOf, type LedgerFact } from './ledger.ts';
import type { ComplianceProfile } from './profile.ts';

type Abandonment = ComplianceProfile['abandonment'];

/**
 * A dial that was picked up: what it counts as by any profile follows from this alone, and not from what was made of it when
 * it was dialled. Null: it did not happen, or not yet.
 */
export interface AnsweredDial {
  readonly pickedUpAt: EpochMs;
  readonly greetingEndedAt: EpochMs | null;
  readonly connectedAt: EpochMs | null;
  /** When it was given up that an agent comes; the message begins then. */
  readonly gaveUpAt: EpochMs | null;
  /** When the line to who picked up was gone. */
  readonly leftAt: EpochMs | null;
  /** AMD had listened. */
  readonly screened: boolean;
  /** AMD found no person, and the call was put to nobody. */
  readonly keptOut: boolean;
  /** A flow talked, and no agent was meant to. */
  readonly byFlow: boolean;
  /** The agent says that he met a machine. */
  readonly metMachine: boolean;
}

/**
 * What a dial counts as by a profile; nothing while that is open, and where a flow talked. A greeting whose end was not heard
 * counts from the pick-up, which is the stricter. An agent who came too late and met a machine kept no person waiting.
 */
export function ledgerFactsOf(rules: Abandonment, dial: AnsweredDial): readonly LedgerFact[] {
  const {
    pickedUpAt: at,
    greetingEndedAt,
    connectedAt,
    gaveUpAt,
    leftAt,
    screened,
    keptOut,
    byFlow,
    metMachine,
  } = dial;
  if (byFlow || (connectedAt === null && gaveUpAt === null && leftAt === null)) return [];
  if (keptOut && connectedAt === null) return [{ type: 'taken-for-machine', at }];
  // Once the message has begun no agent comes: when the person hangs up then says nothing.
  const endedAt = gaveUpAt === null ? leftAt : null;
  const times = { pickedUpAt: at, greetingStartedAt: null, greetingEndedAt, connectedAt, endedAt };
  const type = answerOf(rules, times);
  if (type === 'left-in-time') return [{ type, at }];
  const met = metMachine && connectedAt !== null;
  if (!met) return [{ type, at, screened }];
  return type === 'connected'
    ? ['connected' as const, 'met-machine' as const].map((each) => ({ type: each, at, screened }))
    : [];
}
