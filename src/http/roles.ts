import type { Role } from '../engine/ports/history.ts';

/** What a route lets its caller do. Every route under /v1 names exactly one. */
export type Capability =
  | 'docs.read'
  | 'health.read'
  | 'metrics.read'
  | 'kpis.read'
  | 'kpis.write'
  | 'events.read'
  | 'events.consume'
  | 'webhooks.write'
  | 'calls.read'
  | 'calls.start'
  | 'calls.control'
  | 'calls.monitor'
  | 'calls.dispose'
  | 'queues.read'
  | 'alarms.read'
  | 'agents.read'
  | 'agents.write'
  | 'agents.status'
  | 'agents.change'
  | 'flows.read'
  | 'flows.write'
  | 'trunks.read'
  | 'campaigns.read'
  | 'campaigns.write'
  | 'dnc.read'
  | 'dnc.add'
  | 'dnc.write'
  | 'asks.answer'
  | 'voicemails.read'
  | 'voicemails.write'
  | 'callbacks.read'
  | 'callbacks.write'
  | 'followups.read'
  | 'followups.write'
  | 'recordings.read'
  | 'recordings.control'
  | 'recordings.erase'
  | 'persons.erase'
  | 'pins.write'
  | 'tokens.write';

const EVERYONE = ['docs.read', 'health.read', 'queues.read'] as const;
const FLOOR = [
  'alarms.read',
  'kpis.read',
  'agents.read',
  'calls.read',
  'calls.control',
  'calls.monitor',
  'calls.dispose',
  'agents.status',
  'agents.change',
  'campaigns.read',
  'dnc.read',
  'dnc.add',
  'events.read',
] as const;
const SITE = ['flows.read', 'trunks.read'] as const;
/** Agents: of their own, their teams' and their departments' only, as the engine sees to. */
const PROMISES = ['followups.read', 'followups.write'] as const;
const VOICES = [
  'asks.answer',
  'voicemails.read',
  'voicemails.write',
  'callbacks.read',
  'callbacks.write',
  'recordings.read',
  'recordings.control',
  'recordings.erase',
] as const;
const LISTS = [
  'kpis.write',
  'events.consume',
  'webhooks.write',
  'agents.write',
  'campaigns.write',
  'calls.start',
  'dnc.write',
  'persons.erase',
  'pins.write',
] as const;

/**
 * Who may do what. The engineer looks after the machine and hears nobody's promise to a customer: he sees everything and
 * changes the flows, but neither agents nor campaigns. An agent acts on himself only, on routes marked `orOwn`.
 */
const GRANTED: Readonly<Record<Role, ReadonlySet<Capability>>> = {
  // Recordings and dispositions: of his own talk, as the engine sees to. Who is asked by a customer not to call writes it down.
  agent: new Set([...EVERYONE, ...PROMISES, 'recordings.control', 'calls.dispose', 'dnc.add']),
  supervisor: new Set([...EVERYONE, ...FLOOR, ...VOICES, ...PROMISES]),
  manager: new Set([...EVERYONE, ...FLOOR, ...VOICES, ...PROMISES, ...SITE, ...LISTS]),
  engineer: new Set([
    ...EVERYONE,
    ...SITE,
    'flows.write',
    'metrics.read',
    'events.read',
    'events.consume',
    'alarms.read',
    'webhooks.write',
    'calls.read',
    'agents.read',
    'campaigns.read',
  ]),
  admin: new Set([
    ...EVERYONE,
    ...FLOOR,
    ...VOICES,
    ...PROMISES,
    ...SITE,
    ...LISTS,
    'flows.write',
    'metrics.read',
    'tokens.write',
  ]),
};

export const ROLES = Object.keys(GRANTED) as [Role, ...Role[]];

export const may = (role: Role, capability: Capability): boolean => GRANTED[role].has(capability);

export const rolesWith = (capability: Capability): readonly Role[] => ROLES.filter((role) => may(role, capability));
