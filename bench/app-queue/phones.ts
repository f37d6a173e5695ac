import type { Caller } from './callers.ts';
import { headerOf, type Message, request, response, sdp, targetOf, userOf } from './sip.ts';
import { HOST, type Wire } from './wire.ts';

/** One ring of an agent's phone, times of one clock, ms. */
export interface Offer {
  readonly at: number;
  /** When the phone was last hung up; null before its first call. */
  readonly freeSince: number | null;
  /** When the caller began to wait; null when he was not answered by then. */
  readonly queuedAt: number | null;
  readonly invitedAt: number | null;
}

interface Ring {
  readonly phone: string;
  readonly invite: Message;
  readonly tag: string;
  readonly caller: Caller | undefined;
}

interface PhonesOptions {
  readonly wire: Wire;
  readonly mediaPort: number;
  /** How long a phone rings. */
  readonly pickUpMs: number;
  readonly callerOf: (number: string) => Caller | undefined;
  readonly offered: (offer: Offer) => void;
  /** A phone in a call was rung: its agent got two. */
  readonly doubled: () => void;
}

/** All agents' phones: each rings at once, is picked up after a while, and hung up when the caller's talk is over. */
export class Phones {
  readonly #options: PhonesOptions;
  readonly #rings = new Map<string, Ring>();
  readonly #busy = new Set<string>();
  readonly #freeSince = new Map<string, number>();
  #made = 0;

  constructor(options: PhonesOptions) {
    this.#options = options;
  }

  /** A new measurement: what was before does not count. */
  forget(): void {
    this.#freeSince.clear();
  }

  take(message: Message): void {
    const { wire } = this.#options;
    const { method, callId, sequence } = message;
    if (method === null) wire.answered(`${callId} ${sequence}`);
    else if (method === 'INVITE') this.#rung(message);
    else if (method === 'ACK') wire.answered(`${callId} answer`);
    else {
      wire.send(response(message, '200 OK', this.#rings.get(callId)?.tag ?? 'gone'));
      this.#ended(message);
    }
  }

  #rung(invite: Message): void {
    const at = performance.now();
    const { wire, callerOf, offered, doubled, pickUpMs } = this.#options;
    const { callId, user: phone } = invite;
    if (this.#rings.has(callId)) return;
    const caller = callerOf(userOf(headerOf(invite.lines, 'From')));
    const ring = { phone, invite, tag: `phone${(this.#made += 1)}`, caller };
    if (this.#busy.has(phone)) {
      doubled();
      return wire.send(response(invite, '486 Busy Here', ring.tag));
    }
    this.#rings.set(callId, ring);
    this.#busy.add(phone);
    const freeSince = this.#freeSince.get(phone) ?? null;
    offered({ at, freeSince, queuedAt: caller?.answeredAt ?? null, invitedAt: caller?.invitedAt ?? null });
    wire.send(response(invite, '180 Ringing', ring.tag, this.#contactOf(phone)));
    setTimeout(() => this.#pickUp(ring), pickUpMs);
  }

  #pickUp(ring: Ring): void {
    const { phone, invite, tag, caller } = ring;
    if (this.#rings.get(invite.callId) !== ring) return;
    const ok = response(invite, '200 OK', tag, this.#contactOf(phone), sdp(HOST, this.#options.mediaPort));
    this.#options.wire.insist(`${invite.callId} answer`, ok);
    if (caller) caller.talked = true;
    setTimeout(() => this.#hangUp(ring), caller?.talkMs ?? 0);
  }

  #hangUp(ring: Ring): void {
    const { phone, invite, tag } = ring;
    const { callId, lines } = invite;
    if (this.#rings.get(callId) !== ring) return;
    const { wire } = this.#options;
    const ends = { from: `${headerOf(lines, 'To')};tag=${tag}`, to: headerOf(lines, 'From') };
    const bye = { method: 'BYE', target: targetOf(invite), own: wire.own, callId, count: 1, ...ends };
    this.#free(ring);
    wire.insist(`${callId} BYE`, request({ ...bye, contact: this.#contactOf(phone) }));
  }

  #ended({ method, callId }: Message): void {
    const ring = this.#rings.get(callId);
    if (!ring || (method !== 'BYE' && method !== 'CANCEL')) return;
    this.#free(ring);
    if (method === 'BYE') return;
    this.#options.wire.insist(`${callId} answer`, response(ring.invite, '487 Request Terminated', ring.tag));
  }

  #free({ invite, phone }: Ring): void {
    this.#rings.delete(invite.callId);
    this.#busy.delete(phone);
    this.#freeSince.set(phone, performance.now());
  }

  #contactOf(phone: string): string {
    return `sip:${phone}@${this.#options.wire.own}`;
  }
}
