import { parseEvent } from '../call/journal-text.ts';
import type { LiveStore, StoredEvent } from '../engine/ports/live-store.ts';
import type { Clock, Log } from '../engine/ports/time.ts';
import type { PostPort, WebMessage, WebReceipt } from '../engine/ports/web.ts';
import type { ParkedEvent, Webhook, WebhookBooks } from '../engine/ports/webhooks.ts';
import { toCloudEvent } from './cloud-event.ts';
import { type Standing, webhookSubject } from './webhook-news.ts';
import { nextTryAt } from './webhook-retry.ts';
import { signWebhook } from './webhook-signature.ts';

/** Events read at once: so many are in memory, and come twice at most when the process dies. */
const BATCH = 100;
/** Calls whose events are sent at the same time; those of one call follow each other. */
const AT_ONCE = 8;
/** So many failures and no success: it is not the events that are at fault. */
const DOWN_AFTER = 5;
const TIMEOUT_MS = 10_000;
/** With more set aside, no more is read: the receiver is as good as down. */
const MOST_PARKED = 10_000;

export interface SenderRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly journal: Pick<LiveStore, 'read'>;
  readonly web: Pick<PostPort, 'post'>;
  readonly books: WebhookBooks;
  readonly source: string;
  /** 0 up to 1. */
  readonly chance: () => number;
  /** It is still ours to send; asked before every message. */
  readonly mine: () => Promise<boolean>;
}

/** What a round came to: more at once, something later, or its receiver has been away for a day. */
export type Round =
  | { readonly next: 'more' }
  | { readonly next: 'later'; readonly at: number }
  | { readonly next: 'give-up'; readonly because: 'given-up' | 'gone'; readonly why: string };

interface Refusal {
  readonly ok: false;
  readonly why: string;
  /** The receiver asks for so much time. */
  readonly askedMs: number;
  readonly gone: boolean;
  /** It is there, and does not want this very event. */
  readonly isOfEvent: boolean;
}
type Reply = { readonly ok: true } | Refusal;

/** One call's events of a batch, and how far they got. */
interface Lane {
  readonly events: readonly StoredEvent[];
  sent: number;
  failure: Refusal | null;
}

const IDLE_MS = 500;
const FINE: Standing = { failingSince: null, tries: 0, nextAt: 0, why: '' };

/**
 * Sends the journal's events to one receiver: those of a call in order, those of different calls at the same time. An event that
 * is refused is set aside with those of its call that follow, and the rest goes on; when nothing at all gets through, nothing is
 * read any more until something does, so that a receiver who is away costs nothing.
 */
export class WebhookSender {
  standing: Standing = FINE;
  /** When something was taken last, by what this process knows; null: nothing yet. */
  takenAt: number | null = null;
  readonly #rooms: SenderRooms;
  #webhook: Webhook;
  #cursor: string | null;
  /** Calls that have events set aside; those that come queue behind. */
  #blocked = new Set<string>();
  #isStale = true;

  constructor(webhook: Webhook, rooms: SenderRooms) {
    this.#webhook = webhook;
    this.#cursor = webhook.cursor;
    this.#rooms = rooms;
  }

  /** Other settings from the next message on. */
  change(webhook: Webhook): void {
    this.#webhook = webhook;
    this.#isStale = true; // what was dead may be sent again
  }

  /** Sends what can be sent now. @throws what the journal or the books throw; nothing is lost, and the next round begins there again. */
  async round(): Promise<Round> {
    const { clock, books, journal } = this.#rooms;
    if (clock.now() < this.standing.nextAt) return { next: 'later', at: this.standing.nextAt };
    if (this.#isStale) await this.#lookAtParked();
    await this.#sendDue();
    const { parked } = this.#blocked.size > 0 ? await books.counts(this.#webhook.id) : { parked: 0 };
    if (parked >= MOST_PARKED) return { next: 'later', at: clock.now() + IDLE_MS };
    const events = await journal.read(this.#cursor, BATCH);
    if (events.length === 0) return { next: 'later', at: clock.now() + IDLE_MS };
    return this.#sendBatch(events);
  }

  async #sendBatch(events: readonly StoredEvent[]): Promise<Round> {
    const { types } = this.#webhook;
    const { id } = this.#webhook;
    // What is told of a webhook is not sent to itself: its failures would make new ones without end.
    const wanted = events.filter(
      ({ event: { type, subject } }) => (types === null || types.includes(type)) && subject !== webhookSubject(id),
    );
    const behind = wanted.filter(({ event }) => this.#blocked.has(event.subject));
    const lanes = lanesOf(wanted.filter((stored) => !behind.includes(stored)));
    await this.#sendLanes(lanes);
    const failed = lanes.filter(({ failure }) => failure !== null);
    const got = lanes.reduce((sum, { sent }) => sum + sent, 0);
    if (isDown(failed, got)) return this.#down(failed);
    if (lanes.some((lane) => lane.failure === null && lane.sent < lane.events.length)) return { next: 'more' }; // no longer ours
    await this.#park(failed, behind);
    this.standing = FINE;
    this.#cursor = events.at(-1)?.cursor ?? this.#cursor;
    if (this.#cursor !== null) await this.#rooms.books.moveOn(this.#webhook.id, this.#cursor);
    return { next: 'more' };
  }

  async #sendLanes(lanes: readonly Lane[]): Promise<void> {
    const waiting = [...lanes];
    const isVain = () =>
      lanes.filter(({ failure }) => failure !== null).length >= DOWN_AFTER && lanes.every(({ sent }) => sent === 0);
    const work = async () => {
      for (let lane = waiting.shift(); lane && !isVain(); lane = waiting.shift()) await this.#sendLane(lane);
    };
    // Whether anybody is there is found out by few.
    const workers = this.standing.failingSince === null ? AT_ONCE : 1;
    await Promise.all(Array.from({ length: workers }, work));
  }

  async #sendLane(lane: Lane): Promise<void> {
    for (const stored of lane.events) {
      if (!(await this.#rooms.mine())) return;
      const reply = await this.#send(stored);
      if (!reply.ok) {
        lane.failure = reply;
        return;
      }
      lane.sent += 1;
    }
  }

  #down(failed: readonly Lane[]): Round {
    const { clock, chance } = this.#rooms;
    const now = clock.now();
    const [first] = failed.map(({ failure }) => failure);
    const why = first?.why ?? '';
    if (first?.gone) return { next: 'give-up', because: 'gone', why };
    const failingSince = this.standing.failingSince ?? now;
    const tries = this.standing.tries + 1;
    const nextAt = nextTryAt({ tries, firstAt: failingSince }, now, chance(), first?.askedMs);
    if (nextAt === null) return { next: 'give-up', because: 'given-up', why };
    this.standing = { failingSince, tries, nextAt, why };
    return { next: 'later', at: nextAt };
  }

  async #park(failed: readonly Lane[], behind: readonly StoredEvent[]): Promise<void> {
    const { clock, books, chance } = this.#rooms;
    const now = clock.now();
    const parked = (stored: StoredEvent, tries: number, why: string, askedMs: number): ParkedEvent => ({
      cursor: stored.cursor,
      subject: stored.event.subject,
      text: JSON.stringify(stored.event),
      tries,
      firstAt: now,
      nextAt: tries === 0 ? now : nextTryAt({ tries, firstAt: now }, now, chance(), askedMs),
      why,
    });
    const stuck = failed.flatMap(({ events, sent, failure }) =>
      events
        .slice(sent)
        .map((stored, nth) =>
          parked(stored, nth === 0 ? 1 : 0, nth === 0 ? (failure?.why ?? '') : '', failure?.askedMs ?? 0),
        ),
    );
    const rows = [...stuck, ...behind.map((stored) => parked(stored, 0, '', 0))];
    await books.park(this.#webhook.id, rows);
    for (const { subject } of rows) this.#blocked.add(subject);
  }

  /** Of what was set aside, the oldest of each call whose time has come; when it is taken, the next of its call. */
  async #sendDue(): Promise<void> {
    const { books, clock } = this.#rooms;
    const { id } = this.#webhook;
    if (this.#blocked.size === 0) return;
    for (
      let due = await books.due(id, clock.now(), AT_ONCE);
      due.length > 0;
      due = await books.due(id, clock.now(), AT_ONCE)
    ) {
      if (!(await this.#rooms.mine())) return;
      const taken = await Promise.all(due.map((parked) => this.#sendParked(parked)));
      if (!taken.some(Boolean)) break;
    }
    await this.#lookAtParked();
  }

  async #lookAtParked(): Promise<void> {
    this.#isStale = false;
    this.#blocked = new Set(await this.#rooms.books.parkedSubjects(this.#webhook.id));
  }

  async #sendParked(parked: ParkedEvent): Promise<boolean> {
    const { books, clock, chance } = this.#rooms;
    const { id } = this.#webhook;
    const event = parseEvent(parked.text);
    const reply: Reply = event ? await this.#send({ cursor: parked.cursor, event }) : { ok: true };
    if (reply.ok) {
      await books.settle(id, parked.cursor);
      return true;
    }
    const tries = parked.tries + 1;
    const nextAt = nextTryAt({ tries, firstAt: parked.firstAt }, clock.now(), chance(), reply.askedMs);
    await books.park(id, [{ ...parked, tries, nextAt, why: reply.why }]);
    return false;
  }

  async #send({ event }: StoredEvent): Promise<Reply> {
    const { clock, web, source } = this.#rooms;
    const now = clock.now();
    const message = toCloudEvent(event, source);
    const body = JSON.stringify(message);
    const secrets = this.#webhook.secrets.filter(({ until }) => until === null || until > now);
    const signed = signWebhook(
      message.id,
      body,
      secrets.map(({ secret }) => secret),
      now,
    );
    const headers = { ...signed, 'content-type': 'application/cloudevents+json' };
    const post: WebMessage = { url: this.#webhook.url, headers, body, timeoutMs: TIMEOUT_MS };
    const reply = replyOf(await web.post(post));
    if (reply.ok) this.takenAt = clock.now();
    return reply;
  }
}

/** Nothing gets through, and not because of a few events that the receiver will not have. */
const isDown = (failed: readonly Lane[], got: number): boolean =>
  got === 0 && (failed.length >= DOWN_AFTER || failed.some(({ failure }) => failure?.isOfEvent === false));

function lanesOf(events: readonly StoredEvent[]): readonly Lane[] {
  const bySubject = Map.groupBy(events, ({ event }) => event.subject);
  return [...bySubject.values()].map((each) => ({ events: each, sent: 0, failure: null }));
}

/** What says nothing of the event itself: a time-out, too early, too many, and all faults of a server. */
const NOT_OF_EVENT: ReadonlySet<number> = new Set([408, 410, 425, 429]);

/** Taken is what was answered by 2xx; who answers 410 wants no more (Standard Webhooks 1.0.0, "Operational considerations"). */
function replyOf(receipt: WebReceipt): Reply {
  if (!receipt.ok) return { ok: false, why: receipt.why, askedMs: 0, gone: false, isOfEvent: false };
  const { status, retryAfterMs: askedMs } = receipt;
  if (status >= 200 && status < 300) return { ok: true };
  const isOfEvent = status < 500 && !NOT_OF_EVENT.has(status);
  return { ok: false, why: `answered ${status}`, askedMs, gone: status === 410, isOfEvent };
}
