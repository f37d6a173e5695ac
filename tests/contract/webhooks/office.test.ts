import { Webhook as Receiver } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { JournalEvent } from '../../../src/call/journal.ts';
import type { LiveStore } from '../../../src/engine/ports/live-store.ts';
import type { Clock } from '../../../src/engine/ports/time.ts';
import type { WebhookBooks } from '../../../src/engine/ports/webhooks.ts';
import type { TellOfWebhook } from '../../../src/events/webhook-news.ts';
import { WebhookDesk } from '../../../src/events/webhook-desk.ts';
import { WebhookOffice } from '../../../src/events/webhook-office.ts';
import { systemClock } from '../../../src/system.ts';
import { type AllowedHost, readAllowList } from '../../../src/web/allow-list.ts';
import { createPost } from '../../../src/web/post.ts';
import { createMemoryLive } from '../../support/memory-live-store.ts';
import { createMemoryWebhooks } from '../../support/memory-webhooks.ts';
import { silent } from '../../support/silent.ts';
import { certificateFor } from '../web/certificate.ts';
import { type FarSide, farSide, inside } from '../web/far-side.ts';

const BEGAN = Date.now();
function hurried(times: number): Clock {
  const now = () => BEGAN + (Date.now() - BEGAN) * times;
  return {
    now,
    at: (at, task) => {
      const timer = setTimeout(task, Math.max(0, (at - now()) / times));
      return () => clearTimeout(timer);
    },
  };
}

/** So fast that a pause of minutes is over in a moment. */
const fast = hurried(1_000);
/**
 * So fast that no lease lapses while the machine waits for a core. It may lapse in life too: then an event goes out twice,
 * which is promised to nobody not to be.
 */
const calm = hurried(20);

let clock: Clock;
let live: LiveStore;
let books: WebhookBooks;
let offices: WebhookOffice[];
let allowed: AllowedHost[];
let ids: number;
let seq: number;
let told: number;
const timeIs = (time: Clock): void => {
  clock = time;
  live = createMemoryLive(() => clock.now()).connect();
};
beforeEach(() => {
  timeIs(fast);
  books = createMemoryWebhooks();
  [offices, allowed, ids, seq, told] = [[], [], 0, 0, 0];
});
afterEach(async () => {
  for (const office of offices) await office.stop();
});

/** A process of the house, with a door to the world of its own. */
function process(owner: string): { readonly office: WebhookOffice; readonly desk: WebhookDesk } {
  const allow = () => {
    const read = readAllowList(allowed);
    return read.ok ? read.rules : [];
  };
  const web = createPost({ allow, clock: systemClock });
  const tell: TellOfWebhook = async (subject, fact) => {
    await live.append([{ ...fact, subject, seq: (told += 1), at: clock.now() }]);
  };
  const rooms = { clock, log: silent, live, web, books, tell, source: '/callwright', chance: () => 0.5, owner };
  const office = new WebhookOffice(rooms);
  offices.push(office);
  const next = () => `webhook-${(ids += 1)}`;
  const desk = new WebhookDesk({ clock, ids: { next }, live, books, tell, office, urlFault: () => null });
  return { office, desk };
}

async function made(desk: WebhookDesk, receiver: FarSide, path = '/in') {
  allowed.push(inside(receiver.url));
  const answer = await desk.make({ url: `${receiver.url}${path}`, types: null, from: 'now' });
  if (!answer.ok) throw new Error(answer.sentence);
  return { id: answer.value.seen.webhook.id, secret: answer.value.secret };
}

async function happen(count: number): Promise<void> {
  const events = Array.from({ length: count }, (): JournalEvent => {
    seq += 1;
    const [call, nth] = [seq % 10, Math.ceil(seq / 10)];
    return { type: 'call.answered', data: { legId: 'l' }, subject: `call/${call}`, seq: nth, at: clock.now() };
  });
  await live.append(events);
}

const messagesAt = (receiver: FarSide) => receiver.seen.map(({ headers }) => String(headers['webhook-id']));
const idsAt = (receiver: FarSide) => messagesAt(receiver).filter((id) => id.startsWith('call/'));
const toldAt = (receiver: FarSide) =>
  receiver.seen.flatMap(({ body }) => {
    const { type, data } = JSON.parse(body) as { type: string; data: Record<string, unknown> };
    return type.startsWith('callwright.webhook.') ? [{ type, ...data }] : [];
  });
const all = (count: number) =>
  Array.from({ length: count }, (_, n) => `call/${(n + 1) % 10}:${Math.ceil((n + 1) / 10)}`);
const byText = (a = '', b = '') => (a < b ? -1 : 1);
const eventually = (assert: () => void | Promise<void>) => vi.waitFor(assert, { timeout: 15_000, interval: 20 });

describe('webhooks over a real network', () => {
  it('reach a receiver, who checks them with his own library', async () => {
    const receiver = await farSide();
    const { office, desk } = process('p1');
    office.start();
    const { secret } = await made(desk, receiver);
    await happen(30);
    await eventually(() => expect(idsAt(receiver).toSorted(byText)).toEqual(all(30).toSorted(byText)));
    const [first] = receiver.seen;
    expect(first).toMatchObject({
      method: 'POST',
      url: '/in',
      headers: { 'content-type': 'application/cloudevents+json' },
    });
    vi.useFakeTimers({ now: Number(first?.headers['webhook-timestamp']) * 1_000, toFake: ['Date'] });
    try {
      const headers = first?.headers as Record<string, string>;
      expect(new Receiver(secret).verify(first?.body ?? '', headers)).toMatchObject({ specversion: '1.0' });
    } finally {
      vi.useRealTimers();
    }
  });

  it('lose nothing to a receiver who answers 500 and then is well again, and cost others nothing', async () => {
    const [ill, well] = [await farSide(), await farSide()];
    ill.handle((_, response) => response.writeHead(500).end());
    const { office, desk } = process('p1');
    office.start();
    const { id } = await made(desk, ill);
    await made(desk, well);
    await happen(200);
    await eventually(() => expect(idsAt(well).toSorted(byText)).toEqual(all(200).toSorted(byText)));
    await eventually(() => expect(office.standing(id)).toMatchObject({ why: 'answered 500' }));
    const vain = ill.seen.length;
    expect(vain).toBeLessThan(100);
    ill.handle((_, response) => response.writeHead(204).end());
    await eventually(() => expect(new Set(idsAt(ill).slice(vain)).size).toBe(200));
    await eventually(() => expect(office.standing(id)?.failingSince).toBeNull());
  });

  it('tell others once that one fails, once that it is well, and never itself, also when another process takes over', async () => {
    const [ill, well] = [await farSide(), await farSide()];
    ill.handle((_, response) => response.writeHead(500).end());
    const [first, second] = [process('p1'), process('p2')];
    first.office.start();
    const { id: webhookId } = await made(first.desk, ill);
    await made(first.desk, well);
    await happen(20);
    const failing = { type: 'callwright.webhook.failing.v1', webhookId, tries: 3, why: 'answered 500' };
    await eventually(() => expect(toldAt(well)).toEqual([expect.objectContaining(failing)]));
    await first.office.stop();
    second.office.start();
    const tried = ill.seen.length;
    await eventually(() => expect(ill.seen.length).toBeGreaterThan(tried + 4));
    ill.handle((_, response) => response.writeHead(204).end());
    const again = { type: 'callwright.webhook.well.v1', webhookId, failedMs: expect.any(Number) };
    await eventually(() => expect(toldAt(well)).toEqual([expect.objectContaining(failing), again]));
    await eventually(() => expect(new Set(idsAt(ill)).size).toBe(20));
    expect((await books.all()).map(({ failingSince }) => failingSince)).toEqual([null, null]);
    const { length } = messagesAt(ill).filter((id) => id.startsWith('webhook/'));
    expect(length).toBe(0);
  });

  it('tell that one is off: its receiver wants no more, or somebody asked for it', async () => {
    const [gone, well] = [await farSide(), await farSide()];
    gone.handle((_, response) => response.writeHead(410).end());
    const { office, desk } = process('p1');
    office.start();
    const [first, second] = [await made(desk, gone), await made(desk, well)];
    await happen(3);
    const off = (webhookId: string, because: string) => ({ type: 'callwright.webhook.off.v1', webhookId, because });
    await eventually(() => expect(toldAt(well)).toContainEqual(expect.objectContaining(off(first.id, 'gone'))));
    await eventually(async () => expect(await books.all()).toMatchObject([{ isOn: false }, {}]));
    await desk.change(second.id, { isOn: false });
    const events = await live.read(null, 1_000);
    const last = events.at(-1)?.event;
    expect(last).toMatchObject({ type: 'webhook.off', data: { webhookId: second.id, because: 'asked' } });
    expect((await books.all()).map(({ failingSince }) => failingSince)).toEqual([null, null]);
  });

  it('are not sent to a host that is not allowed any more, nor over a certificate that nobody trusts', async () => {
    const secure = await farSide({ tls: certificateFor('localhost') });
    const { office, desk } = process('p1');
    office.start();
    const { id } = await made(desk, secure);
    await happen(5);
    await eventually(() => expect(office.standing(id)?.why).toBe('certificate not trusted'));
    allowed = [];
    await eventually(() => expect(office.standing(id)?.why).toBe('host not allowed'));
    expect(secure.seen).toEqual([]);
  });

  it('are sent by one process, and by another when that one stops', async () => {
    timeIs(calm);
    const receiver = await farSide();
    const [first, second] = [process('p1'), process('p2')];
    first.office.start();
    second.office.start();
    await made(first.desk, receiver);
    await happen(100);
    await eventually(() => expect(idsAt(receiver)).toHaveLength(100));
    await first.office.stop();
    await happen(100);
    await eventually(() => expect(new Set(idsAt(receiver)).size).toBe(200));
    expect(idsAt(receiver).length).toBe(200);
  });

  it('stop at once when they are switched off, and go on where they stopped', async () => {
    const receiver = await farSide();
    const { office, desk } = process('p1');
    office.start();
    const { id } = await made(desk, receiver);
    await happen(20);
    await eventually(() => expect(idsAt(receiver)).toHaveLength(20));
    await desk.change(id, { isOn: false });
    await happen(20);
    expect(office.standing(id)).toBeNull();
    await desk.change(id, { isOn: true });
    await eventually(() => expect(idsAt(receiver).toSorted(byText)).toEqual(all(40).toSorted(byText)));
  });
});
