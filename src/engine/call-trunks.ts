import { CAUSE, verdictOf } from '../call/cause.ts';
import type { LeadId } from '../call/ids.ts';
import { outcomeOf } from '../dialer/outcome.ts';
import type { TrunkOrder } from '../dialer/trunk-choice.ts';
import { type CallState, customer } from './call/state.ts';
import { type OutwardLeg, outwardLegs } from './call/way-out.ts';
import type { CallWorld, WayOrder } from './call/world.ts';
import type { Clock } from './ports/time.ts';
import type { TrunkChoosing } from './campaign-trunks.ts';
import type { TrunkBook } from './trunk-book.ts';

interface Rooms {
  readonly clock: Pick<Clock, 'now'>;
  readonly book: TrunkBook;
  /** Of which trunks the campaign that dials the lead has the choice now; null: it may not go on. */
  readonly campaignOf: (lead: LeadId) => TrunkChoosing | null;
}

type Asked = Pick<WayOrder, 'via' | 'number' | 'tried' | 'pressing'>;
type Dialled = Pick<OutwardLeg, 'cause' | 'answeredAt' | 'startedAt' | 'endedAt' | 'way'>;

/**
 * By which trunk a call leaves the house: transfers, people asked into a talk, agents at numbers outside, callbacks; and a lead
 * with whom the trunk that his campaign chose has failed. Lines are counted from the legs themselves, so that a call that another process began holds its line here, and tells how it ended.
 */
export class CallTrunks {
  readonly #rooms: Rooms;

  constructor(rooms: Rooms) {
    this.#rooms = rooms;
  }

  /** The trunk for it now; takes nothing, but what a promise had taken beforehand is its own. A name that is none is left to the switch. */
  way({ promise, lead, via, number, tried, pressing }: WayOrder): ReturnType<CallWorld['way']> {
    const { book, clock, campaignOf } = this.#rooms;
    const own = lead === null ? undefined : campaignOf(lead);
    if (own === null) return null;
    const held = tried.length === 0 && promise !== null ? book.held(promise) : undefined;
    if (held) return { trunk: held.trunk, callerId: book.callerIdOf(held.trunk), at: held.at };
    if (!book.has(via)) return tried.length === 0 ? { trunk: via, callerId: null, at: clock.now() } : null;
    book.look();
    const choice = book.choose(this.#order({ via, number, tried, pressing }, own));
    return choice.ok ? { trunk: choice.trunk, callerId: book.callerIdOf(choice.trunk), at: clock.now() } : null;
  }

  /**
   * A step has dialled: what it was given is taken from now on. Said before anything else may choose, and so before the step
   * is written down.
   */
  took(state: CallState, before: CallState): void {
    for (const leg of outwardLegs(state)) {
      const was = before.legs.find(({ id }) => id === leg.id);
      if (was && was.planned !== true) continue;
      this.#take(leg.role === 'customer' ? (state.attempt?.leadId ?? state.id) : leg.id, leg.way);
    }
  }

  /** A call moved: what its legs tell of their trunks. */
  moved(state: CallState, before: CallState): void {
    // It had a line, and its agent has gone, or it has ended, before anybody was dialled.
    const isDialled = customer(state).way !== undefined;
    if (state.errand && !isDialled && state.phase !== 'briefing') this.giveBack(state.id);
    for (const leg of outwardLegs(state)) {
      const was = before.legs.find(({ id }) => id === leg.id);
      if (was && was.phase !== leg.phase) this.hear(leg.phase === 'ended' ? 'ended' : 'alive', leg);
    }
  }

  /** What a leg that was dialled by a trunk tells of it: it rings or was answered, or it has ended. */
  hear(type: 'alive' | 'ended', leg: Dialled): void {
    const { trunk, number, at: startedAt } = leg.way;
    const about = { number, startedAt };
    this.#rooms.book.hear(trunk, type === 'alive' ? { type, ...about } : { type, ...about, ...endOf(leg) });
  }

  /**
   * The trunk or group that a setting names, and the first trunk of the site where it names none; null: there is no such. A group
   * shows no number of its own, but each time that of the trunk by which it goes.
   */
  viaOf(named: string | null): { readonly name: string; readonly callerId: string | null } | null {
    const { book } = this.#rooms;
    const name = named ?? book.names()[0];
    return name !== undefined && book.has(name) ? { name, callerId: book.callerIdOf(name) } : null;
  }

  /** Takes a line and a call start for an agent who sits at a number outside; null: no trunk takes him. */
  takeLine({
    via,
    number,
    tried,
    ringMs,
  }: Omit<OutwardLeg['way'], 'trunk' | 'at' | 'callerId'>): OutwardLeg['way'] | null {
    const asked = { via, number, tried, pressing: true };
    const found = this.way({ promise: null, lead: null, ...asked });
    if (!found) return null;
    const { trunk, at } = found;
    this.#rooms.book.take(this.#order(asked), trunk, at);
    return { via, trunk, number, at, tried: [...tried], ringMs };
  }

  /** Whether a promise may be kept now: a trunk of those works, and has a line and a call start. */
  carries(via: string, number: string): boolean {
    const { book } = this.#rooms;
    if (!book.has(via)) return true; // it will be told that there is no such trunk
    book.look();
    return book.choose(this.#order({ via, number, tried: [], pressing: false })).ok;
  }

  /** Takes a line and a call start for a call that keeps a promise; false: none is free. Dialling, or `moved`, lets go of it. */
  takeFor(callId: string, via: string, number: string): boolean {
    const { book, clock } = this.#rooms;
    if (book.held(callId) || !book.has(via)) return true;
    book.look();
    const order = this.#order({ via, number, tried: [], pressing: false });
    const choice = book.choose(order);
    if (!choice.ok) return false;
    const at = clock.now();
    book.take(order, choice.trunk, at);
    book.hold(callId, { trunk: choice.trunk, number, at });
    return true;
  }

  giveBack(callId: string): void {
    this.#rooms.book.giveBack(callId);
  }

  #take(holder: string, { via, trunk, number, tried, at }: OutwardLeg['way']): void {
    const { book } = this.#rooms;
    const isHeld = book.held(holder)?.at === at;
    if (isHeld) book.letGo(holder);
    else book.take(this.#order({ via, number, tried, pressing: true }), trunk, at);
  }

  #order({ via, number, tried, pressing }: Asked, own = this.#choosing(via)): TrunkOrder {
    const uses = own.uses.filter(({ trunk }) => !tried.includes(trunk));
    return { ...own, number, uses, pressing };
  }

  #choosing(via: string): TrunkChoosing {
    const { book } = this.#rooms;
    return { turnsOf: `via ${via}`, uses: book.usesOf(via), prefer: book.group(via)?.prefer ?? 'weight' };
  }
}

/** How a leg out of the house ended, as an attempt of a campaign would have. */
function endOf({ cause = CAUSE.unknown, answeredAt, startedAt, endedAt, way: { ringMs } }: Dialled) {
  const isUp = answeredAt !== undefined;
  const sip = cause.sip ?? null;
  // Nobody saw its end, as in an outage: it tells nothing.
  if (!isUp && sip === null && cause.q850 === CAUSE.unknown.q850) return { outcome: 'cancelled', sip } as const;
  const rangMs = Math.max(0, (answeredAt ?? endedAt ?? startedAt) - startedAt);
  const outcome = outcomeOf(verdictOf(cause, isUp), { phase: isUp ? 'talking' : 'ringing', rangMs, ringMs });
  return { outcome, sip };
}
