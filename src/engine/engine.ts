import type { LegEvent, SwitchEvent } from '../call/switch.ts';
import type { Fact } from '../call/journal.ts';
import type { CallState } from './call/state.ts';
import type { CallSession } from './call-session.ts';
import { House } from './house.ts';
import { profilesOf } from './house-dialer.ts';
import { PhoneAccountDesk } from './phone-account-desk.ts';
import type { EngineRooms } from './rooms.ts';
import { Ownership } from './ownership.ts';
import type { Witness } from './recorder.ts';
import { readBackCalls, reconcile } from './recovery.ts';
import { isLegEvent } from './switchboard.ts';

/** Calls that ended before the start and tell how long calls take. */
const REMEMBERED = 500;

/** The life of the engine: it takes a switch, carries on what was going on, acts as long as the switch is ours, and lets go. */
export class Engine {
  readonly rooms: EngineRooms;
  readonly house: House;
  readonly accounts: PhoneAccountDesk;
  connected = false;
  /** Counts connections and their ends: only the latest may open the house. */
  #connections = 0;
  readonly #ownership: Ownership;
  #reconciling: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(rooms: EngineRooms) {
    this.rooms = rooms;
    this.house = new House(rooms, {
      connected: () => this.connected,
      moved: (session, before) => this.#moved(session, before),
      profilesChanged: () => this.#readProfiles(),
    });
    this.accounts = new PhoneAccountDesk({ ...rooms, desk: this.house.desk });
    const { clock, log, live, switchPort, settings } = rooms;
    this.#ownership = new Ownership(switchPort.node, { clock, log, live, owner: settings.owner });
  }

  witness(witness: Witness): void {
    this.house.recorder.witness(witness);
  }

  /** Reads back what was going on, takes the switch, and begins. Rejects with a clear sentence when the switch refuses us. */
  async start(): Promise<void> {
    const { site, history, switchPort } = this.rooms;
    await this.#ownership.acquire(() => this.#fence('the lease on the switch is in other hands'));
    await this.house.releases.open(this.rooms.draft);
    this.house.policy.work.remember(await history.callRecords({ limit: REMEMBERED, before: null }));
    await this.house.dispatcher.listen();
    this.house.follower.start();
    await this.house.desk.load([...site.agents, ...(await history.agentProfiles())]);
    this.accounts.follow();
    await this.house.outside.load();
    await this.house.book.recall();
    const house = { ...this.rooms, recorder: this.house.recorder, board: this.house.board, desk: this.house.desk };
    await readBackCalls(house, this.house.redo);
    for (const session of this.house.board.all()) this.#waits(session);
    this.house.dnc.keeper.start();
    await this.house.dispatcher.start();
    await switchPort.start((event) => this.#take(event));
    await this.#reconciling;
    this.house.keeper.start();
    this.house.talks.start();
    this.house.callbacks.start();
    this.house.warden.start();
    await this.house.decisions.catchUp();
    await this.house.evidence.catchUp();
    this.house.policy.start();
    await this.house.dnc.keeper.idle();
    await this.house.fleet.resume();
    this.house.leadWays.look();
    this.house.thresholds.start();
  }

  /** Ends acting without touching a call: another process carries them on. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.house.board.draining = true;
    this.connected = false;
    this.house.fleet.stop();
    this.house.policy.stop();
    this.house.dispatcher.stop();
    await this.house.keeper.stop();
    await this.house.talks.stop();
    await this.house.callbacks.stop();
    await this.house.warden.stop();
    await this.house.thresholds.stop();
    await this.house.decisions.stop();
    await this.house.evidence.stop();
    this.house.follower.stop();
    await this.house.dnc.keeper.stop();
    await this.idle();
    await this.rooms.switchPort.stop();
    for (const session of this.house.board.all()) session.release();
    this.house.desk.release();
    const lapses = (error: unknown) =>
      this.rooms.log.warn({ err: error }, 'live store away: leases lapse by themselves, within seconds');
    await Promise.all([this.house.dispatcher.release(), this.#ownership.release()]).catch(lapses);
  }

  /** Resolves when nothing is under way inside; calls may go on. */
  async idle(): Promise<void> {
    await this.#reconciling;
    await this.house.fleet.idle();
    await this.house.follower.idle();
    await this.house.dnc.keeper.idle();
    await this.house.dispatcher.idle();
    await this.house.board.idle();
  }

  #take(event: SwitchEvent): void {
    if (this.#stopped) return;
    if (isLegEvent(event)) return this.#takeOfLeg(event);
    if (event.type === 'switch.fenced') return this.#fence('the switch gave our events to another process');
    this.#journal(switchFact(event, this.rooms.switchPort.node));
    this.connected = false;
    this.house.dispatcher.setOpen(false);
    this.#connections += 1;
    if (event.type === 'switch.disconnected') return undefined;
    this.#reconciling = this.#reconcile();
    return undefined;
  }

  #takeOfLeg(event: LegEvent): void {
    this.house.lines.take(event);
    this.house.board.take(event);
  }

  async #reconcile(): Promise<void> {
    const connection = this.#connections;
    try {
      await this.house.dispatcher.idle();
      await reconcile({
        ...this.rooms,
        recorder: this.house.recorder,
        board: this.house.board,
        desk: this.house.desk,
        lines: this.house.lines,
        ways: this.house.leadWays,
        profileOf: profilesOf(this.house),
      });
    } catch (error) {
      this.rooms.log.error({ err: error }, 'reconciliation failed; tried again at the next connection');
    }
    if (connection !== this.#connections || this.#stopped) return;
    this.connected = true;
    this.house.dispatcher.setOpen(true);
    this.house.fleet.kick();
  }

  #fence(reason: string): void {
    if (this.#stopped) return;
    void this.house.callbacks.stop();
    void this.house.warden.stop();
    void this.house.thresholds.stop();
    this.#stopped = true;
    this.connected = false;
    this.house.follower.stop();
    this.house.fleet.stop();
    this.house.policy.stop();
    this.house.dispatcher.stop();
    for (const session of this.house.board.all()) session.release();
    this.rooms.fenced(reason);
  }

  #moved(session: CallSession, before: CallState): void {
    this.house.board.follow(session);
    this.#waits(session);
    this.house.outside.follow(before, session.state);
    this.house.callTrunks.moved(session.state, before);
    if (session.state.attempt || session.state.preview) this.house.fleet.moved(session.state, before);
  }

  /** Agents whom another process defined, changed or removed. */
  async #readProfiles(): Promise<void> {
    const { site, history } = this.rooms;
    const profiles = [...site.agents, ...(await history.agentProfiles())];
    const there = new Set(profiles.map(({ id }) => id));
    for (const profile of profiles) this.house.desk.setProfile(profile);
    for (const { profile } of this.house.desk.all()) if (!there.has(profile.id)) this.removeAgent(profile.id);
    this.accounts.follow();
  }

  removeAgent(id: string): void {
    this.house.desk.remove(id);
    this.house.lines.drop(id);
    this.house.dispatcher.forget(id);
    this.house.fleet.forget(id);
    this.accounts.follow();
  }

  #waits(session: CallSession): void {
    this.house.dispatcher.follow(session);
    this.house.policy.follow(session);
  }

  #journal(fact: Fact): void {
    const events = this.house.recorder.events(`switch/${this.rooms.switchPort.node}`, [fact]);
    this.house.recorder.tell(events);
    this.rooms.live
      .append(events)
      .catch((error: unknown) => this.rooms.log.warn({ err: error }, 'switch event not journalled: live store away'));
  }
}

function switchFact(
  event: Extract<SwitchEvent, { type: 'switch.connected' | 'switch.disconnected' }>,
  node: string,
): Fact {
  if (event.type === 'switch.disconnected')
    return { type: 'switch.disconnected', data: { node, reason: event.reason } };
  return { type: 'switch.connected', data: { node, version: event.version, restarted: event.restarted } };
}
