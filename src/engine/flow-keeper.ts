import type { Fact } from '../call/journal.ts';
import type { LiveStore } from './ports/live-store.ts';
import type { FlowStore, Voicemail } from './ports/flow-store.ts';
import type { RecordingStore } from './ports/recordings.ts';
import type { Clock, Log } from './ports/time.ts';
import { faultName } from './flow-services.ts';
import { insist } from './insist.ts';
import type { Recorder } from './recorder.ts';

interface KeeperRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly live: Pick<LiveStore, 'append'>;
  readonly flows: FlowStore;
  readonly recordings: RecordingStore;
  readonly recorder: Recorder;
}

const MINUTE_MS = 60_000;
const MINUTES_BETWEEN_CLEANINGS = 60;
/** A message that was dealt with is kept for so long, for whoever asks about it again. */
const DONE_KEPT_MS = 30 * 24 * 60 * MINUTE_MS;
const AT_ONCE = 50;
/** Who erases what nobody asked to. */
const RETENTION = 'retention';

/** Once a minute: promises to callers that were not kept are told, once each. Once an hour: what nobody needs any more goes. */
export class FlowKeeper {
  readonly #rooms: KeeperRooms;
  #minutes = 0;
  #next: (() => void) | null = null;
  #round: Promise<void> = Promise.resolve();

  constructor(rooms: KeeperRooms) {
    this.#rooms = rooms;
  }

  start(): void {
    const { clock } = this.#rooms;
    this.#next = clock.at(clock.now() + MINUTE_MS, () => {
      this.#round = this.#round.then(() => this.#look());
      this.start();
    });
  }

  async stop(): Promise<void> {
    this.#next?.();
    await this.#round;
  }

  async #look(): Promise<void> {
    this.#minutes += 1;
    try {
      await this.#tellOverdue();
      if (this.#minutes % MINUTES_BETWEEN_CLEANINGS === 0) await this.#clean();
    } catch (error) {
      this.#rooms.log.warn({ fault: faultName(error) }, 'voicemail not looked after: tried again in a minute');
    }
  }

  async #tellOverdue(): Promise<void> {
    const { flows, clock } = this.#rooms;
    for (const { id, box, replyBy } of await flows.overdueVoicemails(clock.now(), AT_ONCE)) {
      // Of several processes that look at the same time, the one that notes it first tells it.
      const data = { box, messageId: id, replyBy: replyBy ?? 0 };
      if (await flows.markAlerted(id)) await this.#tell(id, { type: 'voicemail.overdue', data });
    }
  }

  async #tell(id: string, fact: Fact): Promise<void> {
    const { recorder, live } = this.#rooms;
    const events = recorder.events(`voicemail/${id}`, [fact]);
    recorder.tell(events);
    await insist(this.#rooms, 'news of a message', () => live.append(events));
  }

  /**
   * Takes away what was said and that it was. The recording goes before its row: who dies in between leaves a row that leads to
   * it again. False when somebody else has done so.
   */
  async erase({ id, box, callId, file }: Voicemail, by: string): Promise<boolean> {
    const { flows, recordings } = this.#rooms;
    await recordings.remove(file);
    if (!(await flows.removeVoicemail(id))) return false;
    await this.#tell(id, { type: 'voicemail.erased', data: { box, messageId: id, callId, by } });
    return true;
  }

  async #clean(): Promise<void> {
    const { flows, clock } = this.#rooms;
    const now = clock.now();
    await flows.trim(now);
    const old = await flows.voicemails({ state: 'done', movedBefore: now - DONE_KEPT_MS, limit: AT_ONCE });
    for (const message of old) await this.erase(message, RETENTION);
  }
}
