import { setTimeout as pause } from 'node:timers/promises';
import type { LeadMap } from '../../../src/dialer/lead-map.ts';
import type { Attempt, CallRecord, CampaignSettings, Lead } from '../../../src/engine/ports/history.ts';
import type { Killed } from '../../../src/engine/ports/campaigns.ts';
import type { AgentChange, SeatWish } from '../../../src/engine/ports/floor.ts';
import type { AgentView, CallView, CampaignView, LeadImport, QueueView } from '../../../src/engine/ports/service.ts';
import type { PreviewView } from '../../../src/engine/ports/preview.ts';
import type { RecordingVerb, RecordingView, TalkRecordingView } from '../../../src/engine/ports/flow-desk.ts';
import type { CallbackRequest, Voicemail } from '../../../src/engine/ports/flow-store.ts';
import type { ReleaseChange, ReleaseProcess, ReleaseView } from '../../../src/engine/ports/releases.ts';
import type { AgentProfile, AgentStatus } from '../../../src/call/routing.ts';
import type { ParkedView, TalkView } from '../../../src/engine/ports/talk.ts';
import { until } from './until.ts';

/** Rows of one answer, at most. */
const PAGE = 200;
/** The API allows 20 requests a second. */
const EVERY_MS = 60;

interface List<T> {
  readonly items: readonly T[];
}

/** Callwright as its API shows it, to a holder of the admin's token. */
export interface Api {
  readonly calls: () => Promise<readonly CallView[]>;
  /** The newest first. */
  readonly records: () => Promise<readonly CallRecord[]>;
  /** The record of a call that has ended; it is written after the fact is. */
  readonly record: (callId: string) => Promise<CallRecord>;
  readonly hangUp: (callId: string) => Promise<void>;
  readonly queue: (name: string) => Promise<QueueView>;
  readonly agents: () => Promise<readonly AgentView[]>;
  readonly agent: (id: string) => Promise<AgentView>;
  /** An agent does something with the call he is in: `hold`, `consult` and so on. */
  readonly act: (id: string, verb: string, body?: unknown) => Promise<TalkView | null>;
  readonly pickUp: (id: string, slot: string) => Promise<void>;
  readonly parked: () => Promise<readonly ParkedView[]>;
  /** The call that the agent is in. */
  readonly callAt: (id: string) => Promise<TalkView | null>;
  readonly move: (callId: string, queue: string) => Promise<void>;
  /** Seconds of credit. */
  readonly raise: (callId: string, priority: number) => Promise<void>;
  /** The lead that the agent is shown. */
  readonly preview: (agentId: string) => Promise<PreviewView>;
  readonly dialPreview: (agentId: string) => Promise<void>;
  readonly skipPreview: (agentId: string, reason: string) => Promise<void>;
  /** Null stops it. */
  readonly monitor: (callId: string, mode: string | null, phone: string) => Promise<void>;
  readonly setStatus: (id: string, status: AgentStatus) => Promise<void>;
  readonly logIn: (id: string, seat: SeatWish) => Promise<void>;
  readonly logOut: (id: string) => Promise<void>;
  /** Until he logs out. */
  readonly changeAgent: (id: string, change: Partial<AgentChange>) => Promise<void>;
  readonly endRest: (id: string) => Promise<void>;
  readonly saveAgent: (profile: AgentProfile) => Promise<void>;
  readonly createCampaign: (settings: Partial<CampaignSettings>) => Promise<CampaignView>;
  /** @param map what its columns are, when it is not a plain list of numbers. */
  readonly importLeads: (campaignId: string, csv: string, map?: LeadMap) => Promise<LeadImport>;
  readonly command: (campaignId: string, command: 'start' | 'pause' | 'stop') => Promise<void>;
  /** Events are sent there from now on; answers the secret that they are signed with. */
  readonly webhook: (url: string) => Promise<string>;
  /** Somebody asks not to be called: by no campaign, and at once. */
  readonly keepFromCalls: (number: string) => Promise<void>;
  /** The kill switch. */
  readonly kill: (campaignId: string) => Promise<Killed>;
  readonly campaigns: () => Promise<readonly CampaignView[]>;
  readonly campaign: (id: string) => Promise<CampaignView>;
  readonly leads: (campaignId: string) => Promise<readonly Lead[]>;
  /** All of them, the newest first. */
  readonly attempts: (campaignId: string) => Promise<readonly Attempt[]>;
  readonly callbacks: () => Promise<readonly CallbackRequest[]>;
  readonly cancelCallback: (id: string) => Promise<void>;
  readonly dealtWith: (messageId: string) => Promise<void>;
  readonly voicemails: (box: string) => Promise<readonly Omit<Voicemail, 'file'>[]>;
  readonly voicemailAudio: (id: string) => Promise<Buffer>;
  readonly recordings: (callId: string) => Promise<readonly RecordingView[]>;
  readonly recordTalk: (callId: string, verb: RecordingVerb) => Promise<TalkRecordingView>;
  readonly recordingAudio: (id: string) => Promise<Buffer>;
  readonly eraseRecording: (id: string) => Promise<void>;
  /** Answers a new token's secret. */
  readonly issueToken: (name: string, role: 'supervisor' | 'manager') => Promise<string>;
  readonly setPin: (account: string, pin: string) => Promise<void>;
  readonly answerAsk: (askId: string, outcome: string, data?: unknown) => Promise<void>;
  readonly loadFlows: () => Promise<ReleaseChange>;
  readonly rollBack: () => Promise<ReleaseChange>;
  readonly releases: () => Promise<readonly ReleaseView[]>;
  readonly releaseProcesses: () => Promise<readonly ReleaseProcess[]>;
  readonly metrics: () => Promise<string>;
}

/** A long list, page by page. */
async function pages<T extends { readonly id: string }>(page: (before: string) => Promise<readonly T[]>): Promise<T[]> {
  const all: T[] = [];
  for (let before = ''; ; before = `&before=${all.at(-1)?.id}`) {
    const rows = await page(before);
    all.push(...rows);
    if (rows.length < PAGE) return all;
    await pause(EVERY_MS);
  }
}

/** @throws Error with the problem document when the API refuses. */
export function apiAt(url: string, token: string): Api {
  const ask = async (method: string, path: string, body?: unknown): Promise<Response> => {
    const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
    const type = typeof body === 'string' ? 'text/csv' : 'application/json';
    const headers = { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': type }) };
    const reply = await fetch(`${url}${path}`, { method, headers, ...(text !== undefined && { body: text }) });
    if (!reply.ok) throw new Error(`${method} ${path} answered ${reply.status}: ${await reply.text()}`);
    return reply;
  };
  const get = async <T>(path: string): Promise<T> => (await (await ask('GET', path)).json()) as T;
  const list = async <T>(path: string): Promise<readonly T[]> => (await get<List<T>>(path)).items;
  const post = async <T>(path: string, body?: unknown): Promise<T> =>
    (await (await ask('POST', path, body)).json()) as T;
  const campaign = (id: string): string => `/v1/campaigns/${id}`;
  const records = () => list<CallRecord>('/v1/call-records?limit=200');
  return {
    calls: () => list('/v1/calls'),
    records,
    record: async (callId) => {
      const look = async () => (await records()).find(({ id }) => id === callId);
      const record = await until(`the record of ${callId}`, look, (found) => found !== undefined);
      if (!record) throw new Error('never');
      return record;
    },
    hangUp: async (callId) => void (await ask('DELETE', `/v1/calls/${callId}`)),
    queue: async (name) => {
      const queue = (await list<QueueView>('/v1/queues')).find(({ profile }) => profile.name === name);
      if (!queue) throw new Error(`there is no queue ${name}`);
      return queue;
    },
    agents: () => list('/v1/agents'),
    agent: (id) => get(`/v1/agents/${id}`),
    act: async (id, verb, body) => (await post<{ call: TalkView | null }>(`/v1/agents/${id}/call/${verb}`, body)).call,
    pickUp: async (id, slot) => void (await post(`/v1/agents/${id}/pick-up`, { slot })),
    parked: () => list('/v1/parked'),
    callAt: async (id) => (await get<{ call: TalkView | null }>(`/v1/agents/${id}/call`)).call,
    move: async (callId, queue) => void (await ask('POST', `/v1/calls/${callId}/move`, { queue })),
    raise: async (callId, priority) => void (await ask('POST', `/v1/calls/${callId}/priority`, { priority })),
    preview: (id) => get(`/v1/agents/${id}/preview`),
    dialPreview: async (id) => void (await post(`/v1/agents/${id}/preview/dial`)),
    skipPreview: async (id, reason) => void (await ask('POST', `/v1/agents/${id}/preview/skip`, { reason })),
    monitor: async (callId, mode, phone) => {
      const path = `/v1/calls/${callId}/monitor`;
      if (mode === null) await ask('DELETE', path);
      else await ask('POST', path, { mode, phone });
    },
    setStatus: async (id, status) => void (await post(`/v1/agents/${id}/status`, { status })),
    logIn: async (id, seat) => void (await post(`/v1/agents/${id}/login`, { seat })),
    logOut: async (id) => void (await post(`/v1/agents/${id}/logout`)),
    changeAgent: async (id, change) => void (await ask('PUT', `/v1/agents/${id}/change`, change)),
    endRest: async (id) => void (await post(`/v1/agents/${id}/rest/end`)),
    saveAgent: async ({ id, ...profile }) => void (await ask('PUT', `/v1/agents/${id}`, profile)),
    createCampaign: (settings) => post('/v1/campaigns', settings),
    importLeads: (id, csv, map) =>
      post(`${campaign(id)}/leads${map ? `?map=${encodeURIComponent(JSON.stringify(map))}` : ''}`, csv),
    command: async (id, command) => void (await post(`${campaign(id)}/${command}`)),
    webhook: async (url) => (await post<{ secret: string }>('/v1/webhooks', { url })).secret,
    keepFromCalls: async (number) =>
      void (await post('/v1/dnc/entries', { number, campaignId: null, reason: 'asked', source: 'api' })),
    kill: (id) => post(`${campaign(id)}/kill`),
    campaigns: () => list('/v1/campaigns'),
    campaign: (id) => get(campaign(id)),
    leads: (id) => list(`${campaign(id)}/leads?limit=200`),
    attempts: (id) => pages((before) => list(`${campaign(id)}/attempts?limit=${PAGE}${before}`)),
    callbacks: () => list('/v1/callbacks'),
    cancelCallback: async (id) => void (await ask('DELETE', `/v1/callbacks/${id}`)),
    dealtWith: async (id) => void (await ask('PATCH', `/v1/voicemails/${id}`, { state: 'done' })),
    voicemails: (box) => list(`/v1/voicemails?box=${box}`),
    voicemailAudio: async (id) => Buffer.from(await (await ask('GET', `/v1/voicemails/${id}/audio`)).arrayBuffer()),
    recordings: (callId) => list(`/v1/calls/${callId}/recordings`),
    recordTalk: (callId, verb) => post(`/v1/calls/${callId}/recording/${verb}`),
    recordingAudio: async (id) => Buffer.from(await (await ask('GET', `/v1/recordings/${id}/audio`)).arrayBuffer()),
    eraseRecording: async (id) => void (await ask('DELETE', `/v1/recordings/${id}`)),
    issueToken: async (name, role) => (await post<{ token: string }>('/v1/tokens', { name, role })).token,
    setPin: async (account, pin) => void (await ask('PUT', `/v1/pins/${account}`, { pin })),
    answerAsk: async (askId, outcome, data = {}) =>
      void (await ask('POST', `/v1/asks/${askId}/answer`, { outcome, data })),
    loadFlows: () => post('/v1/flows/releases', {}),
    rollBack: () => post('/v1/flows/rollback'),
    releases: () => list('/v1/flows/releases'),
    releaseProcesses: async () =>
      (await get<{ readonly processes: readonly ReleaseProcess[] }>('/v1/flows/releases')).processes,
    metrics: async () => (await ask('GET', '/metrics')).text(),
  };
}
