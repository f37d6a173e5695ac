import { Engine } from '../engine/engine.ts';
import { Looks } from '../engine/looks.ts';
import { GroupNews } from '../events/group-news.ts';
import { QueueLogFile } from '../events/queue-log-file.ts';
import { WebhookDesk } from '../events/webhook-desk.ts';
import { WebhookOffice } from '../events/webhook-office.ts';
import type { Fact } from '../call/journal.ts';
import { systemClock, systemIds } from '../system.ts';
import { type Metrics } from '../telemetry/metrics.ts';
import { EventsOutWatch } from '../telemetry/events-out.ts';
import { measuredPost } from '../telemetry/measured-post.ts';
import { readAllowList } from '../web/allow-list.ts';
import { admit } from '../web/guard.ts';
import { createPost } from '../web/post.ts';
import { type CallwrightOptions, type Closers, OWNER, SOURCE } from './options.ts';
import type { Stores } from './stores.ts';

/** Messages go to the hosts that the release which runs allows, and by connections of their own. */
export function openWebhooks(
  { logBook }: CallwrightOptions,
  stores: Stores,
  { house }: Engine,
  metrics: Metrics,
  closers: Closers,
) {
  const allow = () => {
    const read = readAllowList(house.releases.current.site.destinations.hosts);
    return read.ok ? read.rules : [];
  };
  const { live, webhooks: books } = stores;
  const web = createPost({ allow, clock: systemClock });
  const log = logBook.of('webhooks');
  const tell = teller(stores, house);
  const timed = { post: measuredPost((message) => web.post(message), metrics) };
  const rooms = {
    clock: systemClock,
    log,
    live,
    web: timed,
    books,
    tell,
    source: SOURCE,
    chance: Math.random,
    owner: OWNER,
  };
  const office = new WebhookOffice(rooms);
  office.start();
  closers.push(async () => {
    const stopped = office.stop();
    web.stop(); // nobody waits for a receiver who is slow: his message comes again
    await stopped;
  });
  const urlFault = (url: string) => {
    const judged = admit(url, allow());
    return judged.ok
      ? null
      : `Nothing may be sent there: ${judged.why}. Add its host to \`hosts\` in site/destinations.yaml, then \`callwright flow load\`.`;
  };
  return new WebhookDesk({ clock: systemClock, ids: systemIds, live, books, tell, office, urlFault });
}

/** Facts about the ways out: written into the journal, then told. */
function teller({ live }: Stores, { recorder }: Engine['house']) {
  return async (subject: string, fact: Fact): Promise<void> => {
    const events = recorder.events(subject, [fact]);
    await live.append(events);
    recorder.tell(events);
  };
}

/** The stores are asked this often, and never by a scrape. */
const WATCH_EVERY_MS = 10_000;

/** How events leave the house and what was promised, for the metrics; and what is told of the groups of consumers. */
export function openEventsOutWatch(
  { logBook }: CallwrightOptions,
  stores: Stores,
  { house }: Engine,
  metrics: Metrics,
  closers: Closers,
): void {
  const { live, archive, webhooks: books } = stores;
  const owed = () => house.followUps.queues({ name: 'metrics', agentId: null });
  const watch = new EventsOutWatch({ clock: systemClock, live, archive, books, owed });
  const news = new GroupNews({ groups: live.groups, tell: teller(stores, house) });
  metrics.watchEvents(() => watch.last);
  const often = { clock: systemClock, log: logBook.of('metrics'), everyMs: WATCH_EVERY_MS };
  const shown = 'how events leave the house cannot be seen for the moment';
  const told = 'dead letters of the groups of consumers cannot be told for the moment';
  for (const looks of [
    new Looks({ ...often, look: () => watch.look(), failing: shown }),
    new Looks({ ...often, look: () => news.look(), failing: told }),
  ]) {
    looks.start();
    closers.push(() => looks.stop());
  }
}

export function openQueueLog(
  { settings, logBook }: CallwrightOptions,
  { live }: Stores,
  { house }: Engine,
  closers: Closers,
) {
  const path = settings.CALLWRIGHT_QUEUE_LOG;
  if (path === undefined) return;
  const queuesOf = (id: string) => house.desk.find(id)?.profile.queues ?? [];
  const file = new QueueLogFile({ path, live, clock: systemClock, log: logBook.of('queue-log'), queuesOf });
  file.start();
  closers.push(() => file.stop());
}
