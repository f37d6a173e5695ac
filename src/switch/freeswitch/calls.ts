import { CAUSE, type HangupCause } from '../../call/cause.ts';
import type { EpochMs, LegId } from '../../call/ids.ts';
import type { SwitchCommand, SwitchEvent, SwitchResult } from '../../call/switch.ts';
import { type Clock, type Log, unlessHeard } from '../../engine/ports/time.ts';
import type { Lanes } from '../lanes.ts';
import { failed, OK } from '../results.ts';
import { aniOf, nameOf, sourceIn, userOf } from './caller.ts';
import { type Channel, makeChannel } from './channels.ts';
import type { Drachtio, Request, Response } from './drachtio.ts';
import type { EslEvent } from './esl-event.ts';
import type { Fleet } from './fleet.ts';
import { type Leg, type Legs, resultOf } from './legs.ts';
import type { MediaServer } from './media-server.ts';
import { rehome } from './rehoming.ts';
import { ArrivingLine, DialledLine, type LineListener } from './lines.ts';
import { fromHeader, type PhoneBook, routeTo, type TrunkAddress } from './routes.ts';

export interface CallRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly legs: Legs;
  readonly lanes: Lanes;
  readonly fleet: Fleet;
  readonly controller: string;
  readonly trunks: ReadonlyMap<string, TrunkAddress>;
  readonly phones: PhoneBook;
  /** Addresses of SIP edges whose word is taken. */
  readonly edges: ReadonlySet<string>;
  readonly newLegId: () => LegId;
  readonly isLive: () => boolean;
  readonly tell: (event: SwitchEvent) => void;
  /** The leg is up; whoever listens to it may begin. */
  readonly up: (leg: Leg, command: Originate | null) => void;
  /** The leg's channel is gone, its end has not been told yet. */
  readonly gone: (leg: Leg) => void;
}

export type Originate = Extract<SwitchCommand, { type: 'originate' }>;

/** FreeSWITCH says that a channel is gone some milliseconds after it was told to end it. */
const DESTROYED_WITHIN_MS = 2_000;
/** Asked for a channel before a call is given up. */
const MOST_SERVERS = 3;
/** How late the end of such a leg may be noticed, ms. */
const ASK_AFTER_MS = 1_000;
const RETRY_AFTER = { headers: { 'Retry-After': '2' } };
const RELEASE_CONTEXT = 'callwright-release';
const EXTENSION = /^[A-Za-z0-9_.+*#-]+$/;

/** How legs begin and end. */
export class Calls {
  readonly #rooms: CallRooms;
  /** Legs whose channel is being asked for: who ends meanwhile is ended when it is there. */
  readonly #making = new Set<LegId>();
  readonly #ringOut = new Map<LegId, () => void>();

  constructor(rooms: CallRooms) {
    this.#rooms = rooms;
  }

  /** Somebody calls. He is offered at once; what is asked for him waits until FreeSWITCH has his voice. */
  arrive(drachtio: Drachtio, request: Request, response: Response): void {
    const { clock, fleet, isLive, legs, lanes, newLegId, tell, trunks, edges } = this.#rooms;
    const [server] = isLive() ? fleet.media(null) : [];
    if (!server) return response.send(503, RETRY_AFTER);
    // Without an offer there is nothing to connect the caller with.
    if (!request.body) return response.send(488);
    const id = newLegId();
    const line = new ArrivingLine(drachtio, request, response, this.#listener(id));
    const ours: Omit<Leg, 'line'> = {
      ...newLeg(id, null, false, clock.now()),
      server,
      phase: 'ringing',
      source: sourceIn(request, trunks, edges),
      dnis: userOf(request.uri),
      ani: aniOf(request),
    };
    const leg: Leg = { ...ours, line };
    legs.put(leg);
    // Before he is told of: what is asked for him at once comes after it.
    void lanes.run([id], () => this.#voice(leg, line.offer));
    const { dnis, ani, source } = leg;
    tell({ type: 'leg.offered', at: clock.now(), legId: id, dnis, ani, callerName: nameOf(request), source });
  }

  async answer(leg: Leg): Promise<SwitchResult> {
    if (leg.phase === 'up') return OK;
    if (!(leg.line instanceof ArrivingLine)) return failed('refused', 'we ring it: its far end answers');
    if (!leg.channel) return failed('unavailable', 'FreeSWITCH has no channel for it');
    if (!(await leg.line.answer(leg.channel.sdp))) return failed('gone', 'the caller has hung up');
    this.#isUp(leg, null);
    return OK;
  }

  ring(leg: Leg): SwitchResult {
    if (leg.line instanceof ArrivingLine && leg.phase !== 'up') leg.line.ring();
    return OK;
  }

  /** Early media: what is played to a caller is heard before the answer. */
  early(leg: Leg): void {
    if (leg.line instanceof ArrivingLine && leg.phase !== 'up' && leg.channel) leg.line.ring(leg.channel.sdp);
  }

  async originate(command: Originate): Promise<SwitchResult> {
    const { clock, legs, fleet, trunks, phones } = this.#rooms;
    const { legId, callId } = command;
    if (legs.get(legId)) return failed('exists', 'a leg with this id is up');
    const route = await routeTo(command.to, trunks, phones);
    if (typeof route === 'string') return this.#stillborn(legId, route === 'absent' ? CAUSE.absent : { q850: 28 });
    const near = command.near ?? null;
    const [[server], drachtio] = [fleet.media(near), fleet.signalling(near)];
    if (!server || !drachtio) return failed('unavailable', 'no FreeSWITCH or no drachtio takes calls');
    const line = new DialledLine(drachtio, this.#listener(legId, command));
    const leg: Leg = { ...newLeg(legId, callId, true, clock.now()), line, server, source: sourceOf(command) };
    legs.put(leg);
    this.#ringOutAfter(leg, command.ringMs);
    if (!(await this.#voice(leg, null, near)) || !leg.channel)
      return failed('refused', 'FreeSWITCH takes no more channels');
    const headers = { ...fromHeader(command.callerId, command.callerName), 'X-Callwright-Call': callId };
    void line.dial({ uri: route.uri, sdp: leg.channel.sdp, headers, ...(route.auth && { auth: route.auth }) });
    return OK;
  }

  hangUp(leg: Leg, cause: HangupCause): SwitchResult {
    leg.cause ??= cause;
    leg.line.end(cause);
    this.#drop(leg);
    return OK;
  }

  async release(leg: Leg, extension: string): Promise<SwitchResult> {
    if (!EXTENSION.test(extension)) return failed('refused', 'no such extension');
    const result = resultOf(await leg.server.api(`uuid_transfer ${leg.id} ${extension} XML ${RELEASE_CONTEXT}`));
    if (result.ok) leg.isReleased = true;
    return result;
  }

  /** To where it can be joined with others; see there. */
  rehome(leg: Leg, server: MediaServer): Promise<SwitchResult> {
    const { controller, legs } = this.#rooms;
    return rehome(leg, server, { controller, legs, name });
  }

  /** FreeSWITCH has destroyed the channel, for whatever reason. */
  channelGone(leg: Leg, event: EslEvent | null): void {
    const { clock, legs, gone, tell } = this.#rooms;
    const q850 = Number(event?.get('variable_hangup_cause_q850') ?? 0);
    const cause = leg.cause ?? { q850: q850 || CAUSE.normal.q850 };
    leg.cause = cause;
    leg.line.end(cause);
    gone(leg);
    this.#settled(leg.id);
    if (!legs.forget(leg.id)) return;
    tell({ type: 'leg.ended', at: event?.at || clock.now(), legId: leg.id, cause });
  }

  /** Ended while nobody looked: nothing is told of it. */
  lost(leg: Leg): void {
    const { gone, legs } = this.#rooms;
    leg.cause ??= CAUSE.normal;
    leg.line.end(leg.cause);
    if (leg.channel) void leg.server.api(`uuid_kill ${leg.id}`);
    gone(leg);
    this.#settled(leg.id);
    legs.forget(leg.id);
  }

  /**
   * drachtio tells nobody of what happens in dialogs of before the connection to it was lost: it answers a BYE by itself. These
   * legs are asked after until they end.
   */
  watchOver(legs: readonly Leg[]): void {
    for (const leg of legs) this.#askAfter(leg);
  }

  #askAfter(leg: Leg): void {
    const { clock, legs } = this.#rooms;
    const again = async () => {
      if (legs.get(leg.id) !== leg || leg.cause) return;
      if ((await leg.line.probe()) === false) this.#lineEnded(leg, CAUSE.normal);
      else this.#askAfter(leg);
    };
    clock.at(clock.now() + ASK_AFTER_MS, () => void again());
  }

  stop(): void {
    for (const legId of this.#ringOut.keys()) this.#settled(legId);
  }

  #listener(legId: LegId, command: Originate | null = null): LineListener {
    const { clock, legs, tell } = this.#rooms;
    const leg = () => legs.get(legId);
    return {
      invited: (txnId) => keep(leg(), 'callwright_cancel', txnId),
      ringing: () => {
        const one = leg();
        if (!one || one.cause) return;
        one.phase = 'ringing';
        tell({ type: 'leg.ringing', at: clock.now(), legId });
      },
      answered: (sdp) => void this.#answered(leg(), sdp, command),
      ended: (cause) => this.#lineEnded(leg(), cause),
      key: (digit) => {
        if (leg()?.phase === 'up') tell({ type: 'dtmf.received', at: clock.now(), legId, digit });
      },
    };
  }

  async #answered(leg: Leg | null, sdp: string, command: Originate | null): Promise<void> {
    if (!leg || leg.cause) return;
    this.#settled(leg.id);
    if (await leg.channel?.connect(sdp)) this.#isUp(leg, command);
    else this.hangUp(leg, CAUSE.congestion);
  }

  #isUp(leg: Leg, command: Originate | null): void {
    const { clock, tell, up } = this.#rooms;
    if (leg.cause) return;
    leg.phase = 'up';
    name(leg);
    tell({ type: 'leg.answered', at: clock.now(), legId: leg.id });
    up(leg, command);
  }

  #lineEnded(leg: Leg | null, cause: HangupCause): void {
    if (!leg) return;
    leg.cause ??= cause;
    this.#drop(leg);
  }

  /** Ends the channel; the leg's end is told when FreeSWITCH says that it is gone, after all that it says of it before. */
  #drop(leg: Leg): void {
    const { clock, legs } = this.#rooms;
    this.#settled(leg.id);
    if (this.#making.has(leg.id)) return;
    if (!leg.channel || !leg.server.isUp) return this.channelGone(leg, null);
    void leg.server.api(`uuid_kill ${leg.id}`);
    clock.at(clock.now() + DESTROYED_WITHIN_MS, () => legs.get(leg.id) === leg && this.channelGone(leg, null));
  }

  /** Gives the leg a channel, at another server when the first says no. False: it has none, and is over. */
  async #voice(leg: Leg, offer: string | null, near: LegId | null = null): Promise<boolean> {
    const { controller, fleet, legs } = this.#rooms;
    this.#making.add(leg.id);
    const { line, id: legId, callId } = leg;
    const order = { legId, callId, controller, offer };
    let channel: Channel | null = null;
    for (const server of [...new Set([leg.server, ...fleet.media(near)])].slice(0, MOST_SERVERS)) {
      if (channel || leg.cause || (server !== leg.server && !server.isUp)) continue;
      if (server !== leg.server) legs.move(leg, server);
      channel = await makeChannel(line.drachtio, server, order);
    }
    this.#making.delete(legId);
    leg.channel = channel;
    name(leg);
    if (offer !== null) keep(leg, 'callwright_refuse', line.txnId);
    if (channel && !leg.cause) return true;
    leg.cause ??= CAUSE.congestion;
    this.#drop(leg);
    return false;
  }

  #ringOutAfter(leg: Leg, ringMs: number): void {
    const { clock } = this.#rooms;
    const giveUp = () => {
      this.#ringOut.delete(leg.id);
      if (leg.phase !== 'up') this.hangUp(leg, CAUSE.noAnswer);
    };
    this.#ringOut.set(leg.id, unlessHeard(clock, clock.now() + ringMs, giveUp));
  }

  #settled(legId: LegId): void {
    this.#ringOut.get(legId)?.();
    this.#ringOut.delete(legId);
  }

  #stillborn(legId: LegId, cause: HangupCause): SwitchResult {
    const { clock, tell } = this.#rooms;
    tell({ type: 'leg.ended', at: clock.now(), legId, cause });
    return failed('refused', 'no such number, phone or trunk');
  }
}

/** By these another process ends what this one leaves behind. */
function name(leg: Leg): void {
  keep(leg, 'callwright_drachtio', leg.line.drachtio.name);
  keep(leg, 'callwright_dialog', leg.line.dialogId);
}

function keep(leg: Leg | null, variable: string, value: string | null): void {
  if (leg?.channel && value !== null) void leg.server.api(`uuid_setvar ${leg.id} ${variable} ${value}`);
}

const newLeg = (id: LegId, callId: string | null, dialled: boolean, startedAt: EpochMs) => ({
  id,
  callId,
  dialled,
  startedAt,
  ani: null,
  dnis: '',
  phase: 'new' as const,
  channel: null,
  cause: null,
  isReleased: false,
});

const sourceOf = ({ to }: Originate): string => (to.kind === 'phone' ? to.name : to.trunk);
