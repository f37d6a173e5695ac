import type { AgentId } from '../call/ids.ts';
import type { Fact } from '../call/journal.ts';
import { type QueueProfile, PLAIN_REQUEST } from '../call/routing.ts';
import { hoursAt } from '../ivr/calendar.ts';
import { errandCall } from './call/errand-call.ts';
import type { Errand } from './call/errand-state.ts';
import { callStateSchema } from './call/state.ts';
import type { CallSession } from './call-session.ts';
import { faultName } from './flow-services.ts';
import { insist } from './insist.ts';
import type { CallbackRequest, ErrandKind, FlowStore, Voicemail } from './ports/flow-store.ts';
import type { LiveStore } from './ports/live-store.ts';
import type { Clock, Ids, Log } from './ports/time.ts';
import type { Recorder } from './recorder.ts';
import type { Site } from './site.ts';
import type { CallTrunks } from './call-trunks.ts';
import type { Switchboard } from './switchboard.ts';

export interface CallbackRooms {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly live: Pick<LiveStore, 'append' | 'loadCall'>;
  readonly flows: FlowStore;
  readonly recorder: Recorder;
  readonly board: Pick<Switchboard, 'all' | 'open'>;
  /** As it is now. */
  readonly site: () => Pick<Site, 'queues' | 'calendars' | 'boxes'>;
  readonly trunks: Pick<CallTrunks, 'viaOf' | 'carries'>;
}

/** Errands that nobody told of are found this often: their time has come, a queue has opened, another process died. */
const LOOK_MS = 5_000;
/** A call holds its errand for so long, and longer as long as its process lives. */
const HOLD_MS = 90_000;
const HOLD_AGAIN_MS = 30_000;
const AT_ONCE = 200;

/**
 * Sees to it that every errand whose time has come waits for an agent, as a call of this or another process, and that none is
 * forgotten: the store is the truth, and a call holds its errand only for as long as somebody keeps it alive.
 */
export class Callbacks {
  readonly #rooms: CallbackRooms;
  #next: (() => void) | null = null;
  #round: Promise<void> | null = null;
  #again = false;
  #stopped = false;
  #heldAt = 0;
  /** Queues of promises that the site does not have. */
  readonly #homeless = new Set<string>();
  /** Whether any callback waits at all, as it was seen last. */
  some = true;

  constructor(rooms: CallbackRooms) {
    this.#rooms = rooms;
  }

  start(): void {
    this.kick();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#next?.();
    await this.#round;
  }

  async idle(): Promise<void> {
    while (this.#round) await this.#round;
  }

  /** Looks at once, since there is something new. */
  kick(): void {
    if (this.#stopped) return;
    this.#again = true;
    this.#round ??= this.#run();
  }

  /** A callback waits that was not there before. */
  promised(): void {
    this.some = true;
    this.kick();
  }

  /** Takes an errand out of the hands of its call, if that is here and nobody is being rung for it. */
  drop(id: string, news: 'gone' | 'put-off'): void {
    for (const session of this.#inHand()) if (session.state.errand?.id === id) session.post({ type: 'errand', news });
  }

  /** Who is at work on it, in this process or another; null while it waits for an agent, or for his phone to be answered. */
  async agentOn(kind: ErrandKind, id: string): Promise<AgentId | null> {
    const { flows, live, board, clock } = this.#rooms;
    const holder = await flows.errandHolder(kind, id, clock.now());
    if (holder === null) return null;
    const here = board.all().find((session) => session.id === holder)?.state;
    const call = here ?? callStateSchema.safeParse(await live.loadCall(holder)).data;
    return call?.errand?.settled === false ? (call.talk?.agentId ?? null) : null;
  }

  /** Tells of a callback what no call tells. */
  async tell(id: string, fact: Fact): Promise<void> {
    const { recorder, live } = this.#rooms;
    const events = recorder.events(`callback/${id}`, [fact]);
    recorder.tell(events);
    await insist(this.#rooms, 'news of a callback', () => live.append(events));
  }

  async #run(): Promise<void> {
    while (this.#again && !this.#stopped) {
      this.#again = false;
      try {
        await this.#look();
      } catch (error) {
        this.#rooms.log.warn({ fault: faultName(error) }, 'callbacks not looked after: tried again in a moment');
      }
    }
    this.#round = null;
    this.#next?.();
    const { clock } = this.#rooms;
    if (!this.#stopped) this.#next = clock.at(clock.now() + LOOK_MS, () => this.kick());
  }

  async #look(): Promise<void> {
    const { flows, clock } = this.#rooms;
    await this.#hold();
    await this.#park();
    this.some = (await flows.callbacks({ state: 'waiting', limit: 1 })).length > 0;
    for (const callback of await flows.dueCallbacks(clock.now(), AT_ONCE)) {
      if (callback.dueBy <= clock.now()) await this.#expire(callback);
      else if (this.#isCarried(callback))
        await this.#take(callback.queue, (profile) => this.#promise(callback, profile));
    }
    const boxes = this.#boxes();
    for (const message of await flows.dueVoicemails([...boxes.keys()], clock.now(), AT_ONCE)) {
      await this.#take(boxes.get(message.box) ?? '', (profile) => this.#message(message, profile));
    }
  }

  #inHand(): readonly CallSession[] {
    return this.#rooms.board.all().filter(({ state }) => state.errand !== null && !state.errand.settled);
  }

  /** Whoever lost the hold, by having been away too long, must not ring anybody. */
  async #hold(): Promise<void> {
    const { flows, clock } = this.#rooms;
    const now = clock.now();
    if (now < this.#heldAt + HOLD_AGAIN_MS) return;
    this.#heldAt = now;
    for (const session of this.#inHand()) {
      const { errand, id } = session.state;
      if (!errand) continue;
      const held = await flows.holdErrand(errand.kind, errand.id, id, now, now + HOLD_MS);
      if (!held) session.post({ type: 'errand', news: 'gone' });
    }
  }

  /** Those who wait in a queue that has closed, or past their time, wait no more. */
  async #park(): Promise<void> {
    const { clock } = this.#rooms;
    for (const session of this.#inHand()) {
      const { errand, phase, visit } = session.state;
      if (!errand || phase !== 'promised' || !visit) continue;
      const over = errand.kind === 'callback' && errand.dueBy <= clock.now();
      if (over || !this.#isOpen(visit.request.queue)) session.post({ type: 'errand', news: 'put-off' });
    }
  }

  #isOpen(queue: string): boolean {
    const { site, clock } = this.#rooms;
    const { queues, calendars } = site();
    const calendar = calendars.get(queues.get(queue)?.calendar ?? '');
    return calendar === undefined || hoursAt(calendar, clock.now()) === 'open';
  }

  /** While all its trunks are dead or full a callback keeps its place, and no try of it is used up. */
  #isCarried({ queue, number }: CallbackRequest): boolean {
    const { site, trunks } = this.#rooms;
    const profile = site().queues.get(queue);
    const via = profile && trunks.viaOf(profile.callbacks.trunk);
    return !via || trunks.carries(via.name, number);
  }

  async #expire({ id, queue, tries, dueBy }: CallbackRequest): Promise<void> {
    const { flows, clock } = this.#rooms;
    if (!(await flows.closeCallback(id, 'expired', clock.now(), ''))) return;
    await this.tell(id, { type: 'callback.expired', data: { callbackId: id, queue, tries, dueBy } });
  }

  async #take(queue: string, begin: (profile: QueueProfile) => Parameters<typeof errandCall>[0]): Promise<void> {
    const { site, flows, clock, board } = this.#rooms;
    const profile = site().queues.get(queue);
    if (!profile) this.#tellHomeless(queue);
    if (!profile || !this.#isOpen(queue) || this.#stopped) return;
    const taken = begin(profile);
    const now = clock.now();
    if (!(await flows.holdErrand(taken.errand.kind, taken.errand.id, taken.id, now, now + HOLD_MS))) return;
    if (this.#stopped) return;
    const session = board.open(errandCall(taken, now));
    session.post({ type: 'errand', news: 'begin' });
  }

  /** Once for each queue: a release that renames one would break its promises in silence. */
  #tellHomeless(queue: string): void {
    if (this.#homeless.has(queue)) return;
    this.#homeless.add(queue);
    const cure = 'give the queue its name back in queues.yaml, or call the customers and cancel';
    this.#rooms.log.error({ queue, cure }, 'callbacks were promised in a queue that is no more: nobody will make them');
  }

  #promise(callback: CallbackRequest, profile: QueueProfile): Parameters<typeof errandCall>[0] {
    const { id, number, line, language, dueBy, tries, requestedAt, keepPlaceFrom } = callback;
    const { require, relax, priority } = callback;
    const hands = this.#inNobodysHands(profile);
    const errand: Errand = {
      ...hands,
      kind: 'callback',
      id,
      number,
      tries,
      dueBy,
      callerId: line ?? hands.callerId,
    };
    const since = keepPlaceFrom ?? requestedAt;
    const late = keepPlaceFrom === null ? creditUntil(dueBy, since, profile) : 0;
    const request = { queue: profile.name, language, require, priority: priority + late, maxWaitMs: null };
    const own = callback.prefer !== undefined && { prefer: { agentId: callback.prefer, until: dueBy } };
    return { ...this.#ids(), language, errand, since, request: { ...PLAIN_REQUEST, ...request, relax }, ...own };
  }

  #message(message: Voicemail, profile: QueueProfile): Parameters<typeof errandCall>[0] {
    const { id, ani, box, language, file, tries, recordedAt } = message;
    const dueBy = message.replyBy ?? recordedAt;
    const errand: Errand = {
      ...this.#inNobodysHands(profile),
      kind: 'voicemail',
      id,
      number: ani,
      tries,
      dueBy,
      file,
      box,
    };
    const priority = creditUntil(dueBy, recordedAt, profile);
    const request = { queue: profile.name, language, require: [], priority, maxWaitMs: null };
    return { ...this.#ids(), language, errand, since: recordedAt, request: { ...PLAIN_REQUEST, ...request } };
  }

  #ids() {
    const { ids } = this.#rooms;
    return { id: ids.next('call'), legId: ids.next('leg') };
  }

  #inNobodysHands({ callbacks }: QueueProfile) {
    const via = this.#rooms.trunks.viaOf(callbacks.trunk);
    return {
      trunk: via?.name ?? null,
      callerId: via?.callerId ?? null,
      file: null,
      box: null,
      most: callbacks.tries,
      retryAfterMs: callbacks.retryAfterMs,
      ringMs: callbacks.ringMs,
      told: 0,
      plays: 0,
      leave: 'none',
      settled: false,
    } as const;
  }

  /** Boxes whose messages are work, and the queue whose agents do it. */
  #boxes(): ReadonlyMap<string, string> {
    const { queues } = this.#rooms.site();
    return new Map([...queues.values()].flatMap(({ name, box }) => (box === null ? [] : [[box, name] as const])));
  }
}

/**
 * Seconds of credit, mostly less than none, for what has no place among those who wait but is to be done by a time. The longest
 * wait of its queue before that time it stands as one who comes just then, at that time as one who has waited longest.
 */
function creditUntil(dueBy: number, since: number, { maxWaitMs }: QueueProfile): number {
  return -Math.max(0, dueBy - maxWaitMs - since) / 1_000;
}
