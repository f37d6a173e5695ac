/** What the edge knows of SIP, apart from the server that speaks it. */

/** A request from the network that begins something new: no request of a dialog that is up comes here. */
export interface SipAsk {
  readonly method: 'INVITE' | 'REGISTER' | 'OPTIONS' | 'OTHER';
  /** The method as it was written. */
  readonly verb: string;
  /** The user part of the Request-URI: who is wanted. */
  readonly user: string;
  readonly fromUser: string;
  readonly toUser: string;
  /** Whether it names a dialog: then it should have come with a route. */
  readonly isInDialog: boolean;
  readonly callId: string;
  readonly cseq: number;
  readonly userAgent: string;
  readonly source: { readonly address: string; readonly port: number; readonly transport: string };
  /** A header as it stands, `''` when it is not there. */
  header(name: string): string;
  headerNames(): readonly string[];
  contacts(): readonly { readonly uri: string; readonly expires: number | null; readonly instance: string | null }[];
  answer(status: number, headers?: Readonly<Record<string, string | readonly string[]>>): void;
  /** Passes it on; the dialog that comes of it keeps its route through here. */
  forward(way: Way): void;
}

export interface Way {
  /** SIP addresses, in turn, or all at once with `atOnce`. */
  readonly targets: readonly string[];
  readonly atOnce?: boolean;
  /** So long a target may take for its first word, ms. */
  readonly patienceMs?: number;
  /** Whether an answer 3xx is followed here. */
  readonly followsRedirects?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  /** A final answer, and which address it came from. */
  readonly onAnswer?: (answer: FinalAnswer) => void;
  /** It could not be passed on at all, and the caller was told so. */
  readonly onFailure?: (reason: string) => void;
}

export interface FinalAnswer {
  readonly status: number;
  readonly address: string;
  readonly port: number;
}

/** `refused`: the machine refused the packet, or what answers is ending (5xx). */
export type ProbeAnswer =
  | { readonly kind: 'answered'; readonly address: string; readonly port: number }
  | { readonly kind: 'silent' | 'refused' };

/** A SIP server that leaves what to do with each new request to the edge. */
export interface SipServer {
  /** Resolves with its SIP addresses (`udp/host:port`) when the server lets us in; from then on it reconnects by itself. */
  open(listener: SipListener): Promise<readonly string[]>;
  /** Asks OPTIONS of a SIP address. */
  probe(uri: string, patienceMs: number): Promise<ProbeAnswer>;
  close(): void;
}

export interface SipListener {
  asked(ask: SipAsk): void;
  /** A dialog has ended, by its Call-ID; it may be told more than once. */
  ended(callId: string): void;
  up(): void;
  down(): void;
}
