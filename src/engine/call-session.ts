import type { CallId, LegId } from '../call/ids.ts';
import type { SwitchCommand } from '../call/switch.ts';
import type { CallAction } from './call/actions.ts';
import type { Deed } from './call/deeds.ts';
import type { CallState } from './call/state.ts';
import { type CallInput, callStep } from './call/step.ts';
import type { TalkInput } from './call/talk-verbs.ts';
import { type Wait, waitsOf } from './call/tickets.ts';
import type { CallWorld } from './call/world.ts';
import { Mailbox } from './mailbox.ts';
import type { LiveStore } from './ports/live-store.ts';
import type { SwitchPort } from './ports/switch.ts';
import { type Clock, type Log, unlessHeard } from './ports/time.ts';
import type { JournalEvent } from '../call/journal.ts';
import type { Recorder } from './recorder.ts';

/** A step the live store did not take is offered again after this, or with the next step. */
const WRITE_AGAIN_MS = 1_000;
/**
 * Steps of these that neither tell nor do anything are written with the next one: whoever adopts the call meanwhile asks the
 * switch what is so, and lets the timers ring that are due.
 */
const SILENT: readonly CallInput['type'][] = ['playback.finished', 'position'];

/**
 * Others wait for an agent whose talk is over: he is written free right behind the step that says so, in the same packet, not
 * after its answer. Redis carries them out in this order, and to release him twice is harmless.
 */
const isRelease = (action: CallAction): boolean => action.type === 'agent' && action.event.type === 'release';

/** What a session needs of the house around it. */
export interface SessionRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly live: LiveStore;
  readonly switchPort: SwitchPort;
  readonly recorder: Recorder;
  /** Name of this process in tickets. */
  readonly owner: string;
  world(call: CallState): CallWorld;
  /** The command with the sounds of that release. */
  voiced(command: SwitchCommand, release: string): SwitchCommand;
  /** After every step, before anything else happens: what it was given of the house's trunks is taken. */
  took(state: CallState, before: CallState): void;
  /** After every step, already written: legs may have come, a wait begun or ended. */
  moved(session: CallSession, before: CallState): void;
  perform(session: CallSession, deed: Deed): Promise<void>;
  /** An offer has been taken up or declined, and its commands were sent; or an error of ours `spoiled` it. */
  offered(session: CallSession, offer: OfferInput, spoiled?: boolean): void;
}

export type OfferInput = Extract<CallInput, { type: 'offer' }>;

/** Something is asked of the call, and who asks waits for the answer. */
interface Question {
  readonly type: 'ask';
  readonly input: TalkInput;
  readonly told: (refusal: string | null) => void;
}

/**
 * One call's mailbox: each input makes one step; the step is written down, then acted on. It decides nothing and knows no
 * switch and no store but their ports.
 */
export class CallSession {
  state: CallState;
  readonly #rooms: SessionRooms;
  readonly #mailbox: Mailbox<CallInput | 'write' | Question>;
  #alarm: { readonly at: number; readonly cancel: () => void } | null = null;
  /** Facts the live store has not taken yet; it was away. */
  #unwritten: JournalEvent[] = [];
  #waits: readonly Wait[];
  /** Tickets as the live store has them, by id; empty text: it is not known as what. */
  readonly #tickets = new Map<string, string>();
  #writeAgain: (() => void) | null = null;
  #released = false;

  constructor(state: CallState, rooms: SessionRooms) {
    this.state = state;
    this.#rooms = rooms;
    this.#waits = waitsOf(state);
    // Of a call that is read back the store has the tickets of its last step, under the name of who made it.
    if (state.seq > 0) for (const { ticket } of this.#waits) this.#tickets.set(ticket.callId, '');
    const onBug = (error: unknown) => rooms.log.error({ err: error, callId: state.id }, 'a step of this call failed');
    this.#mailbox = new Mailbox((input) => this.#take(input), onBug);
  }

  get id(): CallId {
    return this.state.id;
  }

  get legIds(): readonly LegId[] {
    return this.state.legs.map((leg) => leg.id);
  }

  /** What of the call waits for an agent, or rings and will want one. */
  get waits(): readonly Wait[] {
    return this.#waits;
  }

  post(input: CallInput): void {
    this.#mailbox.post(input);
  }

  /** Posts what somebody asks of the call, and answers when it is done; or the sentence that says why it is not. */
  ask(input: TalkInput): Promise<string | null> {
    return new Promise((told) => this.#mailbox.post({ type: 'ask', input, told }));
  }

  /** Its tickets are not, or not any more, in the store, where other processes see them. */
  tellTickets(): void {
    for (const id of this.#tickets.keys()) this.#tickets.set(id, '');
    this.#mailbox.post('write');
  }

  /** Arms the timers of a call that was read back from the store. */
  rearm(): void {
    this.#arm();
  }

  idle(): Promise<void> {
    return this.#mailbox.idle();
  }

  /** Lets go without touching the call: from now on it is another's, so nothing is done or written here any more. */
  release(): void {
    this.#released = true;
    this.#alarm?.cancel();
    this.#writeAgain?.();
  }

  async #take(input: CallInput | 'write' | Question): Promise<void> {
    if (input === 'write' || input.type !== 'ask') return void (await this.#stepOrGiveBack(input));
    let refusal: string | null = `Call ${this.id} could not take it: an error of Callwright.`;
    try {
      refusal = await this.#stepOrGiveBack(input.input);
    } finally {
      input.told(refusal);
    }
  }

  /** An error of ours is not to cost the agents who were held for it their time, nor a caller who waits his turn. */
  async #stepOrGiveBack(input: CallInput | 'write'): Promise<string | null> {
    const before = this.state;
    try {
      return await this.#step(input);
    } catch (error) {
      if (input !== 'write' && this.state === before) {
        await this.#lateOffer(input);
        if (input.type === 'offer') this.#rooms.offered(this, input, true);
      }
      throw error;
    }
  }

  /** Answers why what was asked was not done. */
  async #step(input: CallInput | 'write'): Promise<string | null> {
    const elsewhere = `Call ${this.id} is in the hands of another process.`;
    if (this.#released) return elsewhere;
    const before = this.state;
    if (input === 'write') {
      await this.#write([], before.phase === 'ended' ? null : before);
      return null;
    }
    if (before.phase === 'ended') {
      await this.#lateOffer(input);
      return `Call ${this.id} is over.`;
    }
    const step = callStep(before, input, this.#rooms.world(before), this.#rooms.clock.now());
    this.state = step.state;
    this.#rooms.took(step.state, before);
    this.#waits = waitsOf(step.state);
    const events = this.#rooms.recorder.callEvents(this.id, step.facts, step.state.seq);
    const isSilent = SILENT.includes(input.type) && events.length === 0 && step.actions.length === 0;
    const writing = !isSilent || this.#owesWords() ? this.#write(events, this.state) : null;
    await Promise.all([writing, ...step.actions.filter(isRelease).map((action) => this.#act(action))]);
    if (this.#released) return elsewhere;
    this.#rooms.recorder.tell(events);
    this.#arm();
    this.#rooms.moved(this, before);
    for (const action of step.actions) if (!isRelease(action)) await this.#act(action);
    if (input.type === 'offer') this.#rooms.offered(this, input);
    // Forgotten when all is done that had to be done, not before: the next process would do it.
    if (step.state.phase === 'ended') await this.#write([], null);
    return step.refusal ?? null;
  }

  /** An agent reserved for a call that has just ended is given back. */
  async #lateOffer(input: CallInput): Promise<void> {
    const agents = input.type === 'offer' ? input.agents : input.type === 'talk' ? [input.summoned] : [];
    const event = { type: 'fail', verdict: 'cancelled' } as const;
    for (const { agentId, fence } of agents.filter((agent) => agent !== undefined)) {
      await this.#rooms.perform(this, { type: 'agent', agentId, event });
      await this.#rooms.perform(this, { type: 'reservation.end', fence });
    }
  }

  #owesWords(): boolean {
    return this.#unwritten.length > 0 || this.#ticketChange() !== undefined;
  }

  /** A store that is away stops no caller: the step is kept and written with the next one. */
  async #write(events: readonly JournalEvent[], body: CallState | null): Promise<void> {
    this.#unwritten.push(...events);
    const batch = this.#unwritten;
    this.#unwritten = [];
    this.#writeAgain?.();
    const tickets = this.#ticketChange();
    // Until the store has answered it may have them or not.
    for (const [id, ticket] of Object.entries(tickets ?? {})) if (ticket !== null) this.#tickets.set(id, '');
    try {
      await this.#rooms.live.saveCall(this.id, body, batch, tickets && { owner: this.#rooms.owner, tickets });
      for (const [id, ticket] of Object.entries(tickets ?? {})) {
        if (ticket === null) this.#tickets.delete(id);
        else this.#tickets.set(id, JSON.stringify(ticket));
      }
    } catch (error) {
      this.#unwritten = [...batch, ...this.#unwritten];
      const { clock } = this.#rooms;
      if (!this.#released) this.#writeAgain = clock.at(clock.now() + WRITE_AGAIN_MS, () => this.#mailbox.post('write'));
      // Its sentence and no more: a driver hangs what was to be written onto its errors, and that is the caller's.
      const fault = error instanceof Error ? error.message : 'unknown';
      this.#rooms.log.warn({ fault, callId: this.id, kept: batch.length }, 'live store away: step kept in memory');
    }
  }

  /** What the store does not have of the tickets yet; undefined: nothing, which is so of most steps. */
  #ticketChange(): Record<string, Wait | null> | undefined {
    if (this.#waits.length === 0 && this.#tickets.size === 0) return undefined;
    const change: Record<string, Wait | null> = {};
    for (const wait of this.#waits) {
      if (JSON.stringify(wait) !== this.#tickets.get(wait.ticket.callId)) change[wait.ticket.callId] = wait;
    }
    for (const id of this.#tickets.keys()) {
      if (!this.#waits.some(({ ticket }) => ticket.callId === id)) change[id] = null;
    }
    return Object.keys(change).length > 0 ? change : undefined;
  }

  async #act(action: CallAction): Promise<void> {
    if (action.type !== 'switch') return this.#rooms.perform(this, action);
    // Not awaited: the port keeps commands of a leg in order, and a caller's next key must not wait for an answer.
    void this.#command(action.command);
    return undefined;
  }

  async #command(command: SwitchCommand): Promise<void> {
    const result = await this.#rooms.switchPort.do(this.#rooms.voiced(this.#beside(command), this.state.release));
    if (result.ok) return;
    if (result.why === 'unavailable') {
      this.#rooms.log.warn(
        { callId: this.id, command: command.type, why: result.why, detail: result.detail },
        'the switch did not answer',
      );
    }
    this.post({ type: 'command.failed', command, result });
  }

  /** Legs of one call belong together. */
  #beside(command: SwitchCommand): SwitchCommand {
    if (command.type !== 'originate') return command;
    const near = this.state.legs.find(({ id }) => id !== command.legId)?.id;
    return near === undefined ? command : { ...command, near };
  }

  #arm(): void {
    const times = Object.values(this.state.timers);
    const next = times.length > 0 ? Math.min(...times) : null;
    if (this.#alarm?.at === next) return;
    this.#alarm?.cancel();
    this.#alarm = next === null ? null : { at: next, cancel: unlessHeard(this.#rooms.clock, next, () => this.#ring()) };
  }

  #ring(): void {
    this.#alarm = null;
    const now = this.#rooms.clock.now();
    const due = Object.entries(this.state.timers).filter(([, at]) => at <= now);
    if (due.length === 0) return this.#arm();
    for (const [name] of due) this.post({ type: 'timer', name });
  }
}
