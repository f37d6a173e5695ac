import { Engine } from '../engine/engine.ts';
import { QueueLogFile } from '../events/queue-log-file.ts';
import { WebhookDesk } from '../events/webhook-desk.ts';
import { WebhookOffice } from '../events/webhook-office.ts';
import type { TellOfWebhook } from '../events/webhook-news.ts';
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
  const tell: TellOfWebhook = async (subject, fact) => {
    const events = house.recorder.events(subject, [fact]);
    await live.append(events);
    house.recorder.tell(events);
  };
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

/** How events leave the house, for the metrics. */
export function openEventsOutWatch(
  { logBook }: CallwrightOptions,
  stores: Stores,
  metrics: Metrics,
  closers: Closers,
): void {
  const { live, archive, webhooks: books } = stores;
  const watch = new EventsOutWatch({ clock: systemClock, log: logBook.of('metrics'), live, archive, books });
  watch.start();
  metrics.watchEvents(() => watch.last);
  closers.push(() => watch.stop());
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
