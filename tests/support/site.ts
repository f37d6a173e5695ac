import { testProfiles } from './lab-profile.ts';
import { KPI_SETTINGS } from '../../src/acd/kpi/words.ts';
import { type AgentProfile, PLAIN_QUEUE, type QueueProfile } from '../../src/call/routing.ts';
import type { Site } from '../../src/engine/site.ts';
import { parseFlow } from '../../src/ivr/load.ts';

/** Numbers of the test site. */
const SUPPORT_NUMBER = '+358401234567';
export const ENTRY = SUPPORT_NUMBER.slice(1);

/** A support line in two languages, with a VIP caller, two queues, a transfer and a way out. */
const SUPPORT_FLOW = `
version: ivr/v1
id: support
title: Support line of the tests
dids: ["${SUPPORT_NUMBER}"]
languages: { default: en, supported: [en, sv] }
vars:
  tier: { type: enum, values: [standard, vip], default: standard }
defaults:
  menu: { timeout: 4s, interDigit: 2s, retries: { noInput: 1, invalid: 1 } }
  onError: bye
start: who
nodes:
  who:
    type: switch
    cases:
      - { when: 'call.from == "+358400000001"', set: { tier: vip }, go: language }
    else: language
  language:
    type: menu
    prompt: language.choose
    keys: { "1": { language: en, go: topic }, "2": { language: sv, go: topic } }
    outcomes: { noInput: topic, invalid: topic }
  topic:
    type: menu
    prompt: { first: menu.main, again: menu.short }
    keys: { "1": billing, "2": tech, "3": outside, "9": repeat }
    outcomes: { noInput: billing, invalid: bye }
  billing:
    type: queue
    queue: billing
    priority: { base: 0, add: [ { when: 'tier == "vip"', points: 300 } ] }
    require: [ { skill: "lang:\${call.language}", level: 1 } ]
    outcomes: { answeredEnd: thanks, timeout: bye, full: bye, noAgents: bye, closed: bye, error: bye }
  tech:
    type: queue
    queue: tech
    maxWait: 60s
    outcomes: { answeredEnd: thanks, timeout: bye, full: bye, noAgents: bye, closed: bye, error: bye }
  outside:
    type: transfer
    to: "+358409999999"
    trunk: public
    ring: 20s
    outcomes: { answeredEnd: bye, busy: billing, noAnswer: billing, failed: billing }
  thanks: { type: play, prompt: goodbye, next: bye }
  bye: { type: hangup }
`;

export function queueProfile(name: string, change: Partial<QueueProfile> = {}): QueueProfile {
  return {
    ...PLAIN_QUEUE,
    name,
    title: name,
    require: [],
    wrapUpMs: 5_000,
    ringMs: 10_000,
    maxWaiting: 100,
    maxWaitMs: 600_000,
    targetMs: 20_000,
    greeting: 'queue.wait',
    music: 'default',
    announce: { everyMs: 30_000, position: true },
    refuseWhenNoAgents: false,
    ...change,
  };
}

export function agentProfile(id: string, change: Partial<AgentProfile> = {}): AgentProfile {
  return {
    id,
    name: id,
    phone: id,
    skills: { 'lang:en': 5, 'lang:sv': 5 },
    queues: ['billing', 'tech'],
    campaigns: ['*'],
    ...change,
  };
}

/** Every prompt there could be, in the languages of the tests. */
class EveryPrompt extends Set<string> {
  override has(): boolean {
    return true;
  }
}
export const ALL_PROMPTS = new Map(['en', 'fi', 'sv', 'de'].map((language) => [language, new EveryPrompt()]));

export function testSite(change: Partial<Site> = {}): Site {
  const read = parseFlow(SUPPORT_FLOW, 'support.yaml');
  if (!read.ok) throw new Error(read.problems.map((problem) => `${problem.line}: ${problem.message}`).join('\n'));
  return {
    flows: new Map([[read.flow.id, read.flow]]),
    routes: read.flow.dids.map((number) => ({ number, flow: read.flow.id })),
    queues: new Map(['billing', 'tech'].map((name) => [name, queueProfile(name)])),
    agents: [agentProfile('alice'), agentProfile('bob')],
    calendars: new Map(),
    prompts: ALL_PROMPTS,
    trunks: new Map([['public', { name: 'public', lines: 30, cps: 50 }]]),
    boxes: new Map([['support', { name: 'support', title: 'Support', maxMessages: 100 }]]),
    destinations: { numbers: ['+358*'], deny: [], hosts: [] },
    kpis: KPI_SETTINGS,
    profiles: testProfiles(),
    ...change,
  };
}

/** One flow with these nodes, as they stand in a flow file; `bye` and `sorry` are there already. */
export function flowOfNodes(nodes: string): Pick<Site, 'flows' | 'routes'> {
  const read = parseFlow(
    `version: ivr/v1
id: support
title: The flow of a walk
owner: telephony@example.org
dids: ["${SUPPORT_NUMBER}"]
languages: { default: en, supported: [en, fi], remember: 90d }
vars:
  account: { type: string, default: "4711" }
  name: { type: string, default: "" }
  kept: { type: string, default: "" }
  wait: { type: int, default: 0 }
  waiting: { type: int, default: 0 }
  tier: { type: enum, values: [standard, vip], default: standard }
defaults: { onError: sorry }
start: first
nodes:
${nodes}
  sorry: { type: play, prompt: sorry, next: bye }
  bye: { type: hangup }
`,
    'walk.yaml',
  );
  if (!read.ok) throw new Error(read.problems.map(({ line, message }) => `${line}: ${message}`).join('\n'));
  return { flows: new Map([[read.flow.id, read.flow]]), routes: [{ number: SUPPORT_NUMBER, flow: read.flow.id }] };
}
