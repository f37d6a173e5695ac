import type { EpochMs } from '../call/ids.ts';
import type { JournalEvent } from '../call/journal.ts';
import type { ComplianceProfile } from './compliance/profile.ts';
import { type Cell, instantOf, maskedNumber } from './evidence-csv.ts';
import { SOUND_COLUMNS, soundCells, type Sounds } from './evidence-sounds.ts';
import type { EvidenceCall } from './evidence.ts';

type Row = readonly Cell[];

export const CALL_COLUMNS = [
  'call',
  'attempt',
  'lead',
  'number',
  'profile',
  'trunk',
  'dialled',
  'answered',
  'AMD',
  'connected',
  'agent',
  'abandoned',
  'ended',
  'outcome',
];

const shown = (number: string, whole: boolean): string => (whole ? number : maskedNumber(number));

export function callRow(call: EvidenceCall, withNumbers: boolean): Row {
  const { callId, attemptId, leadId, number, profile, trunk, detected, agentId, outcome } = call;
  return [
    callId,
    attemptId,
    leadId,
    shown(number, withNumbers),
    profile ?? 'not written down',
    trunk,
    instantOf(call.dialledAt),
    instantOf(call.answeredAt),
    detected && `${detected.result} (${detected.by}), ${detected.action}`,
    instantOf(call.connectedAt),
    agentId,
    instantOf(call.abandonedAt),
    instantOf(call.endedAt),
    outcome,
  ];
}

export const ABANDONED_COLUMNS = [
  'call',
  'lead',
  'number',
  'profile',
  'answered',
  'greeting ended',
  'deadline of the profile',
  'message began',
  'message ended',
  'message',
  'heard to its end',
  'opted out',
  'agent came',
  'call ended',
  'number rests until',
  ...SOUND_COLUMNS,
];

/** Abandoned as it was dialled, or as the campaign's profile counts it. */
export function abandonedRow(
  call: EvidenceCall,
  { abandonment, lockOut, id }: ComplianceProfile,
  { withNumbers, sounds }: { readonly withNumbers: boolean; readonly sounds: Sounds },
): Row {
  const { answeredAt, greetingEndedAt, abandonedAt, message, connectedAt, endedAt } = call;
  const start = abandonment.countsFrom.value === 'greeting-end' ? (greetingEndedAt ?? answeredAt) : answeredAt;
  const rest = lockOut.afterAbandonedMs.value;
  return [
    call.callId,
    call.leadId,
    shown(call.number, withNumbers),
    call.profile ?? id,
    instantOf(answeredAt),
    instantOf(greetingEndedAt) ?? 'not heard',
    instantOf(start === null ? null : start + abandonment.connectWithinMs.value),
    instantOf(abandonedAt),
    instantOf(message?.endedAt ?? (abandonedAt === null ? null : endedAt)),
    message?.name ?? (abandonedAt === null ? 'none: he hung up before' : 'not written down'),
    message ? (message.whole ? 'yes' : 'no') : null,
    instantOf(call.optedOutAt),
    instantOf(connectedAt),
    instantOf(endedAt),
    rest === 0 || endedAt === null ? null : instantOf(endedAt + rest),
    ...soundCells(call, sounds),
  ];
}

export const CHANGE_COLUMNS = ['at', 'by', 'status', 'status before', 'setting', 'from', 'to'];

/** Every change of the campaign, a row for each setting that became another. */
export function changeRows(event: JournalEvent): readonly Row[] {
  if (event.type !== 'campaign.changed') return [];
  const { by, status, previous, changes } = event.data;
  const about = [instantOf(event.at), by || 'not written down', status, previous];
  if (changes.length === 0) return [[...about, null, null, null]];
  return changes.map(({ setting, from, to }) => [...about, setting, from, to]);
}

export const SETTING_COLUMNS = ['setting', 'at the beginning', 'at the end'];

/** What each setting was when the period began and ended, reckoned back from what it is now by the changes since. */
export function settingRows(
  now: Readonly<Record<string, unknown>>,
  changes: readonly JournalEvent[],
  { from, until }: { readonly from: EpochMs; readonly until: EpochMs },
): readonly Row[] {
  const latestFirst = changes.toSorted((a, b) => b.at - a.at);
  const at = (time: EpochMs): ReadonlyMap<string, string> => {
    const values = new Map(Object.entries(now).map(([setting, value]) => [setting, JSON.stringify(value)]));
    for (const event of latestFirst) {
      if (event.type !== 'campaign.changed' || event.at < time) continue;
      for (const { setting, from: before } of event.data.changes) values.set(setting, before);
    }
    return values;
  };
  const [before, after] = [at(from), at(until)];
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].toSorted().map((name) => [name, before.get(name) ?? null, after.get(name) ?? null]);
}

export const DISPOSITION_COLUMNS = [
  'said',
  'call',
  'attempt',
  'lead',
  'agent',
  'said by',
  'disposition',
  'means',
  'the lead then',
  'amount promised',
  'currency',
  'due',
  'what else was said',
];

/** What an agent said of a call; said again of a call without rules of its own, the last row counts. */
export function dispositionRows({ type, at, data }: JournalEvent): readonly Row[] {
  if (type !== 'call.disposed') return [];
  const { callId, attemptId = null, leadId = null, agentId, by, disposition, kind = null } = data;
  const { lead = null, payment, values = {} } = data;
  const paid = new Set(payment ? ['amount', 'due'] : []);
  const more = Object.fromEntries(Object.entries(values).filter(([name]) => !paid.has(name)));
  const about = [instantOf(at), callId, attemptId, leadId, agentId, by ?? agentId, disposition, kind, lead];
  const promised = payment ? [decimal(payment), payment.currency, payment.due] : [null, null, null];
  return [[...about, ...promised, Object.keys(more).length === 0 ? null : JSON.stringify(more)]];
}

/** A sum as people write it, from its digits, so that no cent is lost. */
function decimal({ amount, currency }: { readonly amount: number; readonly currency: string }): string {
  const digits =
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  const text = String(amount).padStart(digits + 1, '0');
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}
