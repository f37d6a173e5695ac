import type { DetectionCause, DetectionResult, SwitchDetection } from '../../call/detection.ts';
import type { SwitchCommand, SwitchResult } from '../../call/switch.ts';
import type { Log } from '../../engine/ports/time.ts';
import type { AriEvent } from './ari-event.ts';
import type { DoorLeg } from './news.ts';
import type { AriReply, Ask } from './requests.ts';
import { failed } from '../results.ts';
import { resultOf } from './results.ts';

/** The dialplan's context in which AMD() listens. */
export const DETECT_CONTEXT = 'callwright-detect';
/** The channel variable with AMD()'s arguments. */
export const AMD_VARIABLE = 'CALLWRIGHT_AMD';
/** Third argument of a leg that comes back from there; the finding follows. */
export const DETECTED = 'detected';

/** AMD()'s arguments, in the order of its documentation (Asterisk 22, `core show application AMD`). */
export const amdArguments = (settings: SwitchDetection): string =>
  [
    settings.initialSilenceMs,
    settings.greetingMs,
    settings.afterGreetingSilenceMs,
    settings.totalMs,
    settings.shortestWordMs,
    settings.betweenWordsMs,
    settings.mostWords,
    settings.loudness,
    settings.longestWordMs,
  ]
    .map((value) => String(Math.max(0, Math.round(value))))
    .join(',');

/** AMDCAUSE begins with one of these; numbers follow. */
const CAUSES: Readonly<Record<string, DetectionCause>> = {
  HUMAN: 'pause-after-greeting',
  INITIALSILENCE: 'initial-silence',
  LONGGREETING: 'long-greeting',
  MAXWORDS: 'many-words',
  MAXWORDLENGTH: 'long-word',
  TOOLONG: 'out-of-time',
};
const RESULTS: Readonly<Record<string, DetectionResult>> = { HUMAN: 'human', MACHINE: 'machine', NOTSURE: 'unsure' };

interface Finding {
  readonly result: DetectionResult;
  readonly cause: DetectionCause;
}

/** What AMDSTATUS and AMDCAUSE mean. A word that no Asterisk of today says is no finding. */
export function findingOf(status = '', cause = ''): Finding {
  const result = RESULTS[status];
  const why = CAUSES[cause.split('-', 1)[0] ?? ''];
  return result && why ? { result, cause: why } : { result: 'unsure', cause: 'not-run' };
}

type Watch = Extract<SwitchCommand, { type: 'talk.watch' }>;

/** Mean amplitude above which it is a sound; Asterisk's own default. */
const LOUDNESS = 256;

/** Has the switch tell when the far end of a leg speaks (TALK_DETECT), or tell so no more. */
export async function watchTalk(ask: Ask, leg: DoorLeg | null, { legId, on, quietMs }: Watch): Promise<SwitchResult> {
  if (on && !(quietMs > 0)) return failed('refused', 'a silence has to have a length');
  const variable = on ? 'TALK_DETECT(set)' : 'TALK_DETECT(remove)';
  const query = { variable, value: on ? `${Math.round(quietMs)},${LOUDNESS}` : '' };
  const uri = `channels/${encodeURIComponent(legId)}/variable`;
  return resultOf(await ask({ method: 'POST', uri, query }), leg);
}

interface DetectionRooms {
  readonly ask: Ask;
  readonly log: Log;
  /** What Asterisk would have told. */
  readonly hear: (event: AriEvent) => void;
}

type Start = Extract<AriEvent, { type: 'StasisStart' }>;

/**
 * Legs that were picked up and are to be listened to. AMD() is an application of the dialplan, so the leg goes there from our
 * own and comes back: the pick-up is told before it and not seconds after, and the leg is subscribed to from its first ring.
 */
export class Detections {
  readonly #rooms: DetectionRooms;
  /** Whether the dialplan has the context; null: not asked yet. */
  #canListen: boolean | null = null;

  constructor(rooms: DetectionRooms) {
    this.#rooms = rooms;
  }

  /** @param start the leg's entry into our application. */
  async begin(start: Start, leg: DoorLeg): Promise<void> {
    const { id: legId, detect } = leg;
    const { ask } = this.#rooms;
    if (detect?.by.kind === 'own') {
      await watchTalk(ask, leg, { type: 'talk.watch', legId, on: true, quietMs: detect.by.quietMs });
      return;
    }
    if (await this.#listens(legId)) {
      const query = { context: DETECT_CONTEXT, extension: 's', priority: '1' };
      const sent = await ask({ method: 'POST', uri: `channels/${encodeURIComponent(legId)}/continue`, query });
      // Gone: its end is told. Connection lost: whoever finds the leg again says what becomes of it.
      if (!sent || sent.status < 300 || sent.status === 404) return;
    }
    this.#rooms.hear({ ...start, args: [start.args[0] ?? '', start.args[1] ?? '', DETECTED] });
  }

  /** A dialplan of an earlier release has no such context, and a leg sent there would be hung up. */
  async #listens(legId: string): Promise<boolean> {
    if (this.#canListen !== null) return this.#canListen;
    const query = { variable: `DIALPLAN_EXISTS(${DETECT_CONTEXT},s,1)` };
    const uri = `channels/${encodeURIComponent(legId)}/variable`;
    const reply = await this.#rooms.ask({ method: 'GET', uri, query });
    if (!reply || reply.status >= 300) return true;
    this.#canListen = valueOf(reply) === '1';
    if (!this.#canListen) {
      this.#rooms.log.error(
        { context: DETECT_CONTEXT },
        'The dialplan of Asterisk has no such context, so nobody is told from a machine; include dialplans/asterisk/extensions.conf of this release',
      );
    }
    return this.#canListen;
  }
}

function valueOf(reply: NonNullable<AriReply>): unknown {
  const { body } = reply;
  return typeof body === 'object' && body !== null && 'value' in body ? body.value : null;
}
