import { SERVICE_LEVEL } from '../engine/ports/service.ts';
import type { MetricEntries } from './metric-entry.ts';

/** Seconds that people talk, and work on a call. */
const WORK = [15, 30, 60, 120, 180, 300, 600, 1_200];

/** Callers, queues, agents and flows. Only what is asked for by queue has the label: each costs 50 series at 50 queues. */
export const FLOOR_METRICS = {
  callwright_calls_total: {
    kind: 'counter',
    help: 'Calls ended, by what became of them.',
    labels: ['direction', 'outcome'],
  },
  callwright_calls_live: { kind: 'gauge', help: 'Calls in progress now.', labels: ['direction'] },
  callwright_calls_phase: {
    kind: 'gauge',
    help: 'Calls in progress now, by what goes on in them; `promised` are callbacks that wait for their turn.',
    labels: ['phase'],
  },
  callwright_calls_rejected_total: {
    kind: 'counter',
    help: 'Calls refused at the door, by reason: full, draining, slow, and so on.',
    labels: ['reason'],
  },
  callwright_call_setup_seconds: {
    kind: 'histogram',
    help: 'From a call coming in to its being answered; of a call that goes out, from the dial to its first ringing.',
    labels: ['direction'],
    buckets: [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10],
  },
  callwright_talk_seconds: {
    kind: 'histogram',
    help: 'How long an agent talked in one piece, time on hold left out.',
    labels: ['direction'],
    buckets: WORK,
  },
  callwright_handle_seconds: {
    kind: 'histogram',
    help: 'Talk, hold and wrap-up together, of calls whose agent finished at the process that served them.',
    labels: ['direction'],
    buckets: WORK,
  },
  callwright_queue_waiting: { kind: 'gauge', help: 'Callers waiting now.', labels: ['queue'] },
  callwright_queue_longest_wait_seconds: {
    kind: 'gauge',
    help: 'How long the caller who waits longest has waited.',
    labels: ['queue'],
  },
  callwright_queue_service_level: {
    kind: 'gauge',
    help: `${SERVICE_LEVEL} Missing while there are too few.`,
    labels: ['queue'],
  },
  callwright_queue_overflowing: {
    kind: 'gauge',
    help: 'How many other queues and sites help out now, whatever the wait of a single call is.',
    labels: ['queue'],
  },
  callwright_queue_reserved_agents: {
    kind: 'gauge',
    help: 'Agents on whom campaigns do not count, so that the service level of the queue is kept.',
    labels: ['queue'],
  },
  callwright_queue_agents: {
    kind: 'gauge',
    help: 'Agents who serve the queue, by state; `busy` is reserved, ringing or talking. Who serves several is counted in each.',
    labels: ['queue', 'state'],
  },
  callwright_queue_calls_total: {
    kind: 'counter',
    help: 'Waits in the queue that ended: connected, abandoned, or left (time-out, full, closed, callback).',
    labels: ['queue', 'outcome'],
  },
  callwright_queue_wait_seconds: {
    kind: 'histogram',
    help: 'From entering the queue to an agent, of calls that met one.',
    labels: ['queue'],
    buckets: [20, 30, 60, 120, 300],
  },
  callwright_abandon_wait_seconds: {
    kind: 'histogram',
    help: 'How long callers had waited who hung up, over all queues.',
    labels: [],
    buckets: [5, 10, 20, 30, 60, 120, 300],
  },
  callwright_queue_talk_seconds_total: {
    kind: 'counter',
    help: 'Talk and hold of the queue together; divided by its connected calls, the mean of a talk.',
    labels: ['queue'],
  },
  callwright_agents: {
    kind: 'gauge',
    help: 'Agents by what is seen of them; not-ready and logged-out are counted when they hold no call.',
    labels: ['state'],
  },
  callwright_agent_wrap_up_seconds: {
    kind: 'histogram',
    help: 'Work after a call, from the end of the talk.',
    labels: [],
    buckets: [5, 10, 20, 30, 60, 120, 300],
  },
  callwright_offers_failed_total: {
    kind: 'counter',
    help: 'Offers to an agent that did not become a talk, by verdict (no-answer is RONA).',
    labels: ['verdict'],
  },
  callwright_acd_offer_seconds: {
    kind: 'histogram',
    help: 'From when an agent and a waiting call could be brought together to the command that rings the agent.',
    labels: [],
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2],
  },
  callwright_acd_ewt_error_seconds: {
    kind: 'histogram',
    help: 'How far the wait that a caller was told first was from the real one, of answered calls.',
    labels: [],
    buckets: [10, 30, 60, 120, 300, 600],
  },
  callwright_agent_overruns_total: {
    kind: 'counter',
    help: 'Agents who were not ready for longer than the reason allows, by reason.',
    labels: ['reason'],
  },
  callwright_agent_rests_total: {
    kind: 'counter',
    help: 'Rests that the house gave to agents who were busier than it allows.',
    labels: [],
  },
  callwright_callbacks_total: {
    kind: 'counter',
    help: 'Callbacks promised (requested), tries to ring somebody back, and promises that ended without one: answered, again, given-up, withdrawn, cancelled, expired.',
    labels: ['outcome'],
  },
  callwright_voicemails_total: {
    kind: 'counter',
    help: 'What became of messages: left, overdue, heard, returned, done, erased.',
    labels: ['event'],
  },
  callwright_recordings_total: {
    kind: 'counter',
    help: 'Recordings that ended, kept or dropped, and those erased later.',
    labels: ['outcome'],
  },
  callwright_surveys_total: { kind: 'counter', help: 'Surveys that ended, by outcome.', labels: ['outcome'] },
  callwright_follow_ups_total: {
    kind: 'counter',
    help: 'What became of promises made to callers: created, assigned, put-off, due-soon, overdue, escalated, closed, reopened.',
    labels: ['event'],
  },
  callwright_threshold_alarms_total: {
    kind: 'counter',
    help: 'Alarms of the thresholds of the site, by the name of the rule: raised, reminded, cleared.',
    labels: ['threshold', 'event'],
  },
  callwright_flow_loads_total: {
    kind: 'counter',
    help: 'Changes of the release that leads calls: load, canary, promote, rollback, cancel; refused when files were bad, behind when this process could not load what others run.',
    labels: ['result'],
  },
  callwright_flow_node_left_total: {
    kind: 'counter',
    help: 'Calls that left a node, by outcome; `hangup` is a caller who hung up in it. Beyond 100 series all further ones are `other`.',
    labels: ['flow', 'node', 'outcome'],
  },
  callwright_flow_node_dwell_seconds: {
    kind: 'histogram',
    help: 'Time that calls spent in a node, over all nodes.',
    labels: [],
    buckets: [1, 5, 15, 30, 60, 300],
  },
  callwright_flow_request_seconds: {
    kind: 'histogram',
    help: 'How long flows waited for what they asked for: look-ups, questions to a workflow, speech.',
    labels: [],
    buckets: [0.05, 0.2, 0.5, 1, 2, 5, 15],
  },
  callwright_flow_requests_total: {
    kind: 'counter',
    help: 'What flows asked for, by kind and outcome.',
    labels: ['kind', 'outcome'],
  },
  callwright_prompts_missing_total: {
    kind: 'counter',
    help: 'Prompts that were not there when a caller was to hear them.',
    labels: [],
  },
  callwright_transfers_refused_total: {
    kind: 'counter',
    help: 'Transfers that the rules of the site refused, by the rule.',
    labels: ['why'],
  },
} as const satisfies MetricEntries;
