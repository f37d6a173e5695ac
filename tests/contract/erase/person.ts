import type { Fact, JournalEvent } from '../../../src/call/journal.ts';

/** A person who has done everything that leaves traces, and somebody else who did the same. */
export interface Seed {
  readonly number: string;
  readonly home: string;
  readonly name: string;
  readonly customer: string;
  /** What he keys in. */
  readonly keyed: string;
  readonly tag: string;
}

export const MATTI: Seed = {
  number: '+358401234567',
  home: '0401234567',
  name: 'Matti Virtala',
  customer: 'CRM-77041',
  keyed: '778899',
  tag: 'm',
};
export const OTHER: Seed = {
  number: '+358407654321',
  home: '0407654321',
  name: 'Liisa Korpela',
  customer: 'CRM-88123',
  keyed: '112233',
  tag: 'o',
};

const quoted = (value: unknown) =>
  `'${(typeof value === 'string' ? value : JSON.stringify(value)).replaceAll("'", "''")}'`;

/** Rows as the parts of Callwright write them, one of each table in which something personal may stand. */
export const rowsOf = ({ number, home, name, customer, keyed, tag }: Seed): readonly string[] => [
  `insert into callwright.calls (id, direction, ani, dnis, source, language, started_at, ended_at, waited_ms, talked_ms, outcome, verdict, q850, detected)
   values ('call-${tag}1', 'inbound', ${quoted(number)}, '100', 'public', 'fi', 1, 2, 0, 1, 'handled', 'completed', 16, 'event'),
     ('call-${tag}2', 'inbound', ${quoted(home)}, '100', 'public', 'fi', 1, 2, 0, 1, 'handled', 'completed', 16, 'event'),
     ('call-${tag}3', 'outbound', '+358100', ${quoted(number)}, 'campaign', 'fi', 1, 2, 0, 1, 'handled', 'completed', 16, 'event')`,
  `insert into callwright.leads (id, campaign_id, number, name, fields, external_id, address, digest, dedupe, status)
   values ('lead-${tag}', 'c', ${quoted(number)}, ${quoted(name)}, ${quoted({ street: `${name} 1`, other: home })}, ${quoted(customer)},
     ${quoted({ postalCode: '00100' })}, 'digest-${tag}', '', 'pending')`,
  `insert into callwright.lead_numbers (lead_id, position, number, kind) values ('lead-${tag}', 0, ${quoted(number)}, 'mobile')`,
  `insert into callwright.attempts (id, campaign_id, lead_id, call_id, number, started_at, ended_at, outcome, nth, disposition, disposed)
   values ('attempt-${tag}', 'c', 'lead-${tag}', 'call-${tag}3', ${quoted(number)}, 1000, 2000, 'connected', 1, 'promise', ${quoted(
     {
       disposition: 'promise',
       kind: 'payment',
       at: 1,
       agentId: 'alice',
       by: 'alice',
       counts: [],
       lead: { status: 'done' },
       values: { note: `${name} pays`, sum: 500 },
     },
   )})`,
  `insert into callwright.evidence (campaign_id, started_at, subject, seq, at, type, data)
   values ('c', 1, 'call/call-${tag}3', 1, 1, 'attempt.started', ${quoted({
     campaignId: 'c',
     leadId: `lead-${tag}`,
     attemptId: `attempt-${tag}`,
     number,
     trunk: 't',
     lead: { externalId: customer, name, fields: { street: name } },
   })})`,
  `insert into callwright.callbacks (id, queue, call_id, number, language, requested_at, due_by, terms)
   values ('callback-${tag}', 'billing', 'call-${tag}1', ${quoted(number)}, 'fi', 1, 2, ${quoted({ line: home, bare: Number(number) })})`,
  `insert into callwright.voicemails (id, box, call_id, ani, language, recorded_at, duration_ms, file)
   values ('voicemail-${tag}', 'main', 'call-${tag}1', ${quoted(number)}, 'fi', 1, 2, 'file-voice-${tag}')`,
  `insert into callwright.recordings (id, call_id, recorded_at, file, keep_until) values ('recording-${tag}', 'call-${tag}1', 1, 'file-talk-${tag}', 99)`,
  `insert into callwright.caller_memory (caller, what, value, until) values (${quoted(number)}, 'language', 'fi', 99), (${quoted(home)}, 'place', 'x', 99)`,
  `insert into callwright.pins (account, hash, tries, locks, locked_until, forget_at) values (${quoted(customer)}, 'h', '[]', 0, 0, 0)`,
  `insert into callwright.follow_ups (id, owner_kind, owner_id, state, kind, due_at, created_at, call_id, ani, customer_id, seq, rules, document)
   values ('follow-up-${tag}', 'team', 'finance', 'open', 'return', 1, 1, 'call-${tag}1', ${quoted(number)}, ${quoted(customer)}, 1, 'r', ${quoted({ reason: name })})`,
  `insert into callwright.follow_up_facts (follow_up_id, seq, at, type, data, told) values ('follow-up-${tag}', 1, 1, 'followup.created', ${quoted({ reason: name })}, true)`,
  `insert into callwright.webhook_parked (webhook_id, cursor, subject, text, tries, first_at, why)
   values ('hook', 'cursor-${tag}', 'call/call-${tag}1', ${quoted(eventsOf({ number, home, name, customer, keyed, tag }, 1_000)[0])}, 9, 1, 'it says 500')`,
  `insert into callwright.idempotency (id, token_id, print, holder, at, until, body)
   values ('key-${tag}', 't', 'p', 'h', 1, 2, ${quoted({ callId: 'x', number })})`,
  `insert into callwright.decisions (call_id, agent_id, at, queue, why) values ('call-${tag}1', 'alice', 1, 'billing', ${quoted({ caller: number })})`,
];

/** Two calls of a morning: one waits, talks, is asked how it was; then he rings again within five minutes; and a campaign calls him. */
export function eventsOf({ number, home, name, customer, keyed, tag }: Seed, at: number): readonly JournalEvent[] {
  const first: Fact[] = [
    { type: 'call.arrived', data: { direction: 'inbound', ani: number, dnis: '100', source: 'public', legId: 'l1' } },
    { type: 'call.answered', data: { legId: 'l1' } },
    { type: 'flow.input.received', data: { flow: 'main', node: 'account', digits: keyed } },
    {
      type: 'flow.emitted',
      data: { flow: 'main', node: 'e', event: 'paid', data: { name, number, amount: 1_250, currency: 'EUR' } },
    },
    { type: 'call.queued', data: { queue: 'billing', language: 'fi', require: [], priority: 0 } },
    { type: 'call.connected', data: { queue: 'billing', agentId: 'alice', waitedMs: 4_000, rangMs: 900 } },
    { type: 'call.transferred', data: { to: `sip:${number}@example.org`, outcome: 'ok' } },
    { type: 'call.disconnected', data: { agentId: 'alice', talkedMs: 60_000, by: 'agent' } },
    { type: 'survey.answered', data: { flow: 'main', node: 's', question: 'csat', answer: 4 } },
    { type: 'survey.answered', data: { flow: 'main', node: 's', question: 'why', answer: `${name} was not pleased` } },
    { type: 'survey.finished', data: { flow: 'main', node: 's', outcome: 'done', answered: 2 } },
    {
      type: 'callback.requested',
      data: { callbackId: `callback-${tag}`, queue: 'billing', number, dueBy: 5, keepPlace: true },
    },
    {
      type: 'call.ended',
      data: {
        verdict: 'completed',
        q850: 16,
        sip: 200,
        durationMs: 70_000,
        queue: 'billing',
        agentId: 'alice',
        waitedMs: 4_000,
        talkedMs: 60_000,
        detected: 'event',
      },
    },
  ];
  const again: Fact[] = [
    { type: 'call.arrived', data: { direction: 'inbound', ani: number, dnis: '100', source: 'public', legId: 'l2' } },
    { type: 'call.queued', data: { queue: 'billing', language: 'fi', require: [], priority: 0 } },
    { type: 'call.abandoned', data: { queue: 'billing', waitedMs: 9_000, while: 'waiting' } },
    {
      type: 'call.ended',
      data: {
        verdict: 'completed',
        q850: 16,
        sip: null,
        durationMs: 9_000,
        queue: 'billing',
        agentId: null,
        waitedMs: 9_000,
        talkedMs: 0,
        detected: 'event',
      },
    },
  ];
  const out: Fact[] = [
    {
      type: 'call.arrived',
      data: { direction: 'outbound', ani: '+358100', dnis: number, source: 'campaign', legId: 'l3' },
    },
    {
      type: 'attempt.started',
      data: {
        campaignId: 'c',
        leadId: `lead-${tag}`,
        attemptId: `attempt-${tag}`,
        number,
        trunk: 't',
        lead: { externalId: customer, name, fields: { at: home } },
      },
    },
    {
      type: 'call.ended',
      data: {
        verdict: 'completed',
        q850: 16,
        sip: 200,
        durationMs: 1_000,
        queue: null,
        agentId: null,
        waitedMs: 0,
        talkedMs: 0,
        detected: 'event',
      },
    },
  ];
  const told = (call: string, facts: readonly Fact[], from: number) =>
    facts.map(
      (fact, nth): JournalEvent => ({ ...fact, subject: `call/${call}`, seq: nth + 1, at: from + nth * 1_000 }),
    );
  return [
    ...told(`call-${tag}1`, first, at),
    ...told(`call-${tag}4`, again, at + 120_000),
    ...told(`call-${tag}3`, out, at + 180_000),
  ];
}
