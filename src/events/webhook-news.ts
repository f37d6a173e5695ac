import type { Fact } from '../call/journal.ts';
import type { Webhook, WebhookBooks } from '../engine/ports/webhooks.ts';

/** So many tries without success, half a minute at least, are told; fewer are nobody's business. */
const FAILING_TRIES = 3;

export type WebhookFact = Extract<Fact, { type: `webhook.${string}` }>;

/** Writes a fact of a webhook into the journal; resolves when it is there. */
export type TellOfWebhook = (subject: string, fact: WebhookFact) => Promise<void>;

/** How sending stands. */
export interface Standing {
  /** Nothing gets through since then; null: it does. */
  readonly failingSince: number | null;
  readonly tries: number;
  readonly nextAt: number;
  readonly why: string;
}

interface NewsRooms {
  readonly books: Pick<WebhookBooks, 'fails'>;
  readonly tell: TellOfWebhook;
}

/** Whom the facts of a webhook are about. */
export const webhookSubject = (id: string): string => `webhook/${id}`;

/**
 * Tells once that a webhook fails, and once that it is well again. What was told stands in the books, so that a process which takes
 * over neither repeats nor forgets it; one that dies between the two tells it twice.
 */
export class WebhookNews {
  readonly #rooms: NewsRooms;
  readonly #id: string;
  #toldSince: number | null;

  constructor({ id, failingSince }: Webhook, rooms: NewsRooms) {
    this.#rooms = rooms;
    this.#id = id;
    this.#toldSince = failingSince;
  }

  /** After each round. @param takenAt when its receiver took something last; null: not yet. */
  async see({ failingSince, tries, why }: Standing, takenAt: number | null): Promise<void> {
    const webhookId = this.#id;
    const told = this.#toldSince;
    if (told === null && failingSince !== null && tries >= FAILING_TRIES) {
      await this.#tell({ type: 'webhook.failing', data: { webhookId, since: failingSince, tries, why } }, failingSince);
    }
    if (told !== null && failingSince === null && takenAt !== null && takenAt >= told) {
      await this.#tell({ type: 'webhook.well', data: { webhookId, failedMs: Math.round(takenAt - told) } }, null);
    }
  }

  off(because: 'given-up' | 'gone', why: string): Promise<void> {
    return this.#tell({ type: 'webhook.off', data: { webhookId: this.#id, because, why } }, null);
  }

  async #tell(fact: WebhookFact, since: number | null): Promise<void> {
    await this.#rooms.tell(webhookSubject(this.#id), fact);
    await this.#rooms.books.fails(this.#id, since);
    this.#toldSince = since;
  }
}
