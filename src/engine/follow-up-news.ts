import type { JournalEvent } from '../call/journal.ts';
import { callbackOf, callNews } from '../work/follow-up-call.ts';
import { faultName } from './flow-services.ts';
import type { FollowUpDesk } from './follow-up-desk.ts';
import type { Log } from './ports/time.ts';

/** The callback of a follow-up has its name: see `EngineFollowUpCalls`. */
const OF_FOLLOW_UP = /^callback-(?<id>.+)-\d+$/u;

/**
 * Hears what becomes of the calls of follow-ups and has it written into their history. What is lost here, since this process dies or a
 * store is away, whoever looks after follow-ups finds a few seconds later, though not why a try came to nothing.
 */
export class FollowUpNews {
  readonly #desk: Pick<FollowUpDesk, 'change'>;
  readonly #log: Log;

  constructor(desk: Pick<FollowUpDesk, 'change'>, log: Log) {
    this.#desk = desk;
    this.#log = log;
  }

  see(event: JournalEvent): void {
    if (!event.type.startsWith('callback.')) return;
    const id = OF_FOLLOW_UP.exec(callbackOf(event) ?? '')?.groups?.['id'];
    if (id !== undefined) void this.#write(id, event);
  }

  async #write(id: string, event: JournalEvent): Promise<void> {
    try {
      await this.#desk.change(id, (followUp) => callNews(followUp, event));
    } catch (error) {
      this.#log.warn({ followUpId: id, fault: faultName(error) }, 'the end of a call is written down later');
    }
  }
}
