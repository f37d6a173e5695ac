import { createHash } from 'node:crypto';
import type { CallId, RecordingId } from '../call/ids.ts';
import type { Fact } from '../call/journal.ts';
import type { Deed } from './call/deeds.ts';
import { faultName } from './flow-services.ts';
import { insist } from './insist.ts';
import { fetchRecording, lengthMsOf } from './kept-words.ts';
import type { FlowStore, KeptRecording } from './ports/flow-store.ts';
import type { LiveStore } from './ports/live-store.ts';
import type { RecordingStore } from './ports/recordings.ts';
import type { SwitchPort } from './ports/switch.ts';
import type { Clock, Log } from './ports/time.ts';
import type { Recorder } from './recorder.ts';
import type { Switchboard } from './switchboard.ts';

interface RecordingRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly live: Pick<LiveStore, 'append'>;
  readonly flows: FlowStore;
  readonly recordings: RecordingStore;
  readonly switchPort: SwitchPort;
  readonly recorder: Recorder;
  readonly board: () => Pick<Switchboard, 'all'>;
}

type Of<T extends Deed['type']> = Extract<Deed, { type: T }>;

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const FETCH_MS = 20_000;
const AT_ONCE = 50;
/** Who erases what nobody asked to. */
const RETENTION = 'retention';

/**
 * Recordings of talks, and of messages to abandoned persons: from the switch to where recordings are kept, and away again when their time is over. The row of one
 * stands before its first word is recorded, so that whatever dies, it is found, fetched or erased.
 */
export class TalkRecordings {
  readonly #rooms: RecordingRooms;
  #next: (() => void) | null = null;
  /** One after the other: each is a whole file in memory. */
  #work: Promise<void> = Promise.resolve();

  constructor(rooms: RecordingRooms) {
    this.#rooms = rooms;
  }

  start(): void {
    const { clock } = this.#rooms;
    this.#next = clock.at(clock.now() + MINUTE_MS, () => {
      this.#then(() => this.#look());
      this.start();
    });
  }

  async stop(): Promise<void> {
    this.#next?.();
    await this.#work;
  }

  async begun(callId: CallId, { recordingId: id, queue, agentId, keepDays, kind }: Of<'talk.record'>): Promise<void> {
    const { clock, flows, recordings, switchPort } = this.#rooms;
    const recordedAt = clock.now();
    const about = { id, callId, recordedAt, file: recordings.nameOf(id), kind, queue, agentId };
    const times = { makingOn: switchPort.node, durationMs: null, keepUntil: recordedAt + keepDays * DAY_MS };
    await insist(this.#rooms, 'a recording', () => flows.saveRecording({ ...about, ...times }));
  }

  /** Resolves before it is kept: a file takes its time. */
  keep(id: RecordingId): void {
    this.#then(() => this.#fetch(id));
  }

  /** Nothing of it is kept, there or here. */
  async drop(id: RecordingId): Promise<void> {
    void this.#rooms.switchPort.discard(id);
    await insist(this.#rooms, 'a dropped recording', () => this.#rooms.flows.removeRecording(id));
  }

  /** The file goes before its row, which leads to it again if we die in between. False when there was none. */
  async erase({ id, callId, queue, file }: KeptRecording, by: string): Promise<boolean> {
    const { flows, recordings, switchPort } = this.#rooms;
    await switchPort.discard(id);
    await recordings.remove(file);
    if (!(await flows.removeRecording(id))) return false;
    const data = { recordingId: id, callId, queue, by };
    await this.#tell(id, 'an erased recording', { type: 'recording.erased', data });
    return true;
  }

  async #tell(id: RecordingId, what: string, fact: Fact): Promise<void> {
    const { recorder, live } = this.#rooms;
    const events = recorder.events(`recording/${id}`, [fact]);
    recorder.tell(events);
    await insist(this.#rooms, what, () => live.append(events));
  }

  #then(task: () => Promise<void>): void {
    this.#work = this.#work.then(task).catch((error: unknown) => {
      this.#rooms.log.warn({ fault: faultName(error) }, 'recordings not looked after: tried again in a minute');
    });
  }

  async #look(): Promise<void> {
    const { flows, clock, switchPort, board } = this.#rooms;
    const going = new Set(
      board()
        .all()
        .map(({ state }) => state.recording?.part?.id),
    );
    for (const { id } of await flows.recordingsMadeOn(switchPort.node, AT_ONCE)) {
      // Its call is over or knows no more of it: whatever still records, ends.
      if (going.has(id)) continue;
      await switchPort.do({ type: 'record.stop', recordingId: id });
      await this.#fetch(id);
    }
    for (const due of await flows.dueRecordings(clock.now(), AT_ONCE)) await this.erase(due, RETENTION);
  }

  async #fetch(id: RecordingId): Promise<void> {
    const { clock, flows, recordings, switchPort, log } = this.#rooms;
    const row = await flows.recording(id);
    if (!row || row.makingOn === null) return;
    const found = await fetchRecording(this.#rooms, id, clock.now() + FETCH_MS);
    if (found.ok) {
      const [durationMs, sha256] = [lengthMsOf(found.wav), createHash('sha256').update(found.wav).digest('hex')];
      const { callId, queue } = row;
      await recordings.keep(id, found.wav);
      // Before its row says that it is kept: else nobody would tell it after a crash.
      await this.#tell(id, 'a kept recording', {
        type: 'recording.kept',
        data: { recordingId: id, callId, queue, durationMs, sha256 },
      });
      await flows.keptRecording(id, durationMs);
      return switchPort.discard(id);
    }
    log.warn({ callId: row.callId, recordingId: id, why: found.why }, 'a recording could not be fetched');
    if (found.why === 'gone') await flows.removeRecording(id);
    return undefined;
  }
}
