import { createSocket, type Socket } from 'node:dgram';
import type { Log } from '../engine/ports/time.ts';

/**
 * drachtio's proxy asks the next target after every answer that is not a success: it would give a call that one node's flow has
 * refused as busy to a second node, and run it twice. So between two nodes there stands this address. drachtio comes here
 * when a node has failed, with the same INVITE, and is told by a redirect (302, RFC 3261 §8.1.3.4) whom to ask next, or the answer that
 * the caller shall hear. It is a user agent server of RFC 3261 §17.2.1 in its smallest form, for this one neighbour: it knows
 * only INVITE, ACK and CANCEL of attempts that have a ticket here, and is silent to all else.
 */
export interface SecondOpinion {
  /** Address to name as a target; each ticket is asked once. */
  ticket(id: string): string;
  readonly address: { readonly host: string; readonly port: number };
  close(): Promise<void>;
}

export interface Opinion {
  readonly status: number;
  /** For a 302: whom to ask, in turn. */
  readonly contacts?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

interface Wish {
  /** Where drachtio reaches this process. */
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** What shall be done after the target that stood before this ticket has failed; null when the ticket is not known. */
  readonly decide: (ticket: string) => Promise<Opinion | null>;
  readonly log: Log;
}

const LARGEST = 16 * 1_024;
/** RFC 3261 §17.1.1.1, timer T1, and as often as its timer H allows in the end. */
const AGAIN_MS = 500;
const TIMES = 7;

/** @throws the system's error when the address cannot be taken. */
export async function openSecondOpinion({ host, port, decide, log }: Wish): Promise<SecondOpinion> {
  const socket = createSocket('udp4');
  const desk = new Desk(socket, decide, log);
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(port, host, resolve);
  });
  const address = { host, port: socket.address().port };
  socket.removeAllListeners('error');
  socket.on('error', (error) => log.warn({ err: error }, 'the second opinion cannot be heard'));
  socket.on('message', (bytes, from) => desk.heard(bytes, from));
  return {
    address,
    ticket: (id) => `sip:${id}@${address.host}:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        desk.close();
        socket.close(() => resolve());
      }),
  };
}

interface Peer {
  readonly address: string;
  readonly port: number;
}

class Desk {
  readonly #socket: Socket;
  readonly #decide: Wish['decide'];
  readonly #log: Log;
  /** Answers that wait for their ACK, by branch. */
  readonly #open = new Map<string, { timer: NodeJS.Timeout | null; isCancelled: boolean }>();

  constructor(socket: Socket, decide: Wish['decide'], log: Log) {
    [this.#socket, this.#decide, this.#log] = [socket, decide, log];
  }

  heard(bytes: Buffer, from: Peer): void {
    if (bytes.length > LARGEST) return;
    const message = readRequest(bytes.toString('latin1'));
    if (!message) return;
    const known = this.#open.get(message.branch);
    if (message.method === 'ACK') return this.#acked(message.branch);
    if (message.method === 'CANCEL') {
      if (!known) return;
      known.isCancelled = true;
      return this.#send(answerTo(message, { status: 200 }), from);
    }
    if (known) return;
    this.#open.set(message.branch, { timer: null, isCancelled: false });
    this.#send(answerTo(message, { status: 100 }), from);
    this.#judge(message, from).catch((error: unknown) => {
      this.#open.delete(message.branch);
      this.#log.error({ err: error }, 'no second opinion could be given');
    });
  }

  close(): void {
    for (const { timer } of this.#open.values()) if (timer) clearTimeout(timer);
    this.#open.clear();
  }

  async #judge(message: Asked, from: Peer): Promise<void> {
    const opinion = await this.#decide(message.user);
    const open = this.#open.get(message.branch);
    if (!open) return;
    if (!opinion) this.#open.delete(message.branch);
    else this.#tell(message, open.isCancelled ? { status: 487 } : opinion, from, TIMES);
  }

  /** Again and again until it is acknowledged, as UDP asks. */
  #tell(message: Asked, opinion: Opinion, from: Peer, times: number): void {
    const open = this.#open.get(message.branch);
    if (!open || times === 0) return void this.#open.delete(message.branch);
    this.#send(answerTo(message, opinion), from);
    open.timer = setTimeout(() => this.#tell(message, opinion, from, times - 1), AGAIN_MS);
  }

  #acked(branch: string): void {
    const timer = this.#open.get(branch)?.timer;
    if (timer) clearTimeout(timer);
    this.#open.delete(branch);
  }

  #send(text: string, { port, address }: Peer): void {
    this.#socket.send(text, port, address, (error) => {
      if (error) this.#log.warn({ err: error }, 'a second opinion was not sent');
    });
  }
}

interface Asked {
  readonly method: 'INVITE' | 'ACK' | 'CANCEL';
  readonly user: string;
  readonly branch: string;
  readonly headers: readonly (readonly [string, string])[];
}

const ECHOED = new Set(['via', 'from', 'to', 'call-id', 'cseq']);
const SHORT: Readonly<Record<string, string>> = { v: 'via', f: 'from', t: 'to', i: 'call-id' };

function readRequest(text: string): Asked | null {
  const [first = '', ...lines] = (text.split('\r\n\r\n')[0] ?? '').split('\r\n');
  const [, method, user = ''] = /^(INVITE|ACK|CANCEL) sips?:(?:([^@\s]*)@)?\S+ SIP\/2\.0$/u.exec(first) ?? [];
  const headers = lines.flatMap((line) => {
    const [, name = '', value = ''] = /^([A-Za-z-]+)\s*:\s*(.*)$/u.exec(line) ?? [];
    const long = SHORT[name.toLowerCase()] ?? name.toLowerCase();
    return ECHOED.has(long) ? [[long, value] as const] : [];
  });
  const branch = /;\s*branch=([^;,\s]+)/u.exec(headers.find(([name]) => name === 'via')?.[1] ?? '')?.[1];
  if ((method !== 'INVITE' && method !== 'ACK' && method !== 'CANCEL') || branch === undefined) return null;
  return { method, user, branch, headers };
}

const REASONS: Readonly<Record<number, string>> = {
  100: 'Trying',
  200: 'OK',
  302: 'Moved Temporarily',
  487: 'Request Terminated',
};

function answerTo({ headers }: Asked, { status, contacts = [], headers: more = {} }: Opinion): string {
  const tagged = (name: string, value: string): string =>
    name === 'to' && status > 100 && !/;\s*tag=/iu.test(value) ? `${value};tag=second-opinion` : value;
  const lines = [
    `SIP/2.0 ${status} ${REASONS[status] ?? 'Refused'}`,
    ...headers.map(([name, value]) => `${name}: ${tagged(name, value)}`),
    ...(contacts.length > 0 ? [`contact: ${contacts.map((uri) => `<${uri}>`).join(', ')}`] : []),
    ...Object.entries(more).map(([name, value]) => `${name}: ${value}`),
    'content-length: 0',
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}
