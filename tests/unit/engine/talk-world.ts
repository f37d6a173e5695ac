import { type CallState, inboundCall } from '../../../src/engine/call/state.ts';
import { type CallInput, type CallStep, callStep } from '../../../src/engine/call/step.ts';
import type { TalkTarget } from '../../../src/engine/call/talk-state.ts';
import type { TalkVerb } from '../../../src/engine/call/talk-verbs.ts';
import type { CallWorld } from '../../../src/engine/call/world.ts';
import { queueProfile, testSite } from '../../support/site.ts';

const NOW = 1_700_000_000_000;
export const LEG = 'in-1';
const queues = new Map([
  ['billing', queueProfile('billing', { escalateTo: 'tech' })],
  ['tech', queueProfile('tech')],
]);
const site = testSite({ queues });

export const world: CallWorld = {
  ...site,
  env: new Map(),
  customerOf: () => null,
  outsideRefusal: (number) => (number.startsWith('+358') ? null : 'not-allowed'),
  way: ({ via }) => ({ trunk: via, callerId: null, at: 0 }),
  queueFacts: () => ({ waiting: 0, isStaffed: false }),
};

/** Plays inputs in, one second apart. */
export class Told {
  state: CallState;
  now = NOW;
  last: CallStep;

  constructor(state: CallState) {
    this.state = state;
    this.last = { state, facts: [], actions: [] };
  }

  tell(...inputs: readonly CallInput[]): this {
    for (const input of inputs) {
      this.now += 1_000;
      this.last = callStep(this.state, input, world, this.now);
      this.state = this.last.state;
    }
    return this;
  }

  ask(verb: TalkVerb, by = 'alice'): this {
    return this.tell({ type: 'talk', by: { kind: 'agent', agentId: by }, verb });
  }

  supervise(verb: TalkVerb, name = 'sue'): this {
    return this.tell({ type: 'talk', by: { kind: 'supervisor', name }, verb });
  }

  /** The agent is reserved for whoever is waited for, and answers. */
  agentComes(agentId: string, whom = this.waitedFor()): this {
    this.tell(offer(agentId, whom));
    return this.tell(answered(this.legOf(agentId)));
  }

  waitedFor(): string {
    return this.state.guests.find(({ phase }) => phase === 'waiting')?.id ?? 'visit';
  }

  /** The leg by which the agent was rung or is in the call. */
  legOf(agentId: string): string {
    const { offers, serving } = this.state;
    const found = [...serving, ...offers].findLast((each) => each.agentId === agentId);
    if (!found) throw new Error(`agent ${agentId} has no leg in this call`);
    return found.legId;
  }

  /** The leg of a phone or number that is a guest. */
  get guestLeg(): string {
    return this.state.legs.findLast(({ role }) => role === 'guest')?.id ?? '';
  }

  get commands() {
    return this.last.actions.flatMap((action) => (action.type === 'switch' ? [action.command] : []));
  }

  get facts(): readonly string[] {
    return this.last.facts.map(({ type }) => type);
  }
}

export const offer = (agentId: string, whom = 'visit', fence = 7): CallInput => ({
  type: 'offer',
  for: whom,
  agents: [{ agentId, reach: { kind: 'dial', to: { kind: 'phone', name: agentId } }, fence }],
  ringMs: 10_000,
  wrapUpMs: 5_000,
});
export const answered = (legId: string): CallInput => ({ type: 'leg.answered', at: NOW, legId });
export const ended = (legId: string, q850 = 16): CallInput => ({ type: 'leg.ended', at: NOW, legId, cause: { q850 } });

export const agent = (agentId: string): TalkTarget => ({ kind: 'agent', agentId });
export const number: TalkTarget = { kind: 'number', number: '+358409999999', trunk: 'public' };

/** A caller who talks with alice, from the queue billing. */
export function talk(): Told {
  const call = inboundCall(
    { id: 'call-1', legId: LEG, ani: '+358501112223', dnis: '+358401234567', source: 'trunk', language: 'en' },
    NOW,
  );
  const told = new Told(call).tell({ type: 'begin', flow: 'support' }, answered(LEG));
  for (const digit of '11') told.tell({ type: 'dtmf.received', at: NOW, legId: LEG, digit });
  if (told.state.phase !== 'queued') throw new Error('the caller is not in the queue');
  return told.agentComes('alice', 'visit');
}
