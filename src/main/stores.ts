import { JournalArchiver } from '../engine/journal-archiver.ts';
import { withArchive } from '../engine/whole-journal.ts';
import type { ErasureBook, PersonBook } from '../engine/ports/erasures.ts';
import type { EventArchive } from '../engine/ports/event-archive.ts';
import type { DncStore } from '../engine/ports/dnc.ts';
import type { FlowStore } from '../engine/ports/flow-store.ts';
import type { FollowUpStore } from '../engine/ports/follow-ups.ts';
import type { History } from '../engine/ports/history.ts';
import type { KeyBook } from '../engine/ports/idempotency.ts';
import type { LiveStore } from '../engine/ports/live-store.ts';
import type { WebhookBooks } from '../engine/ports/webhooks.ts';
import { createRedisLiveStore } from '../store/redis/live-store.ts';
import { createSqlStores } from '../store/sql/stores.ts';
import { systemClock } from '../system.ts';
import { type Metrics } from '../telemetry/metrics.ts';
import { measuredStore } from '../telemetry/measured-store.ts';
import { type CallwrightOptions, type Closers, OWNER } from './options.ts';

/** Where all is kept. */
export interface Stores {
  readonly live: LiveStore;
  readonly history: History;
  readonly flows: FlowStore;
  readonly dnc: DncStore;
  readonly followUps: FollowUpStore;
  readonly webhooks: WebhookBooks;
  readonly archive: EventArchive;
  readonly erasures: ErasureBook;
  readonly people: PersonBook;
  readonly keys: KeyBook;
}

export async function openStores(
  { settings, servers, logBook }: CallwrightOptions,
  metrics: Metrics,
  closers: Closers,
): Promise<Stores> {
  const redis = await createRedisLiveStore({ url: servers.redisUrl, log: logBook.of('redis') });
  const live = measuredStore(redis, (ok, ms) => metrics.storeTook('live', ok, ms));
  closers.push(() => live.close());
  const { databaseUrl, databaseConnections: poolMax } = servers;
  const sql = await createSqlStores({ databaseUrl, log: logBook.of('sql'), ...(poolMax && { poolMax }) });
  closers.push(() => sql.history.close());
  const { archive } = sql;
  const days = settings.CALLWRIGHT_JOURNAL_DAYS;
  const log = logBook.of('journal');
  const archiver = new JournalArchiver({ clock: systemClock, log, live, archive, owner: OWNER, days });
  archiver.start();
  closers.push(() => archiver.stop());
  const history = measuredStore(sql.history, (ok, ms) => metrics.storeTook('history', ok, ms));
  return { ...sql, history, live: withArchive(live, archive) };
}
