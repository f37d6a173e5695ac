import { randomBytes } from 'node:crypto';
import type { EpochMs } from '../call/ids.ts';
import type { Clock, Log } from '../engine/ports/time.ts';
import type { EdgeCounts } from './counts.ts';
import { mayTryNext, NOBODY_LEFT, RETRY_AFTER_SECONDS } from './decide/retry.ts';
import type { Nodes } from './nodes.ts';
import type { Opinion, SecondOpinion } from './second-opinion.ts';
import type { FinalAnswer, SipAsk } from './sip.ts';

interface ToNodeOptions {
  readonly nodes: Nodes;
  readonly clock: Clock;
  readonly log: Log;
  readonly counts: EdgeCounts;
}

/** So long a node may take for its first word (100 Trying), ms. Asterisk says it at once. */
const FIRST_WORD_MS = 1_000;
/** drachtio tells an answer on one connection and asks us on another: so long the first may come after the second, ms. */
const WORD_LATER_MS = 250;
/** Attempts that nobody has closed are forgotten then, ms: longer than anything rings. */
const FORGOTTEN_MS = 3_600_000;
const MOST_ATTEMPTS = 50_000;

interface Attempt {
  readonly callId: string;
  readonly user: string;
  readonly begunAt: EpochMs;
  readonly tried: Set<string>;
  readonly keeps: readonly string[];
  readonly refused: (status: number) => void;
  node: string;
  round: number;
  status: number | null;
  heard: () => void;
}

const RETRY_AFTER = { 'Retry-After': String(RETRY_AFTER_SECONDS) };

/** Gives calls to nodes, and to the next one when a node fails. */
export class ToNode {
  readonly #options: ToNodeOptions;
  readonly #attempts = new Map<string, Attempt>();
  #opinion: SecondOpinion | null = null;

  constructor(options: ToNodeOptions) {
    this.#options = options;
  }

  use(opinion: SecondOpinion): void {
    this.#opinion = opinion;
  }

  /** @param refused is told the final answer of a node that is not a success. */
  send(ask: SipAsk, headers: Readonly<Record<string, string>>, refused: (status: number) => void): void {
    const { nodes, clock, log, counts } = this.#options;
    const keeps = [ask.callId, replaced(ask)].filter((callId) => callId !== '');
    const choice = nodes.choose(keeps, new Set());
    if (choice.kind === 'none' || !this.#opinion) {
      counts.count('refused', 'no-node');
      log.warn({ why: choice.kind === 'none' ? choice.why : 'closed' }, 'a call found no node');
      return ask.answer(NOBODY_LEFT, RETRY_AFTER);
    }
    const id = randomBytes(16).toString('hex');
    const common = { begunAt: clock.now(), callId: ask.callId, user: ask.user, keeps, refused, heard: () => undefined };
    const attempt: Attempt = { ...common, tried: new Set(), node: choice.name, round: 1, status: null };
    this.#keep(id, attempt);
    nodes.began(ask.callId, choice.name);
    ask.forward({
      targets: [nodes.uri(choice.name, ask.user), this.#opinion.ticket(`${id}-1`)],
      patienceMs: FIRST_WORD_MS,
      followsRedirects: true,
      headers,
      onAnswer: (answer) => this.#answered(id, answer),
      onFailure: (reason) => {
        log.warn({ reason, node: choice.name }, 'a call could not be passed on');
        this.#over(id);
      },
    });
  }

  /** What shall be done after a node has failed; see `second-opinion.ts`. */
  async decide(ticket: string): Promise<Opinion | null> {
    const [id = '', round] = ticket.split('-');
    const attempt = this.#attempts.get(id);
    if (!attempt || String(attempt.round) !== round) return null;
    if (attempt.status === null) await this.#laterWord(attempt);
    const { status } = attempt;
    if (mayTryNext(status)) return this.#next(id, attempt);
    this.#over(id);
    return { status: status ?? NOBODY_LEFT };
  }

  #next(id: string, attempt: Attempt): Opinion {
    const { nodes, log, counts } = this.#options;
    const { status, node, user, tried } = attempt;
    tried.add(node);
    if (status === null) nodes.wasSilent(node);
    counts.count('next-node', status === null ? 'silent' : 'failed');
    const choice = nodes.choose([], tried);
    const next = choice.kind === 'node' ? choice.name : null;
    log.warn({ node, status, next }, 'a node failed a call');
    if (next === null) {
      this.#over(id);
      return { status: NOBODY_LEFT, headers: RETRY_AFTER };
    }
    Object.assign(attempt, { node: next, round: attempt.round + 1, status: null });
    nodes.began(attempt.callId, next);
    // After a silence drachtio tells no further answers, so the word of this one stands, whatever it is.
    const again = status === null || !this.#opinion ? [] : [this.#opinion.ticket(`${id}-${attempt.round}`)];
    if (again.length === 0) this.#attempts.delete(id);
    return { status: 302, contacts: [nodes.uri(next, user), ...again] };
  }

  #answered(id: string, { status, address, port }: FinalAnswer): void {
    const attempt = this.#attempts.get(id);
    const own = this.#opinion?.address;
    if (!attempt || (own?.host === address && own.port === port)) return;
    if (status < 300) return void this.#attempts.delete(id);
    attempt.refused(status);
    attempt.status = status;
    attempt.heard();
    // Cancelled by the caller: nobody asks for a second opinion any more.
    if (status === 487) this.#over(id);
  }

  #laterWord(attempt: Attempt): Promise<void> {
    const { clock } = this.#options;
    return new Promise((resolve) => {
      const takeBack = clock.at(clock.now() + WORD_LATER_MS, resolve);
      attempt.heard = () => {
        takeBack();
        resolve();
      };
    });
  }

  #over(id: string): void {
    const attempt = this.#attempts.get(id);
    if (attempt) this.#options.nodes.ended(attempt.callId);
    this.#attempts.delete(id);
  }

  #keep(id: string, attempt: Attempt): void {
    this.#attempts.set(id, attempt);
    for (const [old, { begunAt }] of this.#attempts) {
      if (this.#attempts.size <= MOST_ATTEMPTS && attempt.begunAt - begunAt <= FORGOTTEN_MS) return;
      this.#attempts.delete(old);
    }
  }
}

/** The Call-ID that an attended transfer replaces (RFC 3891) or joins (RFC 3911): only its node knows that dialog. */
const replaced = (ask: SipAsk): string => (ask.header('replaces') || ask.header('join')).split(';')[0]?.trim() ?? '';
