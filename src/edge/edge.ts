import type { RegistrationBook } from '../engine/ports/registrations.ts';
import type { Clock, Log } from '../engine/ports/time.ts';
import { EdgeCounts } from './counts.ts';
import type { NodeView } from './decide/node-choice.ts';
import { RETRY_AFTER_SECONDS } from './decide/retry.ts';
import { SourceBook, type SourceLimits } from './decide/sources.ts';
import { type EdgeTrunk, senderAt } from './decide/who.ts';
import { Gate } from './gate.ts';
import { type EdgeNode, Nodes } from './nodes.ts';
import { register } from './registers.ts';
import { openSecondOpinion, type SecondOpinion } from './second-opinion.ts';
import type { SipAsk, SipServer } from './sip.ts';
import { ToNode } from './to-node.ts';

/** What may be changed while the edge runs. */
export interface EdgeSite {
  readonly nodes: readonly EdgeNode[];
  readonly trunks: readonly EdgeTrunk[];
  /** Passwords by account. */
  readonly accounts: ReadonlyMap<string, string>;
}

export interface EdgeOptions {
  readonly site: EdgeSite;
  readonly realm: string;
  /** Makes nonces: the same on every edge of a house. */
  readonly nonceKey: string;
  readonly limits: SourceLimits;
  /** Where drachtio reaches this process over UDP, see `second-opinion.ts`. */
  readonly opinion: { readonly host: string; readonly port: number };
  readonly server: SipServer;
  readonly book: RegistrationBook;
  readonly clock: Clock;
  readonly log: Log;
}

export interface EdgeView {
  readonly isConnected: boolean;
  readonly nodes: readonly NodeView[];
  readonly counts: Readonly<Record<string, number>>;
  readonly banned: readonly string[];
}

/** Headers that only the edge may write: nodes believe them. */
const OWN_HEADERS = /^x-callwright-/iu;
/** What may stand in a number or a name that is dialled; anything else is no user of ours. */
const DIALLED = /^[A-Za-z0-9_.!~*'()&=+$,?/%#-]{1,64}$/u;
/** A phone that says nothing at all for so long, ms, is not there any more; the answer of its owner’s other phones shall not wait for it. */
const PHONE_PATIENCE_MS = 3_000;
const ALLOW = 'INVITE, ACK, CANCEL, BYE, OPTIONS, REGISTER';

/** The SIP edge: who may come in, which node a call goes to, where a phone is. Dialogs that are up never come here. */
export class Edge {
  readonly #options: EdgeOptions;
  readonly #sources: SourceBook;
  readonly #nodes: Nodes;
  readonly #gate: Gate;
  readonly #toNode: ToNode;
  readonly #counts = new EdgeCounts();
  #trunks: readonly EdgeTrunk[];
  #accounts: ReadonlyMap<string, string>;
  #opinion: SecondOpinion | null = null;
  #isConnected = false;

  constructor(options: EdgeOptions) {
    const { site, server, clock, log } = options;
    this.#options = options;
    [this.#trunks, this.#accounts] = [site.trunks, site.accounts];
    this.#sources = new SourceBook(options.limits);
    const counts = this.#counts;
    // While drachtio is away nobody can be asked, and no node is to blame for it.
    const probe = async (uri: string, patienceMs: number) =>
      this.#isConnected ? server.probe(uri, patienceMs) : { kind: 'nobody-asked' as const };
    this.#nodes = new Nodes({ nodes: site.nodes, probe, clock, log });
    const realm = { name: options.realm, key: options.nonceKey };
    this.#gate = new Gate({ realm, sources: this.#sources, clock, log, counts }, site.accounts);
    this.#toNode = new ToNode({ nodes: this.#nodes, clock, log, counts });
  }

  /**
   * @returns the SIP addresses that phones and trunks use, `udp/host:port`.
   * @throws DrachtioFault, the store's fault, or the system's when the address of the second opinion is taken.
   */
  async open(): Promise<readonly string[]> {
    const { server, opinion, log, book } = this.#options;
    this.#opinion = await openSecondOpinion({ ...opinion, decide: (ticket) => this.#toNode.decide(ticket), log });
    this.#toNode.use(this.#opinion);
    await book.setAccounts([...this.#accounts.keys()]);
    const addresses = await server.open({
      asked: (ask) => this.#asked(ask),
      ended: (callId) => this.#nodes.ended(callId),
      up: () => this.#connected(true),
      down: () => this.#connected(false),
    });
    await this.#nodes.open();
    return addresses;
  }

  /** Takes over a changed file. Calls that are up stay where they are. */
  async update({ nodes, trunks, accounts }: EdgeSite): Promise<void> {
    this.#nodes.update(nodes);
    this.#gate.update(accounts);
    [this.#trunks, this.#accounts] = [trunks, accounts];
    await this.#options.book.setAccounts([...accounts.keys()]);
  }

  view(): EdgeView {
    const banned = this.#sources.banned(this.#options.clock.now());
    return { isConnected: this.#isConnected, nodes: this.#nodes.views(), counts: this.#counts.all(), banned };
  }

  /** Takes no more requests. Dialogs that are up go on: drachtio passes their requests by itself. */
  async close(): Promise<void> {
    this.#nodes.close();
    this.#options.server.close();
    await this.#opinion?.close();
  }

  #connected(isConnected: boolean): void {
    if (isConnected === this.#isConnected) return;
    this.#isConnected = isConnected;
    if (isConnected) this.#options.log.info({}, 'connected to drachtio');
    else this.#options.log.warn({}, 'the connection to drachtio is lost: new calls and registrations wait');
  }

  #asked(ask: SipAsk): void {
    this.#handle(ask).catch((error: unknown) => {
      this.#options.log.error({ err: error, method: ask.verb }, 'a request could not be handled');
      ask.answer(500);
    });
  }

  async #handle(ask: SipAsk): Promise<void> {
    const sender = senderAt(ask.source, { nodes: this.#nodes.senders(), trunks: this.#trunks });
    if (sender.kind === 'outside' && !this.#gate.mayAsk(ask)) return;
    if (ask.method === 'OPTIONS') return ask.answer(200, { Allow: ALLOW });
    if (ask.method === 'OTHER') return ask.answer(405, { Allow: ALLOW });
    if (sender.kind !== 'node' && ask.headerNames().some((name) => OWN_HEADERS.test(name))) return this.#forged(ask);
    if (ask.method === 'REGISTER') return this.#registers(ask);
    if (ask.isInDialog) return this.#strayed(ask);
    if (!DIALLED.test(ask.user)) return ask.answer(404);
    if (sender.kind === 'node') return this.#toPhone(ask);
    if (sender.kind === 'trunk') return this.#fromTrunk(ask, sender.name);
    return this.#fromPhone(ask);
  }

  async #registers(ask: SipAsk): Promise<void> {
    const account = this.#gate.account(ask);
    if (account === null) return;
    if (account !== ask.toUser) return this.#forged(ask);
    const { book, clock, log } = this.#options;
    await register(ask, account, { book, clock, log, counts: this.#counts });
  }

  /** A node trusts the edge that `From` is the account that has shown its password. */
  #fromPhone(ask: SipAsk): void {
    const account = this.#gate.account(ask);
    if (account === null) return;
    if (account !== ask.fromUser) return this.#forged(ask);
    this.#counts.count('call', 'phone');
    this.#toNode.send(ask, { 'X-Callwright-Phone': account }, (status) => {
      if (status === 404 || status === 484) this.#gate.failed(ask);
    });
  }

  #fromTrunk(ask: SipAsk, trunk: string): void {
    this.#counts.count('call', 'trunk');
    this.#toNode.send(ask, { 'X-Callwright-Trunk': trunk }, () => undefined);
  }

  /** All phones of an account ring; the first that answers has the call (RFC 3261 §16.7). */
  async #toPhone(ask: SipAsk): Promise<void> {
    if (!this.#accounts.has(ask.user)) return ask.answer(404);
    const held = await this.#options.book.contacts(ask.user).catch(() => null);
    if (held === null) return ask.answer(503, { 'Retry-After': String(RETRY_AFTER_SECONDS) });
    if (held.length === 0) return ask.answer(480);
    this.#counts.count('call', 'to-phone');
    ask.forward({ targets: held.map(({ uri }) => uri), atOnce: true, patienceMs: PHONE_PATIENCE_MS });
  }

  /** A request of a dialog that came without its route: to the node that has the call, if any. */
  #strayed(ask: SipAsk): void {
    const node = this.#nodes.nodeOf(ask.callId);
    if (node === null) return ask.answer(481);
    ask.forward({ targets: [this.#nodes.uri(node, ask.user)] });
  }

  #forged(ask: SipAsk): void {
    this.#counts.count('refused', 'forged');
    this.#options.log.warn(
      { source: ask.source.address, method: ask.verb, pii: { from: ask.fromUser } },
      'a request speaks for somebody else',
    );
    this.#gate.failed(ask);
    ask.answer(403);
  }
}
