import type { AgentDesk } from '../agent-desk.ts';
import type { LiveStore, News } from '../ports/live-store.ts';
import type { Clock, Log } from '../ports/time.ts';
import type { DncMessage } from '../dnc-message.ts';
import type { ReleaseMessage } from '../releases-follower.ts';
import { type Message, messageSchema, waitSchema } from './messages.ts';
import type { Entry, WaitingList } from './waiting-list.ts';

/** News are told at most once: so often all is read again, in sweeps, while there are other processes. */
const REREAD_SWEEPS = 6;
const SWITCH_LEASE = 'switch:';

interface PeerRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly live: LiveStore;
  readonly desk: AgentDesk;
  readonly owner: string;
  readonly list: WaitingList;
  readonly offered: (offer: Extract<Message, { type: 'offer' }>) => Promise<void>;
  /** An offer of ours was not taken up. */
  readonly declined: (entry: Entry) => void;
  /** What others said may not have been heard, nor what we said. */
  readonly missed: () => void;
  /** Who waits changed in these pools. */
  readonly touched: (pools: readonly string[]) => void;
  readonly profilesChanged: () => Promise<void>;
  readonly campaignsChanged: () => void;
  readonly worked: (seen: Extract<Message, { type: 'work' }>['seen']) => void;
  readonly dncChanged: (change: DncMessage) => void;
  readonly releaseTold: (told: ReleaseMessage) => void;
}

/** What other processes do that matters for pairing: their agents and tickets are mirrored here, and what they say is done. */
export class Peers {
  readonly #rooms: PeerRooms;
  #stop: (() => void) | null = null;
  #sweeps = 0;
  /** As far as we know nobody hears us. Who comes up says so. */
  #alone = true;
  readonly #under: Set<Promise<unknown>> = new Set();

  constructor(rooms: PeerRooms) {
    this.#rooms = rooms;
  }

  /** Listens from when it resolves; what there was before is then to be read. */
  async listen(): Promise<void> {
    this.#stop = await this.#rooms.live.hear(this.#rooms.owner, (news) => this.#hear(news));
  }

  stop(): void {
    this.#stop?.();
  }

  async idle(): Promise<void> {
    while (this.#under.size > 0) await Promise.all(this.#under);
  }

  say(message: Message): void {
    this.#do('saying something to other processes', this.#rooms.live.tell(null, message));
  }

  /** Says what costs more than it is worth while nobody is there to hear it. */
  share(message: Message): void {
    if (this.#alone) return;
    // Not by the answer: who comes up meanwhile is heard before it.
    this.#alone = true;
    const told = this.#rooms.live.tell(null, message).then((heard) => (this.#alone &&= !heard));
    this.#do('telling other processes what was seen', told);
  }

  /** Reads the tickets of all; those that are there no more are forgotten, but ours: whoever took us for gone dropped them. */
  async readTickets(): Promise<void> {
    const { live, list, clock, touched } = this.#rooms;
    const stored = await live.loadTickets();
    const there = new Set(stored.map(({ id }) => id));
    for (const { id, owner, body } of stored) touched(this.#put(owner, id, body));
    for (const { id, owner, session } of Array.from(list.all())) {
      if (there.has(id)) continue;
      if (session) session.tellTickets();
      else touched(list.hear(owner, id, null, clock.now()));
    }
  }

  /** Forgets the tickets of processes that are no more, and reads again what may have been missed. */
  async sweep(): Promise<void> {
    const { live, list, owner } = this.#rooms;
    this.#sweeps += 1;
    const others = list.owners();
    if (others.size === 0 && this.#sweeps % REREAD_SWEEPS !== 0) return;
    const held = (await live.leases()).filter(({ name }) => name.startsWith(SWITCH_LEASE));
    const alive = new Set(held.map((lease) => lease.owner));
    for (const other of others) if (!alive.has(other)) await this.#forget(other);
    alive.delete(owner);
    this.#alone &&= alive.size === 0;
    if (alive.size === 0 || this.#sweeps % REREAD_SWEEPS !== 0) return;
    await this.#readAll();
  }

  async #readAll(): Promise<void> {
    await this.#rooms.desk.reread();
    await this.readTickets();
    this.#rooms.missed();
  }

  /** Many may do so at once, and it is done once; a call that is adopted writes its tickets anew. */
  async #forget(owner: string): Promise<void> {
    const { live, list, clock, touched, log } = this.#rooms;
    const ids = list.idsOf(owner);
    log.info({ owner, tickets: ids.length }, 'a process is gone: its calls wait no more until another adopts them');
    for (const id of ids) touched(list.hear(owner, id, null, clock.now()));
    if (ids.length > 0) await live.dropTickets(ids, owner);
  }

  #put(owner: string, id: string, body: unknown): readonly string[] {
    const { list, clock, log } = this.#rooms;
    const parsed = waitSchema.nullable().safeParse(body);
    if (parsed.success) return list.hear(owner, id, parsed.data, clock.now());
    log.error(
      { ticketId: id, owner },
      'a ticket of another process is not readable: it waits with its own process only',
    );
    return [];
  }

  #hear(news: News): void {
    const { desk, touched } = this.#rooms;
    this.#alone = false;
    if (news.type === 'agent') return desk.hear(news.doc);
    if (news.type === 'message') return this.#heed(news.message);
    if (news.type === 'gap') return this.#do('reading again what others did', this.#readAll());
    for (const [id, body] of Object.entries(news.tickets)) touched(this.#put(news.owner, id, body));
  }

  #heed(said: unknown): void {
    const { list, clock, touched, offered, log, ...rooms } = this.#rooms;
    const parsed = messageSchema.safeParse(said);
    if (!parsed.success) return log.warn({}, 'another process said something that this version does not understand');
    const message = parsed.data;
    switch (message.type) {
      case 'offer':
        return this.#do('taking up an offer', offered(message));
      case 'declined':
        return this.#declined(message);
      case 'opened':
      case 'closed':
        return touched(list.setOpen(message.from, message.type === 'opened', clock.now()));
      case 'profiles':
        return this.#do('reading agents', rooms.profilesChanged());
      case 'campaigns':
        return rooms.campaignsChanged();
      case 'work':
        return rooms.worked(message.seen);
      case 'dnc':
        return rooms.dncChanged(message);
      case 'release':
        return rooms.releaseTold(message);
    }
  }

  #declined({ ticketId, from, closed }: Extract<Message, { type: 'declined' }>): void {
    const { list, clock, touched, declined } = this.#rooms;
    if (closed) touched(list.setOpen(from, false, clock.now()));
    const entry = list.get(ticketId);
    if (entry) declined(entry);
  }

  #do(what: string, task: Promise<unknown>): void {
    const done = task
      .catch((error: unknown) => this.#rooms.log.warn({ err: error, what }, 'not done: live store away'))
      .finally(() => this.#under.delete(done));
    this.#under.add(done);
  }
}
