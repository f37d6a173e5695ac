import { headerOf, mediaPort, type Message, request, response, sdp, targetOf } from './sip.ts';
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
  readonly #wire: Wire;
  readonly #callers = new Map<string, Caller>();
  /** How each one's call ended: null well, else why it came to nothing. */
  readonly #gone: (why: string | null) => void;

  constructor(wire: Wire, gone: (why: string | null) => void) {
    this.#wire = wire;
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
    const invite = { method: 'INVITE', target, to: `<${target}>`, body: sdp(HOST, this.#wire.mediaPort) };
    this.#wire.insist(`${call.number} INVITE`, this.#request(call.number, invite));
  }

  /** True when it is about one of them; the number of the caller is his call's id. */
  take(message: Message): boolean {
    const { callId: number, method, status, sequence } = message;
    const caller = this.#callers.get(number);
    if (method === 'BYE' && caller) {
      this.#wire.send(response(message, '200 OK', number));
      this.#end(number, caller.talked ? null : 'hung up before an agent came');
    } else if (status !== null && status >= 200 && sequence === 'INVITE') this.#answered(message, status);
    return caller !== undefined;
  }

  #answered(message: Message, status: number): void {
    const { callId: number, lines } = message;
    const isNew = this.#wire.answered(`${number} INVITE`);
    const caller = this.#callers.get(number);
    const to = headerOf(lines, 'To');
    const target = targetOf(message) || `sip:${HOST}`;
    if (isNew && caller) caller.answeredAt = performance.now();
    this.#wire.send(this.#request(number, { method: 'ACK', target, to, body: '' }));
    const media = mediaPort(message);
    if (isNew && media !== null) this.#wire.breathe(media);
    if (isNew && status >= 300) this.#end(number, `refused with ${status}`);
  }

  #end(number: string, why: string | null): void {
    if (this.#callers.delete(number)) this.#gone(why);
  }

  #request(number: string, ask: { method: string; target: string; to: string; body: string }): string {
    const { own } = this.#wire;
    const from = `<sip:${number}@${HOST}>;tag=caller`;
    return request({ ...ask, own, from, callId: number, count: 1, contact: `sip:${number}@${own}` });
  }
}
