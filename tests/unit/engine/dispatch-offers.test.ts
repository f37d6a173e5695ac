import { describe, expect, it } from 'vitest';
import { Offers, type OfferRooms } from '../../../src/engine/dispatch/offers.ts';
import type { CallSession } from '../../../src/engine/call-session.ts';
import { agentProfile, queueProfile } from '../../support/site.ts';
import { silent } from '../../support/silent.ts';
import { SimulatedClock } from '../../support/simulated-clock.ts';

const AGENTS = [{ agentId: 'alice', fence: 7 }];
const WHY = { callId: 'call-1', agentIds: ['alice'] };

/** A door to each of the rooms, which writes down what it is asked. */
class Scene {
  readonly clock = new SimulatedClock();
  readonly asked: unknown[] = [];
  readonly posted: unknown[] = [];
  confirms = true;
  /** Whether the other process hears; null: the store is away. */
  hears: boolean | null = true;
  readonly session = { state: { attempt: null }, post: (event: unknown) => this.posted.push(event) };
  readonly entry = { id: 'call-1', owner: 'other', session: this.session, wait: { ticket: { queue: 'billing' } } };
  taken: unknown = this.entry;
  readonly offers: Offers;

  constructor() {
    const note = (...what: unknown[]) => void this.asked.push(what);
    const live = {
      tell: async (to: string, message: { readonly type: string }) => {
        note('tell', to, message.type);
        if (this.hears === null) throw new Error('away');
        return this.hears;
      },
      confirmReservation: async () => this.confirms,
      endReservation: async (callId: string, fence: number) => note('end', callId, fence),
    };
    const desk = {
      reserve: async (_agentId: string, _callId: string, ttlMs: number) => {
        note('hold', ttlMs);
        return { fence: 7, reach: 'phone' };
      },
      find: () => ({ live: { seat: null }, profile: agentProfile('alice') }),
      apply: async (agentId: string, { type }: { readonly type: string }) => note(type, agentId),
    };
    const rooms = {
      clock: this.clock,
      log: silent,
      live,
      desk,
      owner: 'us',
      list: { take: () => this.taken },
      queues: () => new Map([['billing', queueProfile('billing', { ringMs: 20_000 })]]),
      open: () => true,
      watch: { decided: () => undefined },
      again: (agentIds: readonly string[], entry: { readonly id: string } | null) =>
        note('again', agentIds, entry?.id ?? null),
      shut: (owner: string) => note('shut', owner),
    };
    this.offers = new Offers(rooms as unknown as OfferRooms);
  }

  /** Another process holds alice for a call of ours. */
  accept() {
    const offer = { type: 'offer', from: 'other', ticketId: 'call-1', agents: AGENTS, why: WHY, ageMs: 5 };
    return this.offers.accept(offer as never, this.session as unknown as CallSession);
  }

  /** We hold alice for a call, of ours or of the other process. */
  async make(isOurs: boolean) {
    const entry = { ...this.entry, session: isOurs ? this.session : null };
    this.offers.make(WHY as never, entry as never, 0);
    await this.offers.idle();
  }
}

describe('an agent whom another process holds for our call', () => {
  it('is rung while the hold lasts', async () => {
    const scene = new Scene();
    await scene.accept();
    expect(scene.posted).toMatchObject([{ type: 'offer', agents: [{ agentId: 'alice', fence: 7 }], ringMs: 20_000 }]);
    expect(scene.asked).toEqual([]);
  });

  it('is not rung when the hold has lapsed, for he may be another call’s; ours is looked at again', async () => {
    const scene = new Scene();
    scene.confirms = false;
    await scene.accept();
    expect(scene.posted).toEqual([]);
    expect(scene.asked).toEqual([['again', [], 'call-1']]);
  });

  it.each(['gone', 'of another session'])('is let go before he is free, when the call is %s', async (how) => {
    const scene = new Scene();
    scene.taken = how === 'gone' ? undefined : { ...scene.entry, session: { ...scene.session } };
    await scene.accept();
    expect(scene.posted).toEqual([]);
    expect(scene.asked).toEqual([
      ['end', 'call-1', 7],
      ['fail', 'alice'],
      ['tell', 'other', 'declined'],
    ]);
  });
});

describe('an agent whom we hold', () => {
  it('for a call of ours, is held for longer than his phone rings', async () => {
    const scene = new Scene();
    await scene.make(true);
    expect(scene.asked).toEqual([['hold', 35_000]]);
    expect(scene.posted).toMatchObject([{ type: 'offer' }]);
  });

  it('for a call of another process, is held for a moment, and let go when that is gone', async () => {
    const scene = new Scene();
    scene.hears = false;
    await scene.make(false);
    expect(scene.asked.slice(0, 5)).toEqual([
      ['hold', 5_000],
      ['tell', 'other', 'offer'],
      ['end', 'call-1', 7],
      ['fail', 'alice'],
      ['shut', 'other'],
    ]);
  });

  it.each([true, null])('is taken from no call that may have heard of him (heard: %s)', async (hears) => {
    const scene = new Scene();
    scene.hears = hears;
    await scene.make(false);
    expect(scene.asked).toEqual([
      ['hold', 5_000],
      ['tell', 'other', 'offer'],
    ]);
    // Whether the call was served is looked at again when the hold is over.
    await scene.clock.advance(5_000);
    expect(scene.asked.slice(2)).toEqual([['again', [], 'call-1']]);
  });
});
