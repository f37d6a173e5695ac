import type { EventArchive } from '../../engine/ports/event-archive.ts';
import type { DncStore } from '../../engine/ports/dnc.ts';
import type { ErasureBook, PersonBook } from '../../engine/ports/erasures.ts';
import type { FlowStore } from '../../engine/ports/flow-store.ts';
import type { KeyBook } from '../../engine/ports/idempotency.ts';
import type { FollowUpStore } from '../../engine/ports/follow-ups.ts';
import type { WebhookBooks } from '../../engine/ports/webhooks.ts';
import type { History } from '../../engine/ports/history.ts';
import { connect, type SqlSettings } from './connect.ts';
import { sqlDncStore } from './dnc.ts';
import { sqlPersonBook } from './erase.ts';
import { sqlErasures } from './erasures.ts';
import { sqlEventArchive } from './event-archive.ts';
import { sqlFlowStore } from './flow-store.ts';
import { sqlFollowUps } from './follow-ups.ts';
import { sqlHistory } from './history.ts';
import { sqlKeyBook } from './idempotency.ts';
import { sqlWebhookBooks } from './webhooks.ts';

export interface SqlStores {
  readonly history: History;
  readonly flows: FlowStore;
  readonly dnc: DncStore;
  readonly archive: EventArchive;
  readonly webhooks: WebhookBooks;
  readonly followUps: FollowUpStore;
  readonly keys: KeyBook;
  readonly erasures: ErasureBook;
  readonly people: PersonBook;
}

/**
 * Everything that is kept in SQL, over one pool, since the embedded store takes one connection only. Closing the history
 * closes both.
 * @throws SqlFault with a sentence that says what to do.
 */
export async function createSqlStores(settings: SqlSettings): Promise<SqlStores> {
  const db = await connect(settings);
  return {
    history: sqlHistory(db),
    flows: sqlFlowStore(db),
    dnc: sqlDncStore(db),
    archive: sqlEventArchive(db, settings.log),
    webhooks: sqlWebhookBooks(db),
    followUps: sqlFollowUps(db),
    keys: sqlKeyBook(db),
    erasures: sqlErasures(db),
    people: sqlPersonBook(db),
  };
}
