import type { LegId, RecordingId } from '../../call/ids.ts';
import type { RecordingResult, SwitchCommand, SwitchEvent, SwitchResult, SwitchSnapshot } from '../../call/switch.ts';
import type { SwitchPort } from '../../engine/ports/switch.ts';
import type { Clock, Log } from '../../engine/ports/time.ts';
import { Lanes, lanesOf } from '../lanes.ts';
import { Latency } from '../latency.ts';
import { failed } from '../results.ts';
import { Calls } from './calls.ts';
import { Conferences } from './conferences.ts';
import type { EslEvent } from './esl-event.ts';
import { Fleet } from './fleet.ts';
import { type Leg, Legs } from './legs.ts';
import type { MediaServer } from './media-server.ts';
import { Monitors } from './monitors.ts';
import { Owed } from './owed.ts';
import { Playbacks } from './playbacks.ts';
import { Presence, type PresenceListener } from './presence.ts';
import { Reconciler } from './reconciler.ts';
import { type ReaperOrder, startReaper } from './reaper.ts';
import { Recordings } from './recordings.ts';
import type { DoorRooms, MediaRoom } from './rooms.ts';
import { isPhoneName, type PhoneBook, type TrunkAddress } from './routes.ts';
import { Talk } from './talk.ts';
import { Turns } from './turns.ts';
import { Verbs } from './verbs.ts';
import { within } from './within.ts';

export interface FreeswitchSwitchOptions {
  /** `drachtio://:secret@host:9022`, one each. */
  readonly drachtios: readonly string[];
  /** `esl://:password@host:8021`, one each. */
  readonly freeswitches: readonly string[];
  /** Name in records and metrics. */
  readonly node: string;
  /** Absolute path of the prompts, as FreeSWITCH sees it. */
  readonly soundsDir: string;
  /** Absolute path of what callers said, as FreeSWITCH sees it; left out: none of that can be played. */
  readonly recordingsDir?: string;
  /** Absolute path of a folder that FreeSWITCH writes recordings to, and that is seen here by the same name. */
  readonly spoolDir: string;
  readonly trunks: ReadonlyMap<string, TrunkAddress>;
  readonly phones: PhoneBook;
  /** Addresses of SIP edges, whose word is taken for where a call comes from. */
  readonly edges?: readonly string[];
  /** Makes ids for legs that arrive; no two are ever the same. */
  readonly newLegId: () => LegId;
  readonly clock: Clock;
  readonly log: Log;
}

/** A command that has not been answered by then is `unavailable`. */
const SETTLE_WITHIN_MS = 5_000;
const FILE_WITHIN_MS = 15_000;
const PHONE_WITHIN_MS = 1_000;

/**
 * The switch door for FreeSWITCH, with drachtio for its signalling.
 *
 * @throws Error when an option makes no sense.
 */
export const createFreeswitchSwitch = (options: FreeswitchSwitchOptions): SwitchPort => new FreeswitchSwitch(options);

class FreeswitchSwitch implements SwitchPort {
  readonly node: string;
  readonly capabilities = {
    survivesControllerCrash: false,
    keepsCallersWhileAway: false,
    pausesRecordingOfOneLeg: false,
    recordsWhatALegHears: false,
  };
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #phones: PhoneBook;
  readonly #latency: Latency;
  readonly #legs = new Legs();
  readonly #lanes = new Lanes();
  readonly #presence: Presence;
  readonly #calls: Calls;
  readonly #recordings: Recordings;
  readonly #conferences: Conferences;
  /** In the order in which they hear of an event. */
  readonly #rooms: readonly MediaRoom[];
  readonly #verbs: Verbs;
  readonly #reconciler: Reconciler;
  readonly #owed: Owed;
  #listener: (event: SwitchEvent) => void = () => {};
  readonly #order: ReaperOrder;
  #letReaperGo: () => void = () => {};

  constructor(options: FreeswitchSwitchOptions) {
    const { node, clock, log, soundsDir, spoolDir, recordingsDir = null, trunks, phones, newLegId } = options;
    for (const folder of [soundsDir, spoolDir]) {
      if (!folder.startsWith('/')) throw new Error(`Folders must be absolute paths, not "${folder}"`);
    }
    [this.node, this.#clock, this.#log, this.#phones] = [node, clock, log, phones];
    this.#latency = new Latency(clock);
    const controller = `${node}-${newLegId()}`;
    this.#order = { drachtios: options.drachtios, freeswitches: options.freeswitches, controller };
    this.#presence = new Presence({ ...this.#order, clock, log, latency: this.#latency }, this.#presenceListener());
    const { drachtios, servers } = this.#presence;
    const [legs, lanes, fleet] = [this.#legs, this.#lanes, new Fleet(drachtios, servers, this.#legs)];
    const tell = (event: SwitchEvent) => this.#tell(event);
    const isLive = () => this.#presence.isLive;
    this.#calls = new Calls({
      clock,
      log,
      legs,
      lanes,
      fleet,
      controller,
      trunks,
      phones,
      edges: new Set(options.edges),
      newLegId,
      isLive,
      tell,
      up: (leg, command) => command?.detect && talk.begin(leg, command.detect),
      gone: (leg) => this.#eachRoom((room) => room.legGone(leg)),
    });
    const early = (leg: Leg) => this.#calls.early(leg);
    const answer = (leg: Leg) => this.#calls.answer(leg);
    const rehome = async (leg: Leg, server: MediaServer) => {
      const result = await this.#calls.rehome(leg, server);
      if (result.ok) this.#eachRoom((room) => room.moved?.(leg));
      return result;
    };
    const rooms: DoorRooms = { clock, log, legs, tell, early, answer, rehome, soundsDir, recordingsDir, spoolDir };
    const talk = new Talk(rooms);
    const turns = new Turns(clock);
    const playbacks = new Playbacks(rooms, turns);
    this.#recordings = new Recordings(rooms, turns, {
      isBridged: (legId) => this.#conferences.isBridged(legId),
      serverOf: (bridgeId) => this.#conferences.serverOf(bridgeId),
    });
    this.#conferences = new Conferences(rooms, playbacks, this.#recordings);
    const monitors = new Monitors(rooms, this.#conferences);
    const [calls, recordings, conferences] = [this.#calls, this.#recordings, this.#conferences];
    this.#rooms = [playbacks, recordings, conferences, monitors, talk];
    this.#verbs = new Verbs({ legs, calls, playbacks, recordings, conferences, monitors, talk });
    this.#reconciler = new Reconciler({ clock, log, legs, calls, drachtios, servers, rooms: this.#rooms, isLive });
    this.#owed = new Owed((command) => this.do(command));
  }

  start(listener: (event: SwitchEvent) => void): Promise<void> {
    this.#listener = listener;
    this.#letReaperGo = startReaper(this.#order);
    return this.#presence.start();
  }

  do(command: SwitchCommand): Promise<SwitchResult> {
    const { promise, resolve } = Promise.withResolvers<SwitchResult>();
    const settle = (result: SwitchResult) => {
      if (!result.ok && result.why === 'unavailable' && !this.#presence.isOver) this.#owed.note(command);
      resolve(result);
    };
    if (!this.#presence.isLive) {
      settle(AWAY);
      return promise;
    }
    const cancel = this.#clock.at(this.#clock.now() + SETTLE_WITHIN_MS, () =>
      settle(failed('unavailable', 'FreeSWITCH did not answer in time')),
    );
    const carryOut = async () => (this.#presence.isLive ? this.#verbs.do(command) : AWAY);
    void this.#lanes.run(lanesOf(command, this.#conferences), carryOut).then(
      (result) => {
        cancel();
        settle(result);
      },
      (error: unknown) => {
        cancel();
        this.#log.error({ problem: String(error), command: command.type }, 'a command broke');
        settle(failed('refused', 'it cannot be done'));
      },
    );
    return promise;
  }

  async snapshot(): Promise<SwitchSnapshot | null> {
    if (!this.#presence.isLive) return null;
    const legs = this.#legs.all().filter(({ cause }) => cause === null);
    return {
      legs: legs.map((leg) => ({
        legId: leg.id,
        callId: leg.callId,
        state: leg.phase === 'new' ? 'down' : leg.phase,
        startedAt: leg.startedAt,
        ours: !leg.isReleased && !this.#owed.has(leg.id),
        dnis: leg.dnis,
        ani: leg.ani,
        source: leg.source,
      })),
      bridges: this.#conferences.list(),
    };
  }

  async recording(id: RecordingId): Promise<RecordingResult> {
    const unavailable = (detail: string): RecordingResult => ({ ok: false, why: 'unavailable', detail });
    if (!this.#presence.isLive) return unavailable('not connected to FreeSWITCH');
    return (
      (await within(this.#clock, FILE_WITHIN_MS, this.#recordings.file(id), null)) ?? unavailable('it took too long')
    );
  }

  async discard(id: RecordingId): Promise<void> {
    await within(this.#clock, SETTLE_WITHIN_MS, this.#recordings.discard(id), null);
  }

  async knowsPhone(name: string): Promise<boolean | null> {
    if (!this.#presence.isLive) return null;
    return isPhoneName(name) ? within(this.#clock, PHONE_WITHIN_MS, this.#phones.knows(name), null) : false;
  }

  latencyP99Ms(): number {
    return this.#latency.p99Ms();
  }

  async stop(): Promise<void> {
    this.#presence.stop();
  }

  #presenceListener(): PresenceListener {
    const tell = (event: SwitchEvent) => this.#listener(event);
    const now = () => this.#clock.now();
    return {
      returned: (restarted) => this.#reconciler.all(restarted),
      connected: (version, restarted) => {
        tell({ type: 'switch.connected', at: now(), version, restarted });
        this.#owed.resume();
      },
      disconnected: (reason) => tell({ type: 'switch.disconnected', at: now(), reason }),
      lost: (server) => this.#reconciler.wasLost(server),
      back: (server, restarted) => void this.#reconciler.cameBack(server, restarted),
      signallingBack: (drachtio) => this.#reconciler.signallingCameBack(drachtio),
      over: () => {
        for (const room of [this.#calls, this.#owed]) room.stop();
        this.#letReaperGo();
      },
      fenced: () => tell({ type: 'switch.fenced', at: now() }),
      event: (server, event) => this.#hear(server, event),
      invite: (drachtio, request, response) => this.#calls.arrive(drachtio, request, response),
    };
  }

  #hear(server: MediaServer, event: EslEvent): void {
    if (event.subclass === 'conference::maintenance') {
      this.#recordings.hearBridge(event);
    }
    const leg = this.#legs.get(event.legId);
    if (!leg || leg.server !== server) return;
    this.#eachRoom((room) => room.hear(leg, event));
    if (event.name === 'DTMF' && leg.phase === 'up') {
      this.#tell({ type: 'dtmf.received', at: event.at, legId: leg.id, digit: event.get('DTMF-Digit') });
    }
    if (event.name === 'CHANNEL_DESTROY') this.#calls.channelGone(leg, event);
  }

  #eachRoom(task: (room: MediaRoom) => void): void {
    for (const room of this.#rooms) task(room);
  }

  #tell(event: SwitchEvent): void {
    if (this.#presence.isLive) this.#listener(event);
  }
}

const AWAY = failed('unavailable', 'not connected to FreeSWITCH');
