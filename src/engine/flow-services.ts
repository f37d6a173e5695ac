import { judgeNumber } from '../call/destinations.ts';
import type { CallId, CampaignId, EpochMs } from '../call/ids.ts';
import { e164Of } from '../call/number.ts';
import type { QueueRequest } from '../call/routing.ts';
import type { FlowAnswer, FlowRequest, Json } from '../call/request.ts';
import type { AcdDispatcher } from './acd-dispatcher.ts';
import type { CodeOutcome, CodeRequest } from './floor-codes.ts';
import { fetchRecording } from './kept-words.ts';
import { pinTry } from '../ivr/pin-guard.ts';
import type { SecretHasher } from './ports/secrets.ts';
import { type FlowStore, KEPT } from './ports/flow-store.ts';
import type { FollowUps } from './ports/follow-ups.ts';
import type { RecordingStore } from './ports/recordings.ts';
import type { SpeechPort } from './ports/speech.ts';
import type { SwitchPort } from './ports/switch.ts';
import type { Clock, Log } from './ports/time.ts';
import type { WebPort } from './ports/web.ts';
import type { Site } from './site.ts';
import { within } from './within.ts';

export interface FlowServiceRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly flows: FlowStore;
  readonly web: WebPort;
  readonly speech: SpeechPort;
  readonly recordings: RecordingStore;
  readonly pins: SecretHasher;
  readonly switchPort: Pick<SwitchPort, 'recording'>;
  readonly dispatcher: { readonly outlook: Pick<AcdDispatcher['outlook'], 'standing'> };
  /** As it is now. */
  readonly site: () => Pick<Site, 'queues' | 'boxes' | 'destinations'>;
  /** What an agent keyed in at a phone. */
  readonly codes?: (source: string, request: CodeRequest) => Promise<CodeOutcome>;
  /** A callback waits that was not there before. */
  readonly promised?: () => void;
  /** The number is not to be called any more; true: it is in force. */
  readonly optOut?: (number: string, campaignId: CampaignId | null) => Promise<boolean>;
  /** Makes a promise; the same id makes it once. */
  readonly promise?: FollowUps['create'];
  /** Of numbers written without `+`. */
  readonly country: string | null;
}

/** Whose flow asks. */
export interface Asker {
  readonly callId: CallId;
  readonly ani: string | null;
  /** It called him; absent or null: he called. */
  readonly campaignId?: CampaignId | null;
  /** The endpoint that the switch knows it by. */
  readonly source?: string;
  /** As dialled. */
  readonly dnis: string;
  /** Its stay in a queue, while it waits there. */
  readonly wait: { readonly since: EpochMs; readonly request: QueueRequest } | null;
}

/** Requests that are answered in here; a question to the workflow layer waits at the call, for HTTP. */
type Served = Exclude<FlowRequest, { kind: 'ask' }>;

interface Asked<K extends Served['kind']> {
  readonly call: Asker;
  readonly requestId: string;
  readonly request: Extract<Served, { kind: K }>;
  /** When the answer comes too late. */
  readonly until: EpochMs;
}

type Serve<K extends Served['kind']> = (rooms: FlowServiceRooms, asked: Asked<K>) => Promise<FlowAnswer>;

/** A store that answers later than this is away. It is less than what flows wait for, so that they are told which. */
const STORE_MS = 4_500;
/** The longest sentence, after the silence that a flow allows before it. */
const SENTENCE_MS = 29_000;
const GRACE_MS = 250;

const say = (outcome: string, data: Json = null): FlowAnswer => ({ outcome, data });

/** What one request at most may take, ms. */
const limitOf = (request: Served): number => {
  if (request.kind === 'lookup') return request.timeoutMs + GRACE_MS;
  return request.kind === 'speech' ? request.timeoutMs + SENTENCE_MS : STORE_MS;
};

/**
 * What flows ask of the world. Every request is answered, in the time it has, with an ordinary outcome: nothing rejects.
 * One that is asked again while it is being answered, as after an outage of the switch, is not begun twice.
 */
export class FlowServices {
  readonly #rooms: FlowServiceRooms;
  readonly #running = new Map<string, Promise<FlowAnswer>>();

  constructor(rooms: FlowServiceRooms) {
    this.#rooms = rooms;
  }

  ask(call: Asker, requestId: string, request: Served): Promise<FlowAnswer> {
    const begun = this.#running.get(requestId) ?? this.#serve(call, requestId, request);
    this.#running.set(requestId, begun);
    return begun;
  }

  async #serve(call: Asker, requestId: string, request: Served): Promise<FlowAnswer> {
    const { clock, log } = this.#rooms;
    const { kind } = request;
    const ms = limitOf(request);
    try {
      const task = SERVICES[kind] as Serve<Served['kind']>;
      const served = task(this.#rooms, { call, requestId, request, until: clock.now() + ms });
      const answer = await within(clock, ms, served, null);
      if (!answer) log.warn({ callId: call.callId, requestId, kind }, 'a request of a flow took too long');
      return answer ?? say('error');
    } catch (error) {
      log.warn({ callId: call.callId, requestId, kind, fault: faultName(error) }, 'a request of a flow failed');
      return say('error');
    } finally {
      this.#running.delete(requestId);
    }
  }
}

/** What may be logged of a fault: a database puts values into its sentences, and those are of people. */
export function faultName(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error ? `${error.name} ${String(error.code)}` : error.name;
}

const SERVICES: { readonly [K in Served['kind']]: Serve<K> } = {
  async lookup({ web, log }, { call, requestId, request }) {
    const answer = await web.fetchJson(request);
    if (answer.outcome === 'ok') return say('ok', answer.body);
    if (answer.outcome !== 'error') return say(answer.outcome);
    log.warn({ callId: call.callId, requestId, kind: 'lookup', why: answer.why }, 'a lookup failed');
    return say('error');
  },

  async pin({ flows, pins, clock }, { request: { account, pin } }) {
    const correct = await pins.verify(pin, await flows.pinHash(account));
    return say(await flows.tryPin(account, (row) => pinTry(row, correct, clock.now())));
  },

  async metrics({ dispatcher, site }, { request: { queue } }) {
    if (!site().queues.has(queue)) return say('unavailable');
    const { waiting, ready, waitMs } = dispatcher.outlook.standing(queue);
    return waitMs === null ? say('unavailable') : say('ok', { waitSeconds: waitMs / 1_000, waiting, ready });
  },

  async dnc({ optOut, country }, { call, request: { scope } }) {
    const number = call.ani === null ? null : e164Of(call.ani, country);
    if (number === null) return say('noNumber');
    const campaignId = scope === 'campaign' ? (call.campaignId ?? null) : null;
    return say((await optOut?.(number, campaignId)) === true ? 'ok' : 'error');
  },

  async 'follow-up'({ promise, country, log }, { call, requestId, request }) {
    const { kind, flow, work, ...what } = request;
    const { callId, campaignId = null } = call;
    const ani = call.ani === null ? null : (e164Of(call.ani, country) ?? call.ani.slice(0, 100));
    const wish = { ...what, kind: work, callId, ani, campaignId };
    // A request that is made again after a crash has the same id.
    const made = await promise?.(wish, { name: `flow ${flow}`, agentId: null }, `followup-${requestId}`);
    if (made && !made.ok) log.warn({ callId, requestId, kind, why: made.sentence }, 'a follow-up could not be made');
    return say(made?.ok === true ? 'ok' : 'error');
  },

  async recall({ flows, clock }, { call, request: { what } }) {
    const known = call.ani === null ? null : await flows.recall(call.ani, what, clock.now());
    return known === null ? say('none') : say('ok', known);
  },

  async 'keep-recording'(rooms, asked) {
    const { recordingId: id } = asked.request;
    const wav = await wordsOf(rooms, asked);
    if (!wav) return say('error');
    const { flows, recordings, clock } = rooms;
    // Its row goes first: who dies or fails in between leaves nothing that could not be found and erased.
    await flows.saveRecording({
      id,
      callId: asked.call.callId,
      recordedAt: clock.now(),
      file: recordings.nameOf(id),
      kind: 'flow',
      queue: null,
      agentId: null,
      makingOn: null,
      durationMs: null,
      keepUntil: clock.now() + KEPT.flowRecordingMs,
    });
    await recordings.keep(id, wav);
    return say('ok');
  },

  async 'voicemail-room'({ flows, site }, { request: { box } }) {
    const profile = site().boxes.get(box);
    if (!profile) return say('error');
    return say((await flows.openVoicemails(box)) < profile.maxMessages ? 'ok' : 'full');
  },

  async voicemail(rooms, asked) {
    const { box, recordingId: id, durationMs, language, replyBy } = asked.request;
    const { flows, recordings, clock } = rooms;
    const profile = rooms.site().boxes.get(box);
    const wav = profile ? await wordsOf(rooms, asked) : null;
    if (!profile || !wav) return say('error');
    const [recordedAt, file] = [clock.now(), recordings.nameOf(id)];
    const { callId, ani } = asked.call;
    const message = { id, box, callId, ani, language, recordedAt, durationMs: Math.round(durationMs), file, replyBy };
    if ((await flows.depositVoicemail(message, profile.maxMessages)) === 'full') return say('full');
    try {
      await recordings.keep(id, wav);
    } catch (error) {
      // Nobody is to look for words that are not there.
      await recordings.remove(file);
      await flows.removeVoicemail(id);
      throw error;
    }
    return say('ok');
  },

  async callback({ flows, site, clock, country, promised }, { call, requestId: id, request }) {
    const { queue, language, dueBy, keepPlace } = request;
    const { queues, destinations } = site();
    const number = e164Of(request.number, country);
    if (number === null || judgeNumber(number, destinations) !== 'allowed') return say('refused');
    const most = queues.get(queue)?.maxWaiting;
    if (most === undefined) return say('error');
    const requestedAt = clock.now();
    // Who comes from the queue keeps the place that he had there; who asks before it begins to wait as he asks.
    const wait = call.wait?.request.queue === queue ? call.wait : null;
    const { require, relax, priority } = wait?.request ?? { require: request.require, relax: [], priority: 0 };
    const about = { id, callId: call.callId, queue, number, language, line: e164Of(call.dnis, country) };
    const place = { requestedAt, dueBy, keepPlaceFrom: keepPlace ? (wait?.since ?? requestedAt) : null };
    const kept = await flows.requestCallback({ ...about, ...place, require, relax, priority }, most);
    if (kept === null) return say('full');
    promised?.();
    return say('taken', kept);
  },

  async agent({ codes }, { call, request }) {
    return say((await codes?.(call.source ?? '', request)) ?? 'unknown');
  },

  async speech({ speech }, { request: { legId, language, hints, timeoutMs } }) {
    const heard = await speech.listen({ legId, language, hints, timeoutMs });
    return heard.outcome === 'ok' ? say('ok', heard.text) : say(heard.outcome);
  },
};

/** What was recorded; null when the switch has it no more, or not in time. */
async function wordsOf(
  rooms: FlowServiceRooms,
  asked: Asked<'keep-recording'> | Asked<'voicemail'>,
): Promise<Uint8Array | null> {
  const { call, requestId, request, until } = asked;
  const found = await fetchRecording(rooms, request.recordingId, until);
  if (found.ok) return found.wav;
  const { callId } = call;
  rooms.log.warn({ callId, requestId, kind: request.kind, why: found.why }, 'a recording could not be fetched');
  return null;
}
