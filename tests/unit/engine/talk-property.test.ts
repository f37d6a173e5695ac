import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CallInput } from '../../../src/engine/call/step.ts';
import { isLive } from '../../../src/engine/call/state.ts';
import type { TalkVerb } from '../../../src/engine/call/talk-verbs.ts';
import { ticketsOf } from '../../../src/engine/call/tickets.ts';
import { TalkModel } from '../../support/talk-model.ts';
import { agent, answered, ended, LEG, number, offer, talk, type Told } from './talk-world.ts';

const AGENTS = ['alice', 'bob', 'carol', 'dave'];
const TARGETS = [
  ...AGENTS.map(agent),
  number,
  { kind: 'queue', queue: 'tech' },
  { kind: 'queue', queue: 'billing' },
] as const;

const pick = <T>(list: readonly T[], n: number): T | undefined => list[n % Math.max(1, list.length)];
const target = (n: number) => pick(TARGETS, n) ?? number;

const VERBS: readonly ((n: number, told: Told) => TalkVerb)[] = [
  (n) => ({ type: 'hold', on: n % 2 === 0 }),
  (n) => ({ type: 'mute', on: n % 2 === 0 }),
  (n) => ({ type: 'consult', to: target(n) }),
  (n) => ({ type: 'consult', to: target(n) }),
  (n) => ({ type: 'side', side: n % 2 === 0 ? 'customer' : 'consult' }),
  () => ({ type: 'end-consult' }),
  () => ({ type: 'merge' }),
  () => ({ type: 'merge' }),
  (n) => ({ type: 'add', to: target(n) }),
  (n, { state }) => ({ type: 'drop', guest: pick(state.guests, n)?.id ?? 'nobody' }),
  () => ({ type: 'leave' }),
  (n) => ({ type: 'transfer', to: target(n), note: 'why', keepPlace: n % 2 === 0 }),
  () => ({ type: 'complete', note: null }),
  () => ({ type: 'park', slot: '701', forMs: 60_000, note: null }),
  (n) => ({ type: 'escalate', how: n % 2 === 0 ? 'queue' : 'conference', note: null }),
];

const MODES = ['listen', 'whisper', 'barge', 'take-over'] as const;
const WATCH: readonly ((n: number) => TalkVerb)[] = [
  (n) => ({ type: 'monitor', mode: pick(MODES, n) ?? 'listen', to: { kind: 'phone', phone: 'desk' } }),
  (n) => ({ type: 'monitor', mode: pick(MODES, n) ?? 'listen', to: { kind: 'phone', phone: 'desk' } }),
  () => ({ type: 'unmonitor' }),
  (n) => ({ type: 'move', queue: n % 2 === 0 ? 'tech' : 'billing' }),
  (n) => ({ type: 'raise', priority: n }),
];

/** Plays a call against the model of a switch; what the switch would tell is told in whatever order comes up. */
class Play {
  readonly told = talk();
  readonly model = new TalkModel();
  fence = 10;

  constructor() {
    for (const { id } of this.told.state.legs) this.model.live.add(id);
    const { room, legs } = this.told.state;
    this.model.bridges.set(room ?? '', new Set(legs.map(({ id }) => id)));
    this.model.agents.set('alice', 'talking');
    this.model.answered = 1;
  }

  tell(input: CallInput): void {
    this.told.tell(input);
    if (input.type === 'leg.ended') this.model.end(input.legId);
    this.model.take(this.told.last.actions);
    // Some are taken for gone though the switch never said so.
    for (const { id, phase } of this.told.state.legs) if (phase === 'ended') this.model.end(id);
    this.expectOrder();
  }

  /** Whoever waits is offered an agent who is free, as the dispatcher would. */
  offer(n: number): void {
    const { state } = this.told;
    const ticket = pick(ticketsOf(state), n);
    if (!ticket) return;
    const free = AGENTS.filter((id) => this.model.idle(id) && (ticket.only === null || ticket.only === id));
    const agentId = pick(free, n);
    if (agentId === undefined) return;
    this.model.reserve(agentId);
    this.tell(offer(agentId, ticket.callId.split('~')[1] ?? 'visit', this.fence++));
  }

  legNews(n: number): void {
    const legs = this.told.state.legs.filter(isLive);
    const leg = pick(legs, n);
    if (!leg) return;
    const rings = leg.phase !== 'up' && !this.model.leaving.has(leg.id);
    if (rings && n % 8 !== 0) return this.tell(answered(leg.id));
    if (leg.id === LEG && n % 64 !== 0) return;
    if (rings || this.model.leaving.has(leg.id) || n % 4 === 0) this.tell(ended(leg.id, n % 3 === 0 ? 19 : 16));
  }

  timer(n: number): void {
    const { timers } = this.told.state;
    const [name, at] =
      pick(
        Object.entries(timers)
          .toSorted((a, b) => a[1] - b[1])
          .slice(0, 2),
        n,
      ) ?? [];
    if (name === undefined || at === undefined || name === 'call:limit') return;
    this.told.now = Math.max(this.told.now, at);
    this.tell({ type: 'timer', name });
  }

  pickUp(n: number): void {
    const agentId = pick(
      AGENTS.filter((id) => this.model.idle(id)),
      n,
    );
    if (agentId === undefined) return;
    this.model.reserve(agentId);
    const reach = { kind: 'dial', to: { kind: 'phone', name: agentId } } as const;
    const summoned = { agentId, reach, fence: this.fence++ };
    const by = { kind: 'agent', agentId } as const;
    this.tell({ type: 'talk', by, verb: { type: 'pick-up' }, summoned });
  }

  /** The process dies, and another finds what the switch holds; nothing that was told is lost here. */
  adopt(): void {
    const legs = this.told.state.legs.filter((leg) => isLive(leg) && this.model.live.has(leg.id));
    const seen = new Map(legs.map(({ id, phase }) => [id, phase === 'up' ? ('up' as const) : ('ringing' as const)]));
    this.tell({ type: 'adopt', legs: seen, since: this.told.now + 1 });
  }

  /** What holds after every step. */
  expectOrder(): void {
    const { state, last } = this.told;
    const { model } = this;
    const seen = JSON.stringify(
      { phase: state.phase, talk: state.talk, guests: state.guests, said: last.actions },
      null,
      1,
    );
    const alone = state.talk?.held === true && state.talk.side === 'customer' ? state.talk.legId : '';
    for (const { id, phase, role } of state.legs) {
      if (phase !== 'up' || model.leaving.has(id) || id === alone) continue;
      const served = role === 'customer' && state.phase !== 'talking' && state.phase !== 'awaiting';
      if (!served && state.phase !== 'ending')
        expect(model.isInSilence(id), `leg ${id} hears nothing: ${seen}`).toBe(false);
      if (served) expect(model.roomOf(id), `leg ${id} is in a bridge still: ${seen}`).toBeNull();
    }
    const busy = [...state.serving, ...state.offers].map(({ agentId }) => agentId);
    expect(new Set(busy).size, `an agent is twice in the call: ${seen}`).toBe(busy.length);
    const held = [...model.agents].filter(([, is]) => is !== 'idle').map(([id]) => id);
    expect(held.toSorted(), seen).toEqual(busy.toSorted());
    for (const { for: whom, ended, legId } of state.offers) {
      const wanted = whom === 'visit' ? state.phase === 'offering' : state.guests.some(({ id }) => id === whom);
      if (!wanted) expect(ended !== null && model.leaving.has(legId), `a phone rings for nobody: ${seen}`).toBe(true);
    }
    if (state.phase === 'talking' && state.talk?.side === 'consult')
      expect(
        state.guests.some(({ role }) => role === 'consult'),
        seen,
      ).toBe(true);
    for (const id of model.muted) if (!model.leaving.has(id)) expect(isMuted(this.told, id), seen).toBe(true);
    if (state.phase === 'awaiting') expect(state.guests.length > 0 || state.parked !== null, seen).toBe(true);
    expect(model.bridges.size, seen).toBeLessThanOrEqual(2);
  }

  /** Everybody goes home. */
  finish(): void {
    if (this.told.state.phase !== 'ended') this.tell(ended(LEG));
    for (let turn = 0; turn < 60 && this.told.state.phase !== 'ended'; turn += 1) {
      const left = this.told.state.legs.find((leg) => isLive(leg) && this.model.leaving.has(leg.id));
      if (left) this.tell(ended(left.id));
      else this.timer(0);
    }
    expect(this.told.state.phase).toBe('ended');
    expect([...this.model.live]).toEqual([]);
    expect([...this.model.bridges.keys()]).toEqual([]);
    expect([...this.model.agents.values()].every((is) => is === 'idle')).toBe(true);
    expect(this.model.released).toBe(this.model.answered);
    expect(ticketsOf(this.told.state)).toEqual([]);
  }

  act(kind: number, n: number): void {
    const by = { kind: 'agent', agentId: this.told.state.talk?.agentId ?? pick(AGENTS, n) ?? 'alice' } as const;
    const verb = VERBS[n % VERBS.length]?.(n >> 4, this.told);
    const watch = WATCH[n % WATCH.length]?.(n >> 3);
    if (kind < 5 && verb) this.tell({ type: 'talk', by, verb });
    else if (kind === 5 && watch) this.tell({ type: 'talk', by: { kind: 'supervisor', name: 'sue' }, verb: watch });
    else if (kind < 8) this.offer(n);
    else if (kind < 13) this.legNews(n);
    else if (kind === 13) this.timer(n);
    else if (kind === 14) this.pickUp(n);
    else if (kind === 15) this.adopt();
    else if (verb) this.tell({ type: 'talk', by: { kind: 'agent', agentId: pick(AGENTS, n) ?? '' }, verb });
  }
}

const isMuted = ({ state }: Told, legId: string): boolean =>
  (state.talk?.legId === legId && state.talk.muted) ||
  state.guests.some((guest) => guest.legId === legId && guest.muted);

describe('whatever is asked of a talk, and whoever hangs up', () => {
  it('nobody is left in silence, nobody is in two places, and everybody is let go once', () => {
    const move = fc.tuple(fc.nat({ max: 16 }), fc.nat({ max: 100_000 }));
    fc.assert(
      fc.property(fc.array(move, { minLength: 10, maxLength: 80, size: 'max' }), (moves) => {
        const play = new Play();
        for (const [kind, n] of moves) if (play.told.state.phase !== 'ended') play.act(kind, n);
        play.finish();
      }),
      { numRuns: Number(process.env['TALK_RUNS'] ?? 500) },
    );
  }, 120_000);
});
