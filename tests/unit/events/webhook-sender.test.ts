import * as fc from 'fast-check';
import { Webhook as Receiver } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { JournalEvent } from '../../../src/call/journal.ts';
import type { LiveStore } from '../../../src/engine/ports/live-store.ts';
import type { WebMessage, WebReceipt } from '../../../src/engine/ports/web.ts';
import type { Webhook, WebhookBooks } from '../../../src/engine/ports/webhooks.ts';
import { type Round, WebhookSender } from '../../../src/events/webhook-sender.ts';
import { newWebhookSecret } from '../../../src/events/webhook-signature.ts';
import { createMemoryLive } from '../../support/memory-live-store.ts';
import { createMemoryWebhooks } from '../../support/memory-webhooks.ts';
import { silent } from '../../support/silent.ts';
import { SimulatedClock } from '../../support/simulated-clock.ts';

const HOUR_MS = 3_600_000;
const SECRET = newWebhookSecret();
const OK: WebReceipt = { ok: true, status: 204, retryAfterMs: 0 };
const AWAY: WebReceipt = { ok: false, why: 'unreachable' };
const answered = (status: number, retryAfterMs = 0): WebReceipt => ({ ok: true, status, retryAfterMs });

let clock: SimulatedClock;
let live: LiveStore;
let books: WebhookBooks;
let seqs: Map<string, number>;
/** Every message that was taken: id, in the order of taking. */
let taken: string[];
let messages: WebMessage[];
/** What the receiver says to an event of this id. */
let answer: (id: string) => WebReceipt;

beforeEach(() => begin());
afterEach(() => vi.useRealTimers());
function begin(): void {
  clock = new SimulatedClock();
  live = createMemoryLive(() => clock.now()).connect();
  books = createMemoryWebhooks();
  [seqs, taken, messages] = [new Map(), [], []];
  answer = () => OK;
}

async function happen(...calls: readonly string[]): Promise<void> {
  const events = calls.map((call, nth): JournalEvent => {
    const seq = (seqs.get(call) ?? 0) + 1;
    seqs.set(call, seq);
    const type = nth % 2 === 0 ? 'call.answered' : 'leg.ringing';
    return { type, data: { legId: 'l' }, subject: `call/${call}`, seq, at: clock.now() };
  });
  await live.append(events);
}

async function senderOf(more: Partial<Webhook> = {}): Promise<WebhookSender> {
  const secrets = [{ secret: SECRET, until: null }];
  const plain = {
    id: 'w1',
    url: 'https://crm.example/in',
    secrets,
    types: null,
    isOn: true,
    why: '',
    cursor: null,
    failingSince: null,
  };
  await books.put({ ...plain, createdAt: clock.now(), ...more });
  return again(more);
}

/** As another process that takes over begins: from the books alone. */
async function again(more: Partial<Webhook> = {}): Promise<WebhookSender> {
  const [webhook] = await books.all();
  if (!webhook) throw new Error('there is no webhook');
  const post = async (message: WebMessage) => {
    messages.push(message);
    const id = message.headers['webhook-id'] ?? '';
    const receipt = answer(id);
    if (receipt.ok && receipt.status < 300) taken.push(id);
    return receipt;
  };
  const rooms = { clock, log: silent, journal: live, web: { post }, books, source: '/callwright' };
  return new WebhookSender({ ...webhook, ...more }, { ...rooms, chance: () => 0.5, mine: async () => true });
}

/** Rounds until there is nothing to do before `ms` have passed. */
async function play(sender: WebhookSender, ms = 0): Promise<Round> {
  const until = clock.now() + ms;
  for (;;) {
    const round = await sender.round();
    if (round.next === 'give-up') return round;
    if (round.next === 'more') continue;
    if (round.at > until) {
      await clock.advance(until - clock.now());
      return round;
    }
    await clock.advance(Math.max(1, round.at - clock.now()));
  }
}

/** Until nothing is left to be sent, a minute at a time. */
async function playOut(sender: WebhookSender): Promise<void> {
  for (;;) {
    const round = await sender.round();
    const [webhook] = await books.all();
    const { parked } = await books.counts('w1');
    if (round.next === 'later' && parked === 0 && webhook?.cursor === (await live.lastCursor())) return;
    if (round.next === 'later') await clock.advance(60_000);
  }
}

const idsOf = (call: string) => taken.filter((id) => id.startsWith(`call/${call}:`));
const upTo = (call: string, last: number) => Array.from({ length: last }, (_, n) => `call/${call}:${n + 1}`);

describe('a receiver who is there', () => {
  it('gets every event once, those of a call in order, signed so that he can check it', async () => {
    const sender = await senderOf();
    await happen(...Array.from({ length: 350 }, (_, n) => `c${n % 9}`));
    await play(sender);
    expect(taken).toHaveLength(350);
    for (const call of seqs.keys()) expect(idsOf(call)).toEqual(upTo(call, seqs.get(call) ?? 0));
    const [first] = messages;
    expect(first?.headers['content-type']).toBe('application/cloudevents+json');
    const check = () => new Receiver(SECRET).verify(first?.body ?? '', { ...first?.headers });
    vi.useFakeTimers({ toFake: ['Date'], now: clock.now() });
    expect(check()).toMatchObject({ specversion: '1.0', id: 'call/c0:1' });
    vi.setSystemTime(clock.now() + HOUR_MS);
    expect(check, 'whoever kept it cannot send it again').toThrow(/old/iu);
  });

  it('gets only what he asked for', async () => {
    const sender = await senderOf({ types: ['leg.ringing'] });
    await happen('a', 'b', 'a', 'b');
    await play(sender);
    expect(taken).toEqual(['call/b:1', 'call/b:2']);
    expect((await books.all())[0]?.cursor).toBe(await live.lastCursor());
  });

  it('gets both signatures while two secrets are in force, and one when the older has ended', async () => {
    const secrets = [
      { secret: SECRET, until: null },
      { secret: newWebhookSecret(), until: clock.now() + HOUR_MS },
    ];
    const sender = await senderOf({ secrets });
    await happen('a');
    await play(sender, 2 * HOUR_MS);
    await happen('a');
    await play(sender);
    expect(messages.map(({ headers }) => headers['webhook-signature']?.split(' ').length)).toEqual([2, 1]);
  });
});

describe('an event that he will not have', () => {
  it('holds up its call and nothing else, and goes out in order when he takes it after all', async () => {
    const sender = await senderOf();
    let isMended = false;
    answer = (id) => (id === 'call/a:2' && !isMended ? answered(422) : OK);
    await happen('a', 'b', 'a', 'b', 'a', 'b');
    await play(sender);
    await happen('a', 'b');
    await play(sender, 60_000);
    expect(idsOf('a')).toEqual(upTo('a', 1));
    expect(idsOf('b')).toEqual(upTo('b', 4));
    expect(await books.counts('w1')).toEqual({ parked: 3, dead: 0 });
    isMended = true;
    await play(sender, HOUR_MS);
    expect(idsOf('a')).toEqual(upTo('a', 4));
    expect(await books.counts('w1')).toEqual({ parked: 0, dead: 0 });
  });

  it('is a dead letter after a day, lets its call go on, and is sent again by one command', async () => {
    const sender = await senderOf();
    let isMended = false;
    answer = (id) => (id === 'call/a:1' && !isMended ? answered(400) : OK);
    await happen('a', 'b', 'a');
    await play(sender, 26 * HOUR_MS);
    expect(idsOf('a')).toEqual(['call/a:2']);
    expect(await books.dead('w1', 10)).toMatchObject([{ subject: 'call/a', why: 'answered 400' }]);
    isMended = true;
    expect(await books.revive('w1', clock.now())).toBe(1);
    const next = await again();
    await play(next, 1_000);
    expect(idsOf('a')).toEqual(['call/a:2', 'call/a:1']);
    expect(await books.counts('w1')).toEqual({ parked: 0, dead: 0 });
  });

  it('is not taken for a receiver who is away, though nothing else happens', async () => {
    const sender = await senderOf();
    answer = (id) => (id === 'call/a:1' ? answered(400) : OK);
    await happen('a');
    await play(sender);
    expect(sender.standing.failingSince).toBeNull();
    await happen('b');
    await play(sender);
    expect(taken).toEqual(['call/b:1']);
  });
});

describe('a receiver who is away', () => {
  it.each<[string, WebReceipt]>([
    ['unreachable', AWAY],
    ['slow', { ok: false, why: 'timeout' }],
    ['with a certificate that nobody trusts', { ok: false, why: 'certificate not trusted' }],
    ['answering 500', answered(500)],
    ['answering 503', answered(503)],
    ['answering 429', answered(429)],
  ])('%s for ten minutes costs few messages, and loses none', async (_, receipt) => {
    const sender = await senderOf();
    answer = () => receipt;
    await happen('a', 'b', 'c');
    await play(sender, 5 * 60_000);
    await happen(...Array.from({ length: 1_000 }, (__, n) => `d${n % 40}`));
    await play(sender, 5 * 60_000);
    expect(messages.length).toBeLessThan(30);
    expect(sender.standing.why).not.toBe('');
    expect(await books.counts('w1')).toEqual({ parked: 0, dead: 0 });
    answer = () => OK;
    await play(sender, HOUR_MS);
    expect(taken).toHaveLength(1_003);
    for (const call of seqs.keys()) expect(idsOf(call)).toEqual(upTo(call, seqs.get(call) ?? 0));
    expect(sender.standing.failingSince).toBeNull();
  });

  it('is given the time he asks for', async () => {
    const sender = await senderOf();
    answer = () => answered(429, 40 * 60_000);
    await happen('a');
    const round = await play(sender);
    expect(round).toEqual({ next: 'later', at: clock.now() + 40 * 60_000 });
  });

  it('for a day, or gone for good, is sent nothing more', async () => {
    const sender = await senderOf();
    answer = () => AWAY;
    await happen('a');
    expect(await play(sender, 25 * HOUR_MS)).toEqual({ next: 'give-up', because: 'given-up', why: 'unreachable' });
    begin();
    const other = await senderOf();
    answer = () => answered(410);
    await happen('a');
    expect(await play(other)).toEqual({ next: 'give-up', because: 'gone', why: 'answered 410' });
  });
});

describe('a sender that dies', () => {
  it('is followed by one that begins from the books, and no event is lost or out of order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'), { maxLength: 60 }), fc.nat(4)), {
          maxLength: 8,
        }),
        fc.infiniteStream(fc.constantFrom(OK, OK, OK, OK, AWAY, answered(400), answered(500))),
        async (course, receipts) => {
          begin();
          let sender = await senderOf();
          answer = () => receipts.next().value;
          for (const [calls, rounds] of course) {
            await happen(...calls);
            for (let n = 0; n < rounds; n += 1) {
              const round = await sender.round();
              if (round.next === 'later') await clock.advance(Math.max(1, round.at - clock.now()));
            }
            sender = await again();
          }
          answer = () => OK;
          await playOut(sender);
          for (const call of seqs.keys()) {
            const first = [...new Set(idsOf(call))];
            expect(first).toEqual(upTo(call, seqs.get(call) ?? 0));
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});
