import { admit } from '../call/admission.ts';
import { CAUSE, type HangupCause } from '../call/cause.ts';
import { type DidRoute, routeDid } from '../call/did.ts';
import type { CallId, CampaignId, LegId } from '../call/ids.ts';
import type { LegEvent, SwitchEvent } from '../call/switch.ts';
import { CallSession, type SessionRooms } from './call-session.ts';
import { type CallLeg, type CallState, inboundCall } from './call/state.ts';
import type { Ids } from './ports/time.ts';

type OfferedLeg = Extract<LegEvent, { type: 'leg.offered' }>;

interface SwitchboardRooms extends SessionRooms {
  readonly ids: Ids;
  /** The release that a new call takes. */
  release(callId: CallId): { readonly id: string; readonly site: { readonly routes: readonly DidRoute[] } };
  readonly limits: { readonly maxCalls: number; readonly maxSetupP99Ms: number };
}

/** Which call a leg belongs to. Arriving legs become calls here, or are refused with a cause; never with silence. */
export class Switchboard {
  draining = false;
  readonly #rooms: SwitchboardRooms;
  readonly #calls = new Map<CallId, CallSession>();
  readonly #byLeg = new Map<LegId, CallSession>();
  readonly #byCampaign = new Map<CampaignId, Map<CallId, CallSession>>();
  /** Errands that wait for their turn: calls with nobody on the line, which take nobody's place. */
  readonly #waiting = new Set<CallId>();

  constructor(rooms: SwitchboardRooms) {
    this.#rooms = rooms;
  }

  get size(): number {
    return this.#calls.size;
  }

  all(): readonly CallSession[] {
    return [...this.#calls.values()];
  }

  find(id: CallId): CallSession | undefined {
    return this.#calls.get(id);
  }

  /** Calls in which a campaign dials, or has dialled, somebody. */
  ofCampaign(id: CampaignId): Iterable<CallSession> {
    return this.#byCampaign.get(id)?.values() ?? [];
  }

  has(legId: LegId): boolean {
    return this.#byLeg.has(legId);
  }

  take(event: LegEvent): void {
    if (event.type === 'leg.offered') return this.offered(event);
    return this.#byLeg.get(event.legId)?.post(event);
  }

  /** Makes a call of an arriving leg; one we hold already changes nothing. */
  offered(leg: OfferedLeg): void {
    if (this.#byLeg.has(leg.legId)) return;
    const { clock, ids } = this.#rooms;
    const { legId, ani, dnis, source } = leg;
    const id = ids.next('call');
    const release = this.#rooms.release(id);
    const call = { id, legId, ani, dnis, source, language: 'en', release: release.id };
    const session = this.open(inboundCall(call, clock.now()));
    const flow = routeDid(release.site.routes, leg.dnis);
    const refusal = this.#refusal(flow);
    if (refusal) session.post({ type: 'reject', ...refusal });
    else if (flow) session.post({ type: 'begin', flow });
  }

  /** Takes a call into the house: a new one, or one read back after a restart. */
  open(state: CallState): CallSession {
    const session = new CallSession({ ...state, node: this.#rooms.switchPort.node }, this.#rooms);
    this.#calls.set(session.id, session);
    this.follow(session);
    return session;
  }

  /** Keeps legs findable; an ended call is let go. */
  follow(session: CallSession): void {
    if (session.state.phase === 'promised') this.#waiting.add(session.id);
    else this.#waiting.delete(session.id);
    const isOver = session.state.phase === 'ended';
    if (isOver) this.#calls.delete(session.id);
    this.#keepByCampaign(session, isOver);
    for (const leg of session.state.legs) {
      if (!isOver && !wasGivenBack(leg)) this.#byLeg.set(leg.id, session);
      else if (this.#byLeg.get(leg.id) === session) this.#byLeg.delete(leg.id);
    }
  }

  #keepByCampaign({ id, state }: CallSession, isOver: boolean): void {
    const campaignId = state.attempt?.campaignId;
    if (campaignId === undefined) return;
    const calls = this.#byCampaign.get(campaignId) ?? new Map<CallId, CallSession>();
    const session = this.#calls.get(id);
    if (isOver) calls.delete(id);
    else if (session) calls.set(id, session);
    if (calls.size > 0) this.#byCampaign.set(campaignId, calls);
    else this.#byCampaign.delete(campaignId);
  }

  async idle(): Promise<void> {
    await Promise.all(this.all().map((session) => session.idle()));
  }

  #refusal(flow: string | null): { reason: string; cause: HangupCause } | null {
    const { limits, switchPort } = this.#rooms;
    const admission = admit({
      calls: this.#calls.size - this.#waiting.size - 1,
      maxCalls: limits.maxCalls,
      draining: this.draining,
      setupP99Ms: switchPort.latencyP99Ms(),
      maxSetupP99Ms: limits.maxSetupP99Ms,
    });
    if (!admission.accept) return admission;
    return flow === null ? { reason: 'no flow answers this number', cause: CAUSE.unallocated } : null;
  }
}

/** A line that was lent to this call may be another call's by now. */
const wasGivenBack = ({ lent, phase }: CallLeg): boolean => lent === true && phase === 'ended';

export const isLegEvent = (event: SwitchEvent): event is LegEvent => 'legId' in event;
