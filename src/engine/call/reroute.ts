import { CAUSE, type HangupCause, verdictOf } from '../../call/cause.ts';
import { newLeg } from '../../call/leg.ts';
import { isTrunkFailure } from '../../dialer/trunk-health.ts';
import type { Draft } from './actions.ts';
import type { CallLeg } from './state.ts';
import { findWay, originate } from './way-out.ts';

/**
 * A trunk has failed with a leg that never rang: somebody still waits for it, so it is dialled again by the next trunk, as a new
 * leg in the old one's place. False: it ends with this one.
 */
export function reroute(draft: Draft, leg: CallLeg): boolean {
  const { way } = leg;
  const { errand, attempt } = draft.state;
  if (!way || leg.answeredAt !== undefined || !trunkFailed(leg.cause) || !isWanted(draft, leg)) return false;
  const tried = [...way.tried, way.trunk];
  // A promise and a lead can wait for a trunk that works; whoever is on the line cannot.
  const found = findWay(draft, way, tried, errand === null && attempt === null);
  if (!found) return false;
  const id = draft.newId('leg');
  const { role, number, askedBy } = leg;
  const about = { ...(number !== undefined && { number }), ...(askedBy !== undefined && { askedBy }) };
  draft.set({ legs: [...draft.state.legs, { ...newLeg(id, draft.now), role, ...about }] });
  takePlace(draft, leg.id, id);
  const of = attempt && { attemptId: attempt.attemptId };
  draft.fact({ type: 'leg.rerouted', data: { legId: leg.id, to: id, from: way.trunk, trunk: found.way.trunk, ...of } });
  // His phone rings for the whole time, and not for what the first trunk has left of it.
  if (attempt) draft.timer('call:dial', draft.now + attempt.ringMs);
  originate(draft, id, found);
  return true;
}

/** Whether a leg that never rang ended so by its trunk. What ended without a word, as in an outage, tells of none. */
export function trunkFailed(cause: HangupCause = CAUSE.unknown): boolean {
  const isTold = cause.q850 !== CAUSE.unknown.q850 || cause.sip !== undefined;
  const verdict = verdictOf(cause, false);
  return isTold && verdict !== 'completed' && isTrunkFailure(verdict, cause.sip ?? null);
}

function isWanted(draft: Draft, { id, role }: CallLeg): boolean {
  const { phase, transfer, guests, offers } = draft.state;
  if (role === 'customer') return phase === 'calling-back' || phase === 'dialing';
  if (role === 'transfer') return phase === 'transferring' && transfer?.legId === id;
  if (role === 'guest') return guests.some((guest) => guest.legId === id && guest.phase === 'ringing');
  return offers.some(({ legId, ended }) => legId === id && ended === null);
}

function takePlace(draft: Draft, old: string, legId: string): void {
  const { transfer, guests, offers } = draft.state;
  const inPlace = <T extends { readonly legId: string | null }>(each: T): T =>
    each.legId === old ? { ...each, legId } : each;
  draft.set({ transfer: transfer && inPlace(transfer), guests: guests.map(inPlace), offers: offers.map(inPlace) });
}
