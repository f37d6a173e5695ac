import type { LiveStore } from '../engine/ports/live-store.ts';
import type { Clock, Log } from '../engine/ports/time.ts';
import type { PostPort } from '../engine/ports/web.ts';
import type { Webhook, WebhookBooks } from '../engine/ports/webhooks.ts';
import { type Standing, type TellOfWebhook, WebhookNews } from './webhook-news.ts';
import { type Round, WebhookSender } from './webhook-sender.ts';

/** Webhooks that others made or changed are seen within this time; ours at once. */
const LOOK_MS = 5_000;
/** One process sends to a receiver; another goes on after this when it has died. */
const LEASE_MS = 20_000;
const RENEW_MS = 5_000;
/** After a fault of the journal or the books. */
const REST_MS = 2_000;

export interface OfficeRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly live: Pick<LiveStore, 'read' | 'lease' | 'releaseLease'>;
  readonly web: Pick<PostPort, 'post'>;
  readonly books: WebhookBooks;
  readonly tell: TellOfWebhook;
  readonly source: string;
  readonly chance: () => number;
  /** Name of this process in leases. */
  readonly owner: string;
}

/** One receiver, as this process serves it. */
interface Desk {
  webhook: Webhook;
  readonly sender: WebhookSender;
  readonly news: WebhookNews;
  leasedUntil: number;
  isOpen: boolean;
  wake: () => void;
  done: Promise<void>;
}

/** Sends to every webhook that is on, each by one process of the house, none waiting for another. */
export class WebhookOffice {
  readonly #rooms: OfficeRooms;
  readonly #desks = new Map<string, Desk>();
  #alarm: (() => void) | null = null;
  #looking: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(rooms: OfficeRooms) {
    this.#rooms = rooms;
  }

  start(): void {
    void this.look();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#alarm?.();
    await this.#looking;
    await Promise.all([...this.#desks.values()].map((desk) => this.#close(desk)));
  }

  /** How sending stands; null: another process sends, or nobody. */
  standing(id: string): Standing | null {
    const desk = this.#desks.get(id);
    return desk?.isOpen === true && this.#rooms.clock.now() < desk.leasedUntil ? desk.sender.standing : null;
  }

  /** Reads what there is, as after a change. */
  look(): Promise<void> {
    this.#alarm?.();
    this.#looking = this.#looking.then(() => this.#look());
    return this.#looking;
  }

  async #look(): Promise<void> {
    const { books, clock, log } = this.#rooms;
    if (this.#stopped) return;
    try {
      const webhooks = await books.all();
      for (const webhook of webhooks) await this.#take(webhook);
      const known = new Set(webhooks.map(({ id }) => id));
      for (const [id, desk] of this.#desks) if (!known.has(id)) await this.#close(desk);
    } catch (error) {
      log.warn({ err: error }, 'webhooks cannot be read for the moment');
    }
    this.#alarm = clock.at(clock.now() + LOOK_MS, () => void this.look());
  }

  async #take(webhook: Webhook): Promise<void> {
    const desk = this.#desks.get(webhook.id);
    if (desk && !webhook.isOn) return this.#close(desk);
    if (desk) {
      desk.webhook = webhook;
      desk.sender.change(webhook);
      desk.wake();
      return undefined;
    }
    if (webhook.isOn && (await this.#lease(webhook.id))) this.#open(webhook);
    return undefined;
  }

  #open(webhook: Webhook): void {
    const { clock, live, ...rooms } = this.#rooms;
    const sender = new WebhookSender(webhook, { ...rooms, clock, journal: live, mine: () => this.#isMine(desk) });
    const desk: Desk = {
      webhook,
      sender,
      news: new WebhookNews(webhook, this.#rooms),
      leasedUntil: clock.now() + LEASE_MS,
      isOpen: true,
      wake: () => undefined,
      done: Promise.resolve(),
    };
    this.#desks.set(webhook.id, desk);
    desk.done = this.#serve(desk);
  }

  async #close(desk: Desk): Promise<void> {
    const { live, owner } = this.#rooms;
    const { id } = desk.webhook;
    desk.isOpen = false;
    desk.wake();
    await desk.done;
    this.#desks.delete(id);
    await live.releaseLease(leaseOf(id), owner).catch(() => undefined);
  }

  async #serve(desk: Desk): Promise<void> {
    const { clock, log } = this.#rooms;
    while (desk.isOpen) {
      try {
        if (!(await this.#isMine(desk))) break;
        const round = await desk.sender.round();
        await desk.news.see(desk.sender.standing, desk.sender.takenAt);
        if (round.next === 'give-up') return await this.#giveUp(desk, round);
        if (round.next === 'later') await this.#pause(desk, Math.min(round.at, clock.now() + RENEW_MS));
      } catch (error) {
        log.warn({ err: error, webhookId: desk.webhook.id }, 'a webhook pauses; nothing is lost');
        await this.#pause(desk, clock.now() + REST_MS);
      }
    }
    // Another process has it; should that one die, the next look takes it again.
    this.#desks.delete(desk.webhook.id);
    desk.isOpen = false;
  }

  async #giveUp(desk: Desk, { because, why }: Extract<Round, { next: 'give-up' }>): Promise<void> {
    const { books, log } = this.#rooms;
    const { webhook } = desk;
    await desk.news.off(because, why);
    desk.isOpen = false;
    this.#desks.delete(webhook.id);
    const sentence = because === 'gone' ? 'Its receiver wants no more' : 'Nothing got through for a day';
    await books.put({ ...webhook, isOn: false, why: `${sentence}: ${why}.` });
    log.error(
      { webhookId: webhook.id, why },
      'a webhook is switched off; switch it on again to go on where it stopped',
    );
  }

  async #isMine(desk: Desk): Promise<boolean> {
    const { clock } = this.#rooms;
    if (!desk.isOpen) return false;
    if (clock.now() < desk.leasedUntil - LEASE_MS + RENEW_MS) return true;
    const mine = await this.#lease(desk.webhook.id);
    if (mine) desk.leasedUntil = clock.now() + LEASE_MS;
    return mine;
  }

  async #lease(id: string): Promise<boolean> {
    const { live, owner } = this.#rooms;
    return (await live.lease(leaseOf(id), owner, LEASE_MS)).mine;
  }

  #pause(desk: Desk, until: number): Promise<void> {
    const { clock } = this.#rooms;
    return new Promise((resolve) => {
      const cancel = clock.at(until, resolve);
      desk.wake = () => {
        cancel();
        resolve();
      };
      if (!desk.isOpen) desk.wake();
    });
  }
}

const leaseOf = (id: string) => `webhook:${id}`;
