import type { FactType, JournalEvent } from '../call/journal.ts';
import { queueLabel } from './queue-label.ts';
import type { Instruments } from './instruments.ts';

type Of<T extends FactType> = Extract<JournalEvent, { type: T }>['data'];
type Counts = { readonly [T in FactType]?: (set: Instruments, data: Of<T>) => void };

const voicemail = (event: string) => (set: Instruments) => set.inc('callwright_voicemails_total', { event });
const callback = (outcome: string) => (set: Instruments) => set.inc('callwright_callbacks_total', { outcome });
const followUp = (event: string) => (set: Instruments) => set.inc('callwright_follow_ups_total', { event });
const threshold = (event: string) => (set: Instruments, data: { readonly threshold: string }) =>
  set.inc('callwright_threshold_alarms_total', { threshold: data.threshold, event });
const queueCalls = (set: Instruments, queue: string, outcome: string) =>
  set.inc('callwright_queue_calls_total', { queue: queueLabel(queue), outcome });

/** What each fact counts for by itself, whatever else is known of its call. */
const COUNTS: Counts = {
  'call.rejected': (set, { reason }) => set.inc('callwright_calls_rejected_total', { reason }),
  'call.connected': (set, { queue, waitedMs, of }) => {
    queueCalls(set, queue, 'connected');
    // Who is rung back did not wait on the line.
    if (of !== undefined) return;
    set.took('callwright_queue_wait_seconds', { queue: queueLabel(queue) }, waitedMs);
    if (queueLabel(queue) !== queue) set.took('callwright_campaign_answer_to_agent_seconds', {}, waitedMs);
  },
  'call.abandoned': (set, { queue, waitedMs }) => {
    queueCalls(set, queue, 'abandoned');
    set.took('callwright_abandon_wait_seconds', {}, waitedMs);
  },
  'call.queue.left': (set, { queue }) => queueCalls(set, queue, 'left'),
  'call.offer.failed': (set, { verdict }) => set.inc('callwright_offers_failed_total', { verdict }),
  'agent.status.overran': (set, { reason }) => set.inc('callwright_agent_overruns_total', { reason: reason ?? 'none' }),
  'agent.rest.began': (set) => set.inc('callwright_agent_rests_total', {}),
  'agent.state.changed': (set, { previous, lastedMs }) => {
    if (previous === 'wrap-up') set.took('callwright_agent_wrap_up_seconds', {}, lastedMs);
  },
  'callback.requested': callback('requested'),
  'callback.answered': callback('answered'),
  'callback.failed': (set, { retryAt }) =>
    set.inc('callwright_callbacks_total', { outcome: retryAt === null ? 'given-up' : 'again' }),
  'callback.withdrawn': callback('withdrawn'),
  'callback.cancelled': callback('cancelled'),
  'callback.expired': callback('expired'),
  'voicemail.left': voicemail('left'),
  'voicemail.overdue': voicemail('overdue'),
  'voicemail.heard': voicemail('heard'),
  'voicemail.returned': voicemail('returned'),
  'voicemail.done': voicemail('done'),
  'voicemail.erased': voicemail('erased'),
  'recording.stopped': (set, { outcome }) => set.inc('callwright_recordings_total', { outcome }),
  'recording.erased': (set) => set.inc('callwright_recordings_total', { outcome: 'erased' }),
  'survey.finished': (set, { outcome }) => set.inc('callwright_surveys_total', { outcome }),
  'followup.created': followUp('created'),
  'followup.assigned': followUp('assigned'),
  'followup.put-off': followUp('put-off'),
  'followup.due-soon': followUp('due-soon'),
  'followup.overdue': followUp('overdue'),
  'followup.escalated': followUp('escalated'),
  'followup.closed': followUp('closed'),
  'followup.reopened': followUp('reopened'),
  'threshold.raised': (set, data) => {
    threshold('raised')(set, data);
    set.inc('callwright_threshold_alarms_total', { threshold: data.threshold, event: 'cleared' }, 0);
  },
  'threshold.reminded': threshold('reminded'),
  'threshold.cleared': threshold('cleared'),
  'flows.loaded': (set, { action }) => set.inc('callwright_flow_loads_total', { result: action }),
  'flows.refused': (set) => set.inc('callwright_flow_loads_total', { result: 'refused' }),
  'flows.behind': (set) => set.inc('callwright_flow_loads_total', { result: 'behind' }),
  'flow.request.ended': (set, { kind, outcome, tookMs }) => {
    set.inc('callwright_flow_requests_total', { kind, outcome });
    set.took('callwright_flow_request_seconds', {}, tookMs);
  },
  'flow.prompt.missing': (set) => set.inc('callwright_prompts_missing_total', {}),
  'transfer.refused': (set, { why }) => set.inc('callwright_transfers_refused_total', { why }),
  'attempt.refused': (set, { rule }) => set.inc('callwright_dials_refused_total', { rule }),
  'attempt.detected': (set, { result }) => set.inc('callwright_detections_total', { result }),
  'attempt.ended': (set, { outcome }) => set.inc('callwright_dials_total', { outcome }),
  'disposition.missing': (set) => set.inc('callwright_dispositions_missing_total', {}),
  'switch.disconnected': (set) => set.inc('callwright_switch_disconnects_total', {}),
};

/** Begins at nought what alerts look for: a counter that is not there yet has no first rise. */
export function beginCounts(set: Instruments): void {
  for (const reason of ['full', 'slow', 'draining']) set.inc('callwright_calls_rejected_total', { reason }, 0);
  for (const event of ['overdue', 'escalated']) set.inc('callwright_follow_ups_total', { event }, 0);
  set.inc('callwright_voicemails_total', { event: 'overdue' }, 0);
  for (const result of ['refused', 'behind']) set.inc('callwright_flow_loads_total', { result }, 0);
  for (const store of ['live', 'history']) set.inc('callwright_store_faults_total', { store }, 0);
}

/** Counts one fact; most count for nothing. */
export function count(set: Instruments, { type, data }: JournalEvent): void {
  const counted = COUNTS[type] as ((set: Instruments, data: unknown) => void) | undefined;
  counted?.(set, data);
}
