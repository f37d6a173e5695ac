import type { FactType } from '../call/journal.ts';
import type { LiveStore } from '../engine/ports/live-store.ts';
import type { Answer } from '../engine/ports/service.ts';
import type { Clock, Ids } from '../engine/ports/time.ts';
import type { ParkedEvent, Webhook, WebhookBooks } from '../engine/ports/webhooks.ts';
import { type Standing, type TellOfWebhook, webhookSubject } from './webhook-news.ts';
import { newWebhookSecret } from './webhook-signature.ts';

export interface WebhookDeskRooms {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly live: Pick<LiveStore, 'lastCursor'>;
  readonly books: WebhookBooks;
  readonly tell: TellOfWebhook;
  readonly office: { look(): Promise<void>; standing(id: string): Standing | null };
  /** Why nothing may be sent there; null: it may. */
  readonly urlFault: (url: string) => string | null;
}

/** A webhook and how it stands. */
export interface WebhookSeen {
  readonly webhook: Webhook;
  readonly parked: number;
  readonly dead: number;
  readonly standing: Standing | null;
}

interface Wish {
  readonly url: string;
  readonly types: readonly FactType[] | null;
  /** `now`, `oldest`, or a cursor. */
  readonly from: string;
}

interface Made {
  readonly seen: WebhookSeen;
  readonly secret: string;
}

const MOST_WEBHOOKS = 50;
/** As long as answers are kept for an Idempotency-Key. */
const LOST_WITHIN_MS = 24 * 3_600_000;

/** What is asked of webhooks: make, change, look at, end them, and send again what nobody took. */
export class WebhookDesk {
  readonly #rooms: WebhookDeskRooms;

  constructor(rooms: WebhookDeskRooms) {
    this.#rooms = rooms;
  }

  async all(): Promise<readonly WebhookSeen[]> {
    const webhooks = (await this.#rooms.books.all()).toSorted((a, b) => a.createdAt - b.createdAt);
    return Promise.all(webhooks.map((webhook) => this.#seen(webhook)));
  }

  /**
   * The secret is told now and never again, save to who asks for the same id within a day: the answer to that was lost.
   *
   * @param id of what asked; one that has it already is answered instead.
   */
  async make({ url, types, from }: Wish, id = this.#rooms.ids.next('webhook')): Promise<Answer<Made>> {
    const { books, clock, live, office } = this.#rooms;
    const known = await this.#find(id);
    if (known) return this.#madeBefore(known);
    const fault = this.#rooms.urlFault(url);
    if (fault !== null) return refused(fault);
    if ((await books.all()).length >= MOST_WEBHOOKS) return refused(`There are ${MOST_WEBHOOKS} webhooks already.`);
    const secret = newWebhookSecret();
    const cursor = from === 'now' ? await live.lastCursor() : from === 'oldest' ? null : from;
    const webhook: Webhook = {
      id,
      url,
      types,
      cursor,
      secrets: [{ secret, until: null }],
      isOn: true,
      why: '',
      createdAt: clock.now(),
      failingSince: null,
    };
    await books.put(webhook);
    await office.look();
    return { ok: true, value: { seen: await this.#seen(webhook), secret } };
  }

  async #madeBefore(webhook: Webhook): Promise<Answer<Made>> {
    const { clock, office } = this.#rooms;
    const [newest] = webhook.secrets;
    if (!newest || clock.now() >= webhook.createdAt + LOST_WITHIN_MS) {
      const cure = 'Its secret is not told again; take a new one for it, or ask under another key.';
      return { ok: false, why: 'conflict', sentence: `Webhook ${webhook.id} was made by this request before. ${cure}` };
    }
    await office.look();
    return { ok: true, value: { seen: await this.#seen(webhook), secret: newest.secret } };
  }

  async change(id: string, change: Partial<Pick<Webhook, 'url' | 'types' | 'isOn'>>): Promise<Answer<WebhookSeen>> {
    const webhook = await this.#find(id);
    if (!webhook) return missing(id);
    const fault = change.url === undefined ? null : this.#rooms.urlFault(change.url);
    if (fault !== null) return refused(fault);
    const isOn = change.isOn ?? webhook.isOn;
    const next = { ...webhook, ...change, why: isOn ? '' : webhook.why || 'It was switched off.' };
    await this.#rooms.books.put(next);
    await this.#rooms.office.look();
    if (webhook.isOn && !isOn) await this.#switchedOff(next);
    return { ok: true, value: await this.#seen(next) };
  }

  /** From now on the new secret signs, and for a while the old ones too. */
  async rotate(id: string, keepOldMs: number): Promise<Answer<string>> {
    const webhook = await this.#find(id);
    if (!webhook) return missing(id);
    const now = this.#rooms.clock.now();
    const secret = newWebhookSecret();
    const old = webhook.secrets
      .map((one) => ({ ...one, until: Math.min(one.until ?? Number.MAX_SAFE_INTEGER, now + keepOldMs) }))
      .filter(({ until }) => until > now);
    await this.#rooms.books.put({ ...webhook, secrets: [{ secret, until: null }, ...old] });
    await this.#rooms.office.look();
    return { ok: true, value: secret };
  }

  async remove(id: string): Promise<boolean> {
    const removed = await this.#rooms.books.remove(id);
    await this.#rooms.office.look();
    return removed;
  }

  async dead(id: string, limit: number): Promise<Answer<readonly ParkedEvent[]>> {
    if (!(await this.#find(id))) return missing(id);
    return { ok: true, value: await this.#rooms.books.dead(id, limit) };
  }

  async revive(id: string): Promise<Answer<number>> {
    const { books, clock, office } = this.#rooms;
    if (!(await this.#find(id))) return missing(id);
    const count = await books.revive(id, clock.now());
    await office.look();
    return { ok: true, value: count };
  }

  async #switchedOff({ id, why }: Webhook): Promise<void> {
    const { books, tell } = this.#rooms;
    await tell(webhookSubject(id), { type: 'webhook.off', data: { webhookId: id, because: 'asked', why } });
    await books.fails(id, null);
  }

  async #find(id: string): Promise<Webhook | null> {
    return (await this.#rooms.books.all()).find((webhook) => webhook.id === id) ?? null;
  }

  async #seen(webhook: Webhook): Promise<WebhookSeen> {
    const { books, office } = this.#rooms;
    return { webhook, ...(await books.counts(webhook.id)), standing: office.standing(webhook.id) };
  }
}

const missing = (id: string) => ({ ok: false, why: 'not-found', sentence: `There is no webhook ${id}.` }) as const;
const refused = (sentence: string) => ({ ok: false, why: 'invalid', sentence }) as const;
