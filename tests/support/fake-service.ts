import { PREFLIGHT } from './fake-preflight.ts';
import { shippedProfiles } from '../../src/config/site/profiles.ts';
import { createLeadDesk } from '../../src/engine/lead-desk.ts';
import { createMemoryHistory } from './memory-history.ts';
import { PLAIN_QUEUE } from '../../src/call/routing.ts';
import type { CallRecord, Campaign, History, Lead } from '../../src/engine/ports/history.ts';
import type { RunningCampaign } from '../../src/engine/ports/campaigns.ts';
import type { AttemptWord, DispositionDesk } from '../../src/engine/ports/dispositions.ts';
import type { Floor } from '../../src/engine/ports/floor.ts';
import type { PreviewView } from '../../src/engine/ports/preview.ts';
import type { TalkDesk, TalkView } from '../../src/engine/ports/talk.ts';
import type { AgentView, Answer, CallView, CampaignView, QueueView, Service } from '../../src/engine/ports/service.ts';
import type { AgentProfile } from '../../src/call/routing.ts';
import { FakeReleases } from './fake-releases.ts';

const profile = (id: string, name: string): AgentProfile => ({
  id,
  name,
  phone: '1001',
  skills: { 'lang:fi': 8 },
  queues: ['support'],
  campaigns: ['*'],
});

const agent = (id: string, name: string, more: Partial<AgentView>): AgentView => ({
  profile: profile(id, name),
  status: 'ready',
  reason: null,
  state: 'idle',
  since: 1_000,
  callId: null,
  seat: { kind: 'own' },
  lineRefused: null,
  statusUntil: null,
  overran: false,
  wrapUpUntil: null,
  missed: 0,
  backOffUntil: null,
  restUntil: null,
  occupancy: 0,
  handled: {},
  lastCall: null,
  changed: null,
  ...more,
});

const CALL: CallView = {
  id: 'call-1',
  direction: 'inbound',
  phase: 'queued',
  ani: '+358401234567',
  dnis: '+358981000',
  language: 'fi',
  flow: 'main-support',
  node: 'wait',
  queue: 'support',
  agentId: null,
  campaignId: null,
  priority: 0,
  startedAt: 1_000,
  queuedAt: 2_000,
};

export const RECORD: CallRecord = {
  id: 'call-0',
  direction: 'inbound',
  ani: null,
  dnis: '+358981000',
  source: 'public',
  language: 'fi',
  flow: 'main-support',
  queue: 'support',
  agentId: 'alice',
  campaignId: null,
  startedAt: 1_000,
  answeredAt: 1_100,
  endedAt: 9_000,
  waitedMs: 2_000,
  talkedMs: 5_000,
  heldMs: 1_000,
  outcome: 'handled',
  verdict: 'completed',
  q850: 16,
  detected: 'event',
};

const QUEUE: QueueView = {
  profile: {
    ...PLAIN_QUEUE,
    name: 'support',
    title: 'Support',
    require: [{ skill: 'support', level: 1 }],
    wrapUpMs: 10_000,
    ringMs: 15_000,
    maxWaiting: 50,
    maxWaitMs: 600_000,
    targetMs: 20_000,
    greeting: 'queue.wait',
    music: 'default',
    announce: { everyMs: 30_000, position: true },
    refuseWhenNoAgents: false,
  },
  waiting: 2,
  longestWaitMs: 12_500,
  agents: { idle: 0, reserved: 0, ringing: 0, talking: 1, 'wrap-up': 0, 'not-ready': 0, 'logged-out': 1 },
  handled: 4,
  abandoned: 1,
  serviceLevel: 0.75,
  overflowingTo: [],
  reserved: 0,
};

const CAMPAIGN: Campaign = {
  id: 'campaign-1',
  status: 'draft',
  createdAt: 1_000,
  name: 'Autumn',
  mode: 'progressive',
  trunk: 'public',
  callerId: '+358981000',
  language: 'fi',
  require: [],
  maxLines: 10,
  cps: 2,
  ringMs: 25_000,
  maxAttempts: 3,
  retryAfterMs: 3_600_000,
  connectDeadlineMs: 2_000,
  wrapUpMs: 10_000,
};

const TALK: TalkView = {
  callId: 'call-1',
  phase: 'talking',
  part: 'leader',
  leader: 'alice',
  ani: '+358501234567',
  dnis: '+358981000',
  language: 'fi',
  queue: 'support',
  held: false,
  muted: false,
  side: 'customer',
  recording: 'off',
  guests: [{ id: 'guest4', role: 'consult', phase: 'ringing', to: 'bob', agentId: null, muted: false, since: 2_000 }],
  handed: { how: 'blind', from: 'bob', to: 'alice', note: 'asks for an invoice', at: 1_500 },
  tags: ['vip'],
  variables: { account: '4711' },
  since: 1_600,
};

const PREVIEW: PreviewView = {
  campaignId: 'campaign-1',
  campaign: 'Autumn',
  leadId: 'lead-1',
  externalId: null,
  callId: 'call-7',
  number: '+358401234567',
  name: 'Aino',
  fields: { plan: 'gold' },
  callbackAt: null,
  attempts: 0,
  shownAt: 1_000,
  until: 61_000,
  atEnd: 'lapse',
  state: 'reading',
};

const LEAD: Lead = {
  id: 'lead-1',
  campaignId: 'campaign-1',
  number: '+358401234567',
  name: 'Matti',
  fields: { city: 'Turku' },
  status: 'pending',
  attempts: 0,
  notBefore: 0,
  outcome: null,
  refused: 'consent',
};

/** A history that holds that campaign alone. */
function historyOf(campaign: Campaign): History {
  const history = createMemoryHistory();
  void history.createCampaign(campaign);
  return history;
}

/** An engine that holds one of each thing: what HTTP and telemetry show of it can be foretold. Asked for anything else, it knows nothing. */
export class FakeService implements Service {
  switchUp = true;
  readonly asked: string[] = [];
  readonly #agents = new Map([
    ['alice', agent('alice', 'Alice', { state: 'talking', callId: 'call-1' })],
    ['bob', agent('bob', 'Bob', { status: 'logged-out' })],
  ]);
  readonly #campaigns = new Map([[CAMPAIGN.id, CAMPAIGN]]);

  calls = () => [CALL];
  call = async (id: string) => (id === CALL.id ? CALL : id === RECORD.id ? RECORD : null);
  callRecords = async ({ before }: { before: string | null }) => (before === null ? [RECORD] : []);
  hangupCall = (id: string): Answer => this.#answer(id === CALL.id ? undefined : null, `hang up ${id}`);
  queues = () => [QUEUE];
  agents = () => [...this.#agents.values()];

  setAgentStatus = async (
    id: string,
    status: AgentView['status'],
    reason: string | null,
  ): Promise<Answer<AgentView>> => {
    const held = this.#agents.get(id);
    if (held?.state === 'talking' && status === 'logged-out') return refuse('conflict', 'Alice is in a call.');
    return this.#answer(held ? { ...held, status, reason } : null, `${id} ${status} ${reason}`);
  };
  endWrapUp = async (id: string) => this.#answer(this.#agents.get(id) ?? null, `wrap-up of ${id} over`);
  floor: Floor = {
    logIn: async (id, { seat, status }) =>
      this.#answer(this.#agents.get(id) ?? null, `${id} at ${seat.kind} ${status}`),
    setStatus: (id, status, reason) => this.setAgentStatus(id, status, reason),
    endWrapUp: (id) => this.endWrapUp(id),
    extendWrapUp: async (id, byMs) => this.#answer(this.#agents.get(id) ?? null, `wrap-up of ${id} by ${byMs}`),
    dispose: async (id, word) => this.#answer(this.#agents.get(id) ?? null, `${id} says ${word}`),
    endRest: async (id) => this.#answer(this.#agents.get(id) ?? null, `rest of ${id} over`),
    change: async (id, change) => this.#answer(this.#agents.get(id) ?? null, `change ${id} ${JSON.stringify(change)}`),
    reasons: () => [{ id: 'lunch', title: 'Lunch', maxMs: 2_700_000 }],
  };
  readonly dispositions: DispositionDesk = {
    leadOf: async (agentId) => {
      if (agentId !== 'alice') return { ok: false, why: 'not-found', sentence: `Agent ${agentId} has no call.` };
      const campaign = { id: 'campaign-1', name: 'Autumn', script: null };
      const lead = { id: 'lead-1', externalId: 'p-1', name: 'Aino', number: '+358401234567', fields: { town: 'Oulu' } };
      return { ok: true, value: { callId: 'call-1', campaign, lead } };
    },
    form: async (callId) => {
      if (callId !== 'call-1')
        return { ok: false, why: 'not-found', sentence: `Call ${callId} is no call of a campaign.` };
      const lead = { id: 'lead-1', externalId: 'p-1', name: 'Aino', fields: { town: 'Oulu' } };
      const sold = { name: 'sold', kind: 'success', labels: { en: 'Sold' }, fields: [] } as const;
      return { ok: true, value: { callId, campaignId: 'campaign-1', lead, said: null, dispositions: [sold] } };
    },
    dispose: async (callId, { disposition }, { agentId }) => {
      if (callId !== 'call-1')
        return { ok: false, why: 'not-found', sentence: `Call ${callId} is no call of a campaign.` };
      if (disposition !== 'sold') {
        const faults = [{ field: 'at', sentence: 'Say at: this disposition needs it.' }];
        return { ok: false, why: 'faults', sentence: 'Say at: this disposition needs it.', faults };
      }
      const by = agentId ?? 'a supervisor';
      const word = { disposition, kind: 'success', at: 1_000, agentId: 'alice', by, values: {}, counts: [] } as const;
      return { ok: true, value: { ...word, lead: { status: 'done' } } satisfies AttemptWord };
    },
  };

  talk: TalkDesk = {
    act: async (id, { type }) => this.#answer(id === 'alice' ? TALK : null, `${id}: ${type}`),
    supervise: async (id, name, { type }) => this.#answer(id === CALL.id ? undefined : null, `${name}: ${type}`),
    pickUp: async (id, slot) => this.#answer(slot === '701' ? { callId: CALL.id } : null, `${id} fetches ${slot}`),
    parked: () => [
      { slot: '701', callId: CALL.id, queue: 'support', by: 'alice', note: 'asks for Bob', at: 1_000, until: 121_000 },
    ],
    view: (id) => this.#answer(id === 'alice' ? TALK : null, `call of ${id}`),
  };
  saveAgent = async (saved: AgentProfile): Promise<Answer<AgentView>> => {
    this.#agents.set(saved.id, { ...agent(saved.id, saved.name, { status: 'logged-out' }), profile: saved });
    return this.#answer(this.#agents.get(saved.id) ?? null, `save ${saved.id}`);
  };
  givePhoneAccount: Service['givePhoneAccount'] = async (id) =>
    id === 'alice'
      ? { ok: true, value: { server: '127.0.0.1:5060', account: '1001', password: 'shown-this-once' } }
      : { ok: false, why: 'not-found', sentence: `There is no agent ${id}.` };

  removeAgent = async (id: string): Promise<Answer> =>
    this.#answer(this.#agents.delete(id) ? undefined : null, `remove ${id}`);

  releases = new FakeReleases();
  flowSchema = () => ({ title: 'Callwright flow, ivr/v1', type: 'object' });
  flows = () => [
    {
      id: 'main-support',
      title: 'Support',
      version: 'a1b2c3',
      file: 'main-support.yaml',
      numbers: ['+358981000'],
      nodes: 12,
    },
  ];
  trunks = () => [{ name: 'public', lines: 30, cps: 5, inUse: 1, down: null, backOff: [] }];

  profiles = shippedProfiles;

  campaigns = async () => [...this.#campaigns.values()].map(view);
  campaign = async (id: string) => {
    const held = this.#campaigns.get(id);
    return held ? view(held) : null;
  };
  createCampaign: Service['createCampaign'] = async (settings, id = 'campaign-2') => {
    if (settings.trunk !== 'public') return refuse('invalid', `There is no trunk "${settings.trunk}".`);
    const made: Campaign = { ...settings, id, status: 'draft', createdAt: 2_000 };
    this.#campaigns.set(made.id, made);
    return this.#answer(view(made), 'create campaign');
  };
  changeCampaign: Service['changeCampaign'] = async (id, change) => {
    const held = this.#campaigns.get(id);
    return this.#answer(held ? view({ ...held, ...change }) : null, `change ${id} ${JSON.stringify(change)}`);
  };
  commandCampaign: Service['commandCampaign'] = async (id, command) => {
    const held = this.#campaigns.get(id);
    return this.#answer(held ? view(held) : null, `${command} ${id}`);
  };
  readonly callAsks: Service['callAsks'] = {
    ask: async ({ campaignId, reference, number, wait }, by) => {
      if (!this.#campaigns.has(campaignId)) return refuse('not-found', 'There is no such campaign.');
      if (number === '+358981999')
        return { ok: false, why: 'rule', rule: 'dnc', sentence: 'The number is not to be called (dnc)' };
      const value = { callId: 'call-9', campaignId, reference, until: wait ? 5_000 : null, because: null };
      return this.#answer(value, `${by} calls ${number}`);
    },
  };
  readonly previews: Service['previews'] = {
    of: (id) => (id === 'bob' ? PREVIEW : null),
    dial: async (id) => this.#answer(id === 'bob' ? { ...PREVIEW, state: 'calling' } : null, `dial for ${id}`),
    skip: async (id, reason) => {
      this.asked.push(`skip for ${id}: ${reason}`);
      return { ok: true, value: undefined };
    },
  };
  running: readonly RunningCampaign[] = [];
  readonly dialer: Service['dialer'] = {
    running: () => this.running,
    kill: async (id, by) => this.#answer(this.#campaigns.has(id) ? KILLED : null, `kill ${id} by ${by}`),
    killAll: async (by) => {
      this.asked.push(`kill all by ${by}`);
      return KILLED;
    },
    why: async (id) => (this.#campaigns.has(id) ? WHY : null),
    whyLead: async (id, lead) => this.#answer(this.#campaigns.has(id) ? LEAD_WHY : null, `why ${lead} of ${id}`),
    quality: async (id) => (this.#campaigns.has(id) ? QUALITY : null),
    decisions: async (id) => (this.#campaigns.has(id) ? [PACED] : null),
  };
  readonly preflight: Service['preflight'] = {
    look: async (id) =>
      this.#campaigns.has(id)
        ? { over: Promise.resolve(PREFLIGHT), state: () => ({ done: true, preflight: PREFLIGHT }) }
        : null,
  };
  readonly lists: Service['lists'] = createLeadDesk({
    history: historyOf(CAMPAIGN),
    ids: { next: (kind) => `${kind}-1` },
    country: 'FI',
    isAgent: () => true,
    came: () => undefined,
    stopped: () => undefined,
    wake: async () => undefined,
  });
  importLeads: Service['importLeads'] = async (id, csv) => {
    if (!this.#campaigns.has(id)) return refuse('not-found', 'There is no such campaign.');
    let bytes = 0;
    for await (const chunk of csv) bytes += chunk.length;
    const value = { rows: bytes, added: bytes, updated: 0, duplicates: 0, rejected: 0, errors: [] };
    return { ok: true, value };
  };
  leads = async () => [LEAD];
  attempts = async () => [];

  health = async () => {
    const fine = { ok: true, detail: 'fine' };
    const parts = {
      switch: this.switchUp ? fine : { ok: false, detail: 'not connected' },
      liveStore: fine,
      history: fine,
      journal: fine,
    };
    return { ready: this.switchUp, parts };
  };

  #answer<T>(value: T | null, asked: string): Answer<T> {
    this.asked.push(asked);
    return value === null ? refuse('not-found', 'There is no such thing here.') : { ok: true, value };
  }
}

const LEAD_WHY = {
  at: 3_000,
  headline: 'Nobody may call it.',
  lead: { id: 'lead-1', externalId: null, name: 'Maija', others: [] },
  gates: [{ gate: 'numbers', pass: false, text: 'Nobody may call it.', until: 4_000 }],
  numbers: [{ number: '+358401234567', kind: 'mobile', gates: [] }],
};

const LIST = {
  listId: '',
  leads: 4,
  done: 2,
  dialled: 3,
  dials: 5,
  contact: { share: 0.4, of: 5 },
  reached: { share: 2 / 3, of: 3 },
  machine: { share: 0.2, of: 5 },
  noAnswer: { share: 0.4, of: 5 },
  invalid: { share: 0, of: 5 },
  refused: { share: null, of: 0 },
};
const QUALITY = { at: 3_000, all: LIST, lists: [{ ...LIST, name: 'East' }] };

const KILLED = {
  at: 3_000,
  campaigns: [{ id: 'campaign-1', name: 'Autumn' }],
  stillOut: [
    { campaignId: 'campaign-1', callId: 'call-1', number: '··········345', state: 'ringing', ageMs: 4_000 } as const,
  ],
};
const WHY = { at: 3_000, headline: 'It is paused.', gates: [{ gate: 'status', pass: false, text: 'It is paused.' }] };
const PACED = { at: 3_000, launch: 2, because: '2 agents are free.', numbers: { bank: 1.5 } };

const refuse = (why: 'not-found' | 'conflict' | 'invalid', sentence: string) => ({ ok: false, why, sentence }) as const;

const view = (campaign: Campaign): CampaignView => ({
  campaign,
  leads: { pending: 1, leased: 0, done: 0 },
  outcomes: { busy: 1 },
  inFlight: 0,
  live: {
    agents: { idle: 1, talk: 2, wrap: 3 },
    idleMs: 4_000,
    callsMade: 5,
    dropsPercent: 2.5,
    dropsDefinition: 'Abandoned ÷ answered.',
    dialLevel: 1.5,
    lines: { inUse: 6, max: 10 },
    finishAt: { low: 900_000, likely: 1_000_000, high: 1_200_000, from: 'pace' },
  },
  amd: {
    machines: 400,
    sampled: { persons: 6, machines: 144 },
    passed: { persons: 90, machines: 10 },
    falsePositive: { share: 0.04, low: 0.018, high: 0.085 },
    missed: { share: 0.1, low: 0.055, high: 0.174 },
    charged: { share: 0.04, calls: 16, from: 'measured' },
    definition: 'False positives: persons among the calls taken for machines.',
  },
  wordsMissing: 0,
  abandonment: {
    profile: 'eu-default@1',
    limits: [
      {
        cap: 0.03,
        window: 'day',
        scope: 'campaign',
        rate: 0.025,
        abandoned: 1,
        of: 40,
        from: '1970-01-01',
        to: '1970-01-01',
        zone: 'Europe/Brussels',
        endsAt: 82_800_000,
        budget: 0,
        binds: true,
        definition: 'Abandoned ÷ answered.',
      },
    ],
  },
  refused: { dnc: 2 },
  because: null,
});
