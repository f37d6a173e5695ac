import { type AgentLive, newAgent } from '../../../src/acd/agent.ts';
import { type Candidate, PLAIN_TICKET, type WaitingCall } from '../../../src/acd/queue.ts';
import {
  type AgentProfile,
  PLAIN_QUEUE,
  PLAIN_REQUEST,
  type QueueProfile,
  type QueueRequest,
} from '../../../src/call/routing.ts';

/** 2026-11-02T08:00Z */
export const T0 = 1_793_606_400_000;

export function agent(id: string, profile: Partial<AgentProfile> = {}, live: Partial<AgentLive> = {}): Candidate {
  return {
    profile: { id, name: id, phone: id, skills: {}, queues: ['support'], campaigns: [], ...profile },
    live: { ...newAgent(id, T0), status: 'ready', ...live },
  };
}

export function waitingCall(callId: string, call: Partial<WaitingCall> = {}): WaitingCall {
  return { ...PLAIN_TICKET, callId, queue: 'support', require: [], enqueuedAt: T0, ...call };
}

export function queue(profile: Partial<QueueProfile> = {}): QueueProfile {
  return {
    ...PLAIN_QUEUE,
    name: 'support',
    title: 'Support',
    require: [],
    wrapUpMs: 10_000,
    ringMs: 15_000,
    maxWaiting: 3,
    maxWaitMs: 600_000,
    targetMs: 20_000,
    greeting: 'queue.wait',
    music: 'default',
    announce: { everyMs: 30_000, position: true },
    refuseWhenNoAgents: false,
    ...profile,
  };
}

export function request(over: Partial<QueueRequest> = {}): QueueRequest {
  return { queue: 'support', language: 'fi', require: [], priority: 0, maxWaitMs: null, ...PLAIN_REQUEST, ...over };
}
