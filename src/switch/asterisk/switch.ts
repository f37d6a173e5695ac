import { CAUSE } from '../../call/cause.ts';
import type { LegId, RecordingId } from '../../call/ids.ts';
import type { RecordingResult, SwitchCommand, SwitchEvent, SwitchResult, SwitchSnapshot } from '../../call/switch.ts';
import type { SwitchPort } from '../../engine/ports/switch.ts';
import type { Clock, Log } from '../../engine/ports/time.ts';
import { Detections } from './amd.ts';
import { ARI_EVENTS, type AriEvent, ariEvent, channelOf } from './ari-event.ts';
import { Connection } from './connection.ts';
import { ariAddress } from './event-socket.ts';
import type { Asked } from './info.ts';
import { Lanes, lanesOf } from '../lanes.ts';
import { Latency } from '../latency.ts';
import { Legs } from './legs.ts';
import { legsOf, listOurs, snapshotOf } from './listing.ts';
import { isListenedTo, newsOf, OUTBOUND } from './news.ts';
import { RecordingEnds, toldApart } from './recording-ends.ts';
import { Owed } from './owed.ts';
import { knowsPhone } from './phones.ts';
import { Recordings } from './recordings.ts';
import type { Ask } from './requests.ts';
import { failed } from '../results.ts';
import { isSnoop, Snoops } from './snoops.ts';
import { UnseenEnds } from './unseen-ends.ts';
import { Verbs } from './verbs.ts';

export interface AsteriskSwitchOptions {
  /** `http://user:password@host:port` of Asterisk's HTTP server. */
  readonly url: string;
  /** Name in records and metrics. */
  readonly node: string;
  /** Name of the Stasis application that the dialplan hands calls to; one process at a time holds it. */
  readonly app?: string;
  /** Absolute path of the prompts, as Asterisk sees it. */
  readonly soundsDir: string;
  /** Absolute path of what callers said, as Asterisk sees it; left out: none of that can be played. */
  readonly recordingsDir?: string;
  /** Trunk name → name of its PJSIP endpoint. */
  readonly trunks: ReadonlyMap<string, string>;
  /** Accept an Asterisk older than 22.10.1 in spite of its known holes. */
  readonly allowOld?: boolean;
  readonly clock: Clock;
  readonly log: Log;
}

type RecordingFinished = Extract<AriEvent, { type: 'RecordingFinished' }>;

/** A command that has not been answered by then is `unavailable`. */
const SETTLE_WITHIN_MS = 5_000;
const FILE_WITHIN_MS = 15_000;
const PHONE_WITHIN_MS = 1_000;

/**
 * The switch door for Asterisk ≥ 22.10.1.
 *
 * @throws Error when an option makes no sense.
 */
export const createAsteriskSwitch = (options: AsteriskSwitchOptions): SwitchPort => new AsteriskSwitch(options);

class AsteriskSwitch implements SwitchPort {
  readonly node: string;
  readonly capabilities = {
    survivesControllerCrash: true,
    keepsCallersWhileAway: true,
    pausesRecordingOfOneLeg: true,
    recordsWhatALegHears: true,
  };
  readonly #app: string;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #trunkNames: ReadonlyMap<string, string>;
  readonly #latency: Latency;
  readonly #connection: Connection;
  readonly #snoops: Snoops;
  readonly #recordings: Recordings;
  readonly #verbs: Verbs;
  readonly #legs = new Legs();
  readonly #lanes = new Lanes();
  readonly #owed: Owed;
  readonly #unseen: UnseenEnds;
  readonly #detections: Detections;
  #phase: 'away' | 'arriving' | 'live' | 'over' = 'away';
  #early: AriEvent[] = [];
  readonly #ends: RecordingEnds;
  #startedAt: string | null = null;
  #listener: (event: SwitchEvent) => void = () => {};
  readonly #first = Promise.withResolvers<void>();

  constructor(options: AsteriskSwitchOptions) {
    const { node, clock, log, soundsDir, trunks, app = 'callwright', allowOld = false } = options;
    if (!/^[A-Za-z0-9_.-]+$/.test(app)) throw new Error(`"${app}" cannot be the name of a Stasis application`);
    if (!soundsDir.startsWith('/')) throw new Error(`The sounds folder must be an absolute path, not "${soundsDir}"`);
    [this.node, this.#app, this.#clock, this.#log] = [node, app, clock, log];
    // Of trunks that share an endpoint, who calls in comes by the first.
    this.#trunkNames = new Map([...trunks].toReversed().map(([name, endpoint]) => [endpoint, name]));
    this.#latency = new Latency(clock);
    const address = ariAddress(options.url);
    this.#connection = new Connection(
      { address, app, allowOld, clock, log, latency: this.#latency },
      {
        opened: (asterisk) => void this.#arrive(asterisk),
        frame: (frame) => this.#hear(frame),
        lost: (reason) => this.#leave(reason),
        refused: (sentence) => this.#refuse(sentence),
      },
    );
    const ask: Ask = (request) => this.#connection.ask(request);
    const legs = this.#legs;
    const isLive = () => this.#phase === 'live';
    this.#owed = new Owed({ clock, log, ask, isLive });
    this.#unseen = new UnseenEnds({ app, clock, legs, ask, isLive, tell: (event) => this.#tell(event) });
    this.#detections = new Detections({ ask, log, hear: (event) => this.#apply(event) });
    this.#snoops = new Snoops({ app, clock, legs, ask });
    this.#recordings = new Recordings({ address, clock, legs, snoops: this.#snoops, ask });
    this.#ends = new RecordingEnds(this.#recordings);
    this.#verbs = new Verbs({
      app,
      soundsDir,
      recordingsDir: options.recordingsDir ?? null,
      trunks,
      clock,
      legs,
      recordings: this.#recordings,
      snoops: this.#snoops,
      ask,
      askToRing: (request) => this.#connection.askToRing(request),
      stillborn: (legId, cause) => this.#unseen.end(legId, cause.q850),
      subscribe: (legId) => this.#unseen.subscribe(legId),
    });
  }

  start(listener: (event: SwitchEvent) => void): Promise<void> {
    this.#listener = listener;
    void this.#connection.open();
    return this.#first.promise;
  }

  do(command: SwitchCommand): Promise<SwitchResult> {
    const { promise, resolve } = Promise.withResolvers<SwitchResult>();
    let isLate = false;
    const settle = (result: SwitchResult) => {
      if (!result.ok && result.why === 'unavailable' && this.#phase !== 'over') this.#owed.note(command);
      resolve(result);
    };
    const cancel = this.#clock.at(this.#clock.now() + SETTLE_WITHIN_MS, () => {
      isLate = true;
      settle(failed('unavailable', 'Asterisk did not answer in time'));
    });
    const carryOut = async () => {
      if (isLate || this.#phase !== 'live') return failed('unavailable', 'not connected to Asterisk');
      return this.#verbs.do(command);
    };
    if (command.type === 'bridge') {
      this.#legs.bridged(command.legIds, command.bridgeId);
      this.#owed.wanted(command.bridgeId);
    }
    void this.#lanes.run(lanesOf(command, this.#legs), carryOut).then((result) => {
      cancel();
      if (!isLate) settle(result);
    });
    return promise;
  }

  async snapshot(): Promise<SwitchSnapshot | null> {
    if (this.#phase !== 'live') return null;
    const listing = await this.#within(
      SETTLE_WITHIN_MS,
      listOurs((request) => this.#connection.ask(request), this.#app),
    );
    return listing && snapshotOf(listing, this.#trunkNames, (legId) => this.#owed.has(legId));
  }

  async recording(id: RecordingId): Promise<RecordingResult> {
    const unavailable = (detail: string): RecordingResult => ({ ok: false, why: 'unavailable', detail });
    if (this.#phase !== 'live') return unavailable('not connected to Asterisk');
    const file = await this.#within(FILE_WITHIN_MS, this.#recordings.file(id));
    return file ?? unavailable('Asterisk did not answer in time');
  }

  async discard(id: RecordingId): Promise<void> {
    await this.#within(SETTLE_WITHIN_MS, this.#recordings.discard(id));
  }

  async knowsPhone(name: string): Promise<boolean | null> {
    if (this.#phase !== 'live') return null;
    const ask: Ask = (request) => this.#connection.ask(request);
    return this.#within(PHONE_WITHIN_MS, knowsPhone(ask, name, this.#trunkNames));
  }

  /** Null when it took longer. */
  async #within<T>(ms: number, task: Promise<T>): Promise<T | null> {
    const { promise: late, resolve } = Promise.withResolvers<null>();
    const cancel = this.#clock.at(this.#clock.now() + ms, () => resolve(null));
    const result = await Promise.race([task, late]);
    cancel();
    return result;
  }

  latencyP99Ms(): number {
    return this.#latency.p99Ms();
  }

  async stop(): Promise<void> {
    this.#first.reject(new Error('stopped before Asterisk answered'));
    this.#first.promise.catch(() => {});
    this.#over();
  }

  #over(): void {
    this.#phase = 'over';
    this.#ends.forget();
    this.#verbs.stop();
    this.#owed.stop();
    this.#recordings.stopWatching();
    this.#connection.stop();
    this.#legs.replace([]);
  }

  /** Connected: see what is there, ask to hear of it, and only then say so. What happens meanwhile is told afterwards. */
  async #arrive(asterisk: Extract<Asked, { outcome: 'ready' }>): Promise<void> {
    [this.#phase, this.#early] = ['arriving', []];
    const { version, startedAt } = asterisk;
    const ask: Ask = (request) => this.#connection.ask(request);
    // Answers to requests are events to this filter: without RESTResponse it would silence them for ever.
    const allowed = [...ARI_EVENTS, 'RESTResponse'].map((type) => ({ type }));
    const filtered = await ask({ method: 'PUT', uri: `applications/${this.#app}/eventFilter`, body: { allowed } });
    const listing = filtered && (await listOurs(ask, this.#app));
    if (this.#phase !== 'arriving') return;
    if (!listing) return this.#connection.drop('Asterisk did not say what it holds');
    const hasRestarted = this.#startedAt !== null && this.#startedAt !== startedAt;
    this.#legs.replace(legsOf(listing, (id) => (hasRestarted ? null : this.#legs.get(id))));
    // The others are told of as long as they are in our application.
    for (const { channel, args } of listing.channels) if (args === null) void this.#unseen.subscribe(channel.id);
    this.#verbs.monitors.resume(listing.watches, listing.watchBridges);
    void this.#recordings.resume();
    [this.#phase, this.#startedAt] = ['live', startedAt];
    this.#connection.proven();
    this.#owed.resume();
    this.#listener({ type: 'switch.connected', at: this.#clock.now(), version, restarted: hasRestarted });
    this.#first.resolve();
    for (const event of this.#early.splice(0)) this.#take(event);
  }

  #leave(reason: string): void {
    const wasLive = this.#phase === 'live';
    if (this.#phase !== 'over') this.#phase = 'away';
    this.#ends.forget();
    if (wasLive) this.#listener({ type: 'switch.disconnected', at: this.#clock.now(), reason });
  }

  #refuse(sentence: string): void {
    this.#log.error({ node: this.node }, sentence);
    if (this.#startedAt !== null) return;
    this.#first.reject(new Error(sentence));
    this.#over();
  }

  #hear(frame: unknown): void {
    const parsed = ariEvent.safeParse(frame);
    if (!parsed.success) {
      this.#log.debug({ node: this.node, problem: parsed.error.message }, 'event of Asterisk left out');
    } else if (this.#phase === 'live') this.#take(parsed.data);
    else this.#early.push(parsed.data);
  }

  #take(event: AriEvent): void {
    const leg = this.#legs.get(channelOf(event));
    const recording = toldApart(event);
    if (event.type === 'StasisEnd') this.#snoops.left(event.channel.id);
    if (event.type === 'StasisStart' && isSnoop(event.channel)) this.#snoops.entered(event.channel.id);
    else if (recording) void this.#takeApart(recording);
    else if (leg && this.#ends.hold(event, leg.id)) return;
    else if (leg && event.type === 'RecordingFinished') void this.#measure(event, leg.id);
    else this.#apply(event);
  }

  async #measure(event: RecordingFinished, legId: LegId): Promise<void> {
    const measured = await this.#ends.measured(event, legId);
    if (!measured) return;
    this.#apply(measured.event);
    for (const one of measured.held) this.#take(one);
  }

  async #takeApart(event: Parameters<RecordingEnds['apart']>[0]): Promise<void> {
    const told = await this.#ends.apart(event);
    if (told) this.#tell(told);
  }

  #apply(event: AriEvent): void {
    const legId = channelOf(event);
    const before = this.#legs.get(legId);
    const { events, leg } = newsOf(event, before, this.#trunkNames);
    if (leg) this.#legs.put(leg);
    else if (before) this.#legs.forget(before.id);
    if (event.type === 'StasisStart') this.#entered(event, leg !== null);
    if (event.type === 'StasisStart' && leg?.detect && before?.phase !== 'up') void this.#detections.begin(event, leg);
    if (event.type === 'StasisEnd' && leg && !isListenedTo(leg)) this.#unseen.expect(leg);
    if (event.type === 'RecordingStarted') this.#recordings.began(event.recording.id);
    if (event.type === 'ApplicationReplaced') this.#over();
    for (const one of events) this.#tell(one);
  }

  #tell(event: SwitchEvent): void {
    if (event.type === 'leg.answered' || event.type === 'leg.ended') this.#verbs.settled(event.legId);
    if (event.type === 'leg.ended') for (const each of [this.#verbs.monitors, this.#owed]) each.legGone(event.legId);
    if (event.type === 'recording.finished') this.#recordings.over(event.recordingId);
    this.#listener(event);
  }

  #entered({ channel, args }: Extract<AriEvent, { type: 'StasisStart' }>, isKnown: boolean): void {
    // Somebody answered a call that we had given up: better a hang-up than silence.
    if (args[0] === OUTBOUND && !isKnown) void this.do({ type: 'hangup', legId: channel.id, cause: CAUSE.normal });
  }
}
