import { createHash, randomBytes } from 'node:crypto';
import { type Reply, SDP, SDP_TYPE, SipEnd, type SipText } from './sip-end.ts';

interface Account {
  readonly name: string;
  readonly password: string;
}

export interface CallUp {
  readonly answer: SipText;
  readonly callId: string;
  /** In the dialog, along its route. */
  say(method: 'ACK' | 'BYE' | 'INVITE'): Promise<SipText | null>;
}

/** A phone with an account, that registers and calls as RFC 3261 says. Its digest is written here a second time, from RFC 7616. */
export class SipPhone {
  readonly end: SipEnd;
  readonly account: Account;
  readonly #edge: number;
  #count = 0;

  private constructor(end: SipEnd, account: Account, edge: number) {
    [this.end, this.account, this.#edge] = [end, account, edge];
  }

  static async open(
    edge: number,
    account: Account,
    onRequest?: (message: SipText, reply: Reply) => void,
  ): Promise<SipPhone> {
    return new SipPhone(await SipEnd.open(onRequest), account, edge);
  }

  /** The final answer to a REGISTER, the password shown when it is asked for. */
  async register(
    extra: readonly string[] = ['Expires: 300'],
    contact = `<sip:${this.account.name}@10.9.8.7:5099>`,
  ): Promise<SipText> {
    const callId = `reg-${this.account.name}-${this.end.port}`;
    const lines = (cseq: number, more: readonly string[]) =>
      this.#request('REGISTER', `sip:127.0.0.1:${this.#edge}`, { to: this.account.name, callId, cseq }, [
        `Contact: ${contact}`,
        ...extra,
        ...more,
      ]);
    return this.#proved('REGISTER', lines);
  }

  /** The final answer to an INVITE, acknowledged when it is none of success. */
  async invite(
    user: string,
    extra: readonly string[] = [],
    callId = `call-${randomBytes(6).toString('hex')}`,
  ): Promise<SipText> {
    const lines = (cseq: number, more: readonly string[]) =>
      this.#request('INVITE', `sip:${user}@127.0.0.1:${this.#edge}`, { to: user, callId, cseq }, [
        `Contact: <sip:${this.account.name}@${this.end.address}>`,
        ...extra,
        ...more,
      ]);
    return this.#proved('INVITE', lines);
  }

  async call(user: string): Promise<CallUp> {
    const answer = await this.invite(user);
    const call = {
      answer,
      callId: answer.header('call-id'),
      say: (method: 'ACK' | 'BYE' | 'INVITE') => this.#within(answer, method),
    };
    if (answer.status === 200) await call.say('ACK');
    return call;
  }

  /** The answer to OPTIONS. */
  probe(): Promise<SipText> {
    const callId = `probe-${randomBytes(6).toString('hex')}`;
    const uri = `sip:127.0.0.1:${this.#edge}`;
    return this.end.ask(this.#edge, this.#request('OPTIONS', uri, { to: 'edge', callId, cseq: 1 }, []));
  }

  close(): Promise<void> {
    return this.end.close();
  }

  async #within(answer: SipText, method: 'ACK' | 'BYE' | 'INVITE'): Promise<SipText | null> {
    const cseq = Number.parseInt(answer.header('cseq'), 10) + (method === 'ACK' ? 0 : ++this.#count);
    const contact = /<([^>]+)>/u.exec(answer.header('contact'))?.[1] ?? '';
    const routes = answer
      .headers('record-route')
      .toReversed()
      .map((route) => `Route: ${route}`);
    const isInvite = method === 'INVITE';
    const more = isInvite ? [`Contact: <sip:${this.account.name}@${this.end.address}>`, SDP_TYPE] : [];
    const lines = [
      `${method} ${contact} SIP/2.0`,
      `Via: SIP/2.0/UDP ${this.end.address};branch=z9hG4bK${randomBytes(8).toString('hex')};rport`,
      ...routes,
      `From: ${answer.header('from')}`,
      `To: ${answer.header('to')}`,
      `Call-ID: ${answer.header('call-id')}`,
      `CSeq: ${cseq} ${method}`,
      'Max-Forwards: 70',
      ...more,
    ];
    if (method === 'ACK') {
      this.end.say(this.#edge, lines);
      return null;
    }
    const second = await this.end.ask(this.#edge, lines, isInvite ? SDP : '');
    if (isInvite && second.status === 200) await this.#within(second, 'ACK');
    return second;
  }

  async #proved(method: string, lines: (cseq: number, more: readonly string[]) => readonly string[]): Promise<SipText> {
    const [body, type] = method === 'INVITE' ? [SDP, [SDP_TYPE]] : ['', []];
    const first = await this.end.ask(this.#edge, lines(++this.#count, type), body);
    this.#acknowledge(method, first);
    if (first.status !== 401 && first.status !== 407) return first;
    const header = first.status === 401 ? 'WWW-Authenticate' : 'Proxy-Authenticate';
    const given = this.#credentials(method, first.header(header));
    const name = first.status === 401 ? 'Authorization' : 'Proxy-Authorization';
    const second = await this.end.ask(this.#edge, lines(++this.#count, [`${name}: ${given}`, ...type]), body);
    this.#acknowledge(method, second);
    return second;
  }

  #acknowledge(method: string, answer: SipText): void {
    if (method !== 'INVITE' || answer.status < 300) return;
    this.end.say(this.#edge, [
      `ACK sip:127.0.0.1:${this.#edge} SIP/2.0`,
      `Via: ${answer.header('via')}`,
      `From: ${answer.header('from')}`,
      `To: ${answer.header('to')}`,
      `Call-ID: ${answer.header('call-id')}`,
      `CSeq: ${Number.parseInt(answer.header('cseq'), 10)} ACK`,
      'Max-Forwards: 70',
    ]);
  }

  /** RFC 7616 §3.4, for the first challenge. */
  #credentials(method: string, challenge: string): string {
    const field = (name: string): string => new RegExp(`${name}="?([^",]+)`, 'u').exec(challenge)?.[1] ?? '';
    const hash = (text: string): string =>
      createHash(field('algorithm') === 'MD5' ? 'md5' : 'sha256')
        .update(text)
        .digest('hex');
    const { name, password } = this.account;
    const [uri, cnonce] = [`sip:127.0.0.1:${this.#edge}`, randomBytes(8).toString('hex')];
    const own = hash(`${name}:${field('realm')}:${password}`);
    const response = hash(`${own}:${field('nonce')}:00000001:${cnonce}:auth:${hash(`${method}:${uri}`)}`);
    return (
      `Digest username="${name}", realm="${field('realm')}", nonce="${field('nonce')}", uri="${uri}", response="${response}", ` +
      `algorithm=${field('algorithm')}, qop=auth, nc=00000001, cnonce="${cnonce}"`
    );
  }

  #request(
    method: string,
    uri: string,
    { to, callId, cseq }: { readonly to: string; readonly callId: string; readonly cseq: number },
    more: readonly string[],
  ): readonly string[] {
    return [
      `${method} ${uri} SIP/2.0`,
      `Via: SIP/2.0/UDP ${this.end.address};branch=z9hG4bK${randomBytes(8).toString('hex')};rport`,
      `From: <sip:${this.account.name}@127.0.0.1>;tag=own-${callId}`,
      `To: <sip:${to}@127.0.0.1>`,
      `Call-ID: ${callId}`,
      `CSeq: ${cseq} ${method}`,
      'Max-Forwards: 70',
      ...more,
    ];
  }
}
