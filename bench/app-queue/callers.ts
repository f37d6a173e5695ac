import { headerOf, mediaPort, type Message, request, response, sdp, targetOf } from './sip.ts';
import type { MediaSink } from './media-sink.ts';
import { HOST, type Wire } from './wire.ts';

export interface Call {
  /** The caller's, each only once. */
  readonly number: string;
  /** Who is called. */
  readonly to: string;
  readonly talkMs: number;
}

/** One caller, as he sees his call; times of one clock, ms. */
export interface Caller extends Call {
  readonly invitedAt: number;
  /** From here on he waits in the queue. */
  answeredAt: number | null;
  /** An agent's phone has taken his call. */
  talked: boolean;
}

/** Everybody who calls. They stay until the far side hangs up. */
export class Callers {
  readonly #carriers: readonly Wire[];
  readonly #sink: MediaSink;
  readonly #callers = new Map<string, Caller>();
  /** How each one's call ended: null well, else why it came to nothing. */
  readonly #gone: (why: string | null) => void;

  constructor(carriers: readonly Wire[], sink: MediaSink, gone: (why: string | null) => void) {
    [this.#carriers, this.#sink] = [carriers, sink];
    this.#gone = gone;
  }

  get live(): number {
    return this.#callers.size;
  }

  find(number: string): Caller | undefined {
    return this.#callers.get(number);
  }

  call(call: Call, target: string): void {
    const caller: Caller = { ...call, invitedAt: performance.now(), answeredAt: null, talked: false };
    this.#callers.set(call.number, caller);
    const invite = { method: 'INVITE', target, to: `<${target}>`, body: sdp(HOST, this.#sink.port) };
    this.#wireOf(call.number).insist(`${call.number} INVITE`, this.#request(call.number, invite));
  }

  /** The number of the caller is his call's id. */
  take(message: Message): void {
    const { callId: number, method, status, sequence } = message;
    if (method === 'BYE') {
      // Also when it is sent again to who has gone.
      this.#wireOf(number).send(response(message, '200 OK', number));
      this.#end(number, this.#callers.get(number)?.talked ? null : 'hung up before an agent came');
    } else if (status !== null && status >= 200 && sequence === 'INVITE') this.#answered(message, status);
  }

  /** For all who are still there. */
  giveUp(why: string): void {
    for (const number of this.#callers.keys()) this.#end(number, why);
  }

  #answered(message: Message, status: number): void {
    const { callId: number, lines } = message;
    const wire = this.#wireOf(number);
    const isNew = wire.answered(`${number} INVITE`);
    const caller = this.#callers.get(number);
    const to = headerOf(lines, 'To');
    const target = targetOf(message) || `sip:${HOST}`;
    if (isNew && caller) caller.answeredAt = performance.now();
    wire.send(this.#request(number, { method: 'ACK', target, to, body: '' }));
    const media = mediaPort(message);
    if (isNew && media !== null) this.#sink.breathe(media);
    if (isNew && status >= 300) this.#end(number, `refused with ${status}`);
  }

  #end(number: string, why: string | null): void {
    if (this.#callers.delete(number)) this.#gone(why);
  }

  /** Each call is its carrier's from its first message to its last. */
  #wireOf(number: string): Wire {
    const wire = this.#carriers[Number(number) % this.#carriers.length];
    if (!wire) throw new Error(`no carrier for ${number}`);
    return wire;
  }

  #request(number: string, ask: { method: string; target: string; to: string; body: string }): string {
    const { own } = this.#wireOf(number);
    const from = `<sip:${number}@${HOST}>;tag=caller`;
    return request({ ...ask, own, from, callId: number, count: 1, contact: `sip:${number}@${own}` });
  }
}
