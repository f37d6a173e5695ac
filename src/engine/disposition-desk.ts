import type { AgentId, CallId, CampaignId } from '../call/ids.ts';
import type { Fact } from '../call/journal.ts';
import { readFields } from '../dialer/disposition-fields.ts';
import { applyDisposition, type Disposed, type Disposition, fieldsOf, labelOf } from '../dialer/disposition.ts';
import type { AgentDesk } from './agent-desk.ts';
import { numbersOf, type ProfileOf, whenOf } from './lead-after.ts';
import type { LeadWays } from './lead-ways.ts';
import type { AgentLead, AttemptWord, DisposeAnswer, DispositionDesk, DispositionForm } from './ports/dispositions.ts';
import type { DncDesk } from './ports/dnc.ts';
import type { FollowUps } from './ports/follow-ups.ts';
import type { Attempt, CallRecord, Campaign, History, Lead } from './ports/history.ts';
import type { LiveStore } from './ports/live-store.ts';
import type { Answer } from './ports/service.ts';
import type { Clock } from './ports/time.ts';
import type { Recorder } from './recorder.ts';
import type { Switchboard } from './switchboard.ts';
import { leaveWork } from './work-left.ts';

interface DeskRooms {
  readonly clock: Clock;
  readonly history: Pick<History, 'attemptOf' | 'callRecord' | 'campaign' | 'lead' | 'disposeAttempt' | 'holdLeads'>;
  readonly live: Pick<LiveStore, 'append'>;
  readonly recorder: Recorder;
  readonly desk: Pick<AgentDesk, 'apply' | 'find'>;
  readonly dnc: Pick<DncDesk, 'add'>;
  readonly board: () => Pick<Switchboard, 'find'>;
  readonly profileOf: ProfileOf;
  readonly ways: Pick<LeadWays, 'wish' | 'told'>;
  readonly dispositions: () => ReadonlyMap<string, Disposition>;
  readonly followUps: Pick<FollowUps, 'create'>;
  /** A lead of this campaign is to be dialled again, which may have finished meanwhile. */
  readonly again: (id: CampaignId, by: string) => Promise<unknown>;
}

interface Dial {
  readonly attempt: Attempt;
  readonly word: AttemptWord | null;
  readonly campaign: Campaign;
  readonly lead: Lead;
  /** Who talked with him. */
  readonly agentId: AgentId;
}

type Said = Parameters<DispositionDesk['dispose']>[1];
type Asker = Parameters<DispositionDesk['dispose']>[2];
type Done = Extract<Disposed, { ok: true }>;
type Spoken = Pick<CallRecord, 'direction' | 'ani' | 'dnis' | 'language'>;

const WRITTEN_WITHIN_MS = 3_000;
const LOOK_AGAIN_MS = 100;

const no = (why: 'not-found' | 'conflict' | 'invalid', sentence: string) => ({ ok: false, why, sentence }) as const;

/** What agents say became of the calls of campaigns, and what follows from it. */
export class EngineDispositionDesk implements DispositionDesk {
  readonly #rooms: DeskRooms;

  constructor(rooms: DeskRooms) {
    this.#rooms = rooms;
  }

  /**
   * What a word said of a caller of a queue leaves to somebody, by the site's file; null: nothing. The fields of the word are read
   * as those of a campaign's.
   */
  async ofCaller(said: Said, { callId, agentId }: { readonly callId: CallId; readonly agentId: AgentId }) {
    const { dispositions, clock } = this.#rooms;
    const rule = dispositions().get(said.disposition);
    if (!rule?.followUp) return null;
    const read = readFields(rule.fields, said.values, { now: clock.now(), zone: 'UTC' });
    if (!read.ok) return no('invalid', read.faults.map(({ sentence }) => sentence).join(' '));
    const call = await this.#callOf(callId);
    if (!call) return no('conflict', `Call ${callId} is not in the books yet; say it again in a moment.`);
    const ani = call.direction === 'outbound' ? call.dnis : call.ani;
    const label = labelOf(rule, call.language);
    const about = { callId, disposition: rule.name, label, values: read.values, agentId, by: agentId, ani };
    return leaveWork(this.#rooms, rule.followUp, about);
  }

  /** An agent may speak sooner of a call that has ended than its record is written. */
  async #callOf(callId: CallId): Promise<Spoken | null> {
    const { board, history, clock } = this.#rooms;
    const until = clock.now() + WRITTEN_WITHIN_MS;
    for (;;) {
      const call = board().find(callId)?.state ?? (await history.callRecord(callId));
      if (call || clock.now() >= until) return call;
      await new Promise<void>((again) => {
        clock.at(clock.now() + LOOK_AGAIN_MS, again);
      });
    }
  }

  /** What may be said, in the order of the site's file. */
  names(): readonly string[] {
    return [...this.#rooms.dispositions().keys()];
  }

  async leadOf(agentId: AgentId): Promise<Answer<AgentLead>> {
    const { desk, history } = this.#rooms;
    const live = desk.find(agentId)?.live;
    const callId = live?.callId ?? (live?.state === 'wrap-up' ? (live.lastCall?.callId ?? null) : null);
    const attempt = callId === null ? null : (await history.attemptOf(callId))?.attempt;
    const [campaign, lead] = attempt
      ? await Promise.all([history.campaign(attempt.campaignId), history.lead(attempt.leadId)])
      : [];
    if (!attempt || !campaign || !lead) return no('not-found', `Agent ${agentId} has no call of a campaign.`);
    const { id, externalId = null, name, fields } = lead;
    const about = { id: campaign.id, name: campaign.name, script: campaign.script ?? null };
    const whom = { id, externalId, name, number: attempt.number, fields };
    return { ok: true, value: { callId: attempt.callId, campaign: about, lead: whom } };
  }

  async form(callId: CallId, asker: AgentId | null): Promise<Answer<DispositionForm>> {
    const found = await this.#find(callId, asker);
    if (!found.ok) return found;
    const { campaign, lead, word: said } = found.value;
    const { id, externalId = null, name, fields } = lead;
    const dispositions = [...this.#rooms.dispositions().values()].map((one) => ({
      name: one.name,
      kind: one.meaning.kind,
      labels: one.labels,
      fields: [...fieldsOf(one.meaning), ...one.fields],
    }));
    const about = { callId, campaignId: campaign.id, lead: { id, externalId, name, fields } };
    return { ok: true, value: { ...about, said, dispositions } };
  }

  async dispose(callId: CallId, said: Said, asker: Asker): Promise<DisposeAnswer> {
    const found = await this.#find(callId, asker.agentId);
    if (!found.ok) return found;
    const dial = found.value;
    if (dial.word) return sameAgain(callId, dial.word, said.disposition);
    const rule = this.#rooms.dispositions().get(said.disposition);
    if (!rule) return no('invalid', this.#unknown(said.disposition));
    const now = this.#rooms.clock.now();
    const { attempts } = dial.lead;
    const { maxAttempts } = dial.campaign;
    const { zone, nextAllowed } = whenOf(dial.lead, this.#rooms.profileOf(dial.campaign), now);
    const disposed = applyDisposition(
      rule,
      said.values,
      { attempts, maxAttempts, zone, agentId: dial.agentId, nextAllowed },
      now,
    );
    if (!disposed.ok) {
      const sentence = disposed.faults.map((fault) => fault.sentence).join(' ');
      return { ok: false, why: 'faults', sentence, faults: disposed.faults };
    }
    return this.#perform(dial, rule, disposed, asker);
  }

  /** Who wants no calls is barred before anything else is written: a crash may lose a word, never that. */
  async #perform(dial: Dial, rule: Disposition, disposed: Done, asker: Asker): Promise<DisposeAnswer> {
    const { history, clock, ways } = this.#rooms;
    const by = asker.agentId ?? asker.name;
    await this.#bar(dial, rule.name, disposed, by);
    const left = await this.#leave(dial, rule, disposed, by);
    if (left && !left.ok) return left;
    const word = wordOf(dial, rule, disposed, { by, at: clock.now() });
    const { attempt, campaign, lead, agentId } = dial;
    const { id: attemptId, callId, number } = attempt;
    const chain = ways.wish(campaign, lead, { attemptId, callId, number, agentId }, true);
    if (!(await history.disposeAttempt(attemptId, word, chain))) {
      const first = (await history.attemptOf(callId))?.word;
      return first
        ? sameAgain(callId, first, word.disposition)
        : no('not-found', `Call ${callId} is no call of a campaign.`);
    }
    await this.#tell(dial, word);
    if (word.lead.status === 'pending') await this.#rooms.again(campaign.id, by);
    else if (lead.chainedTo === undefined) await ways.told(campaign, lead.id, attemptId);
    return { ok: true, value: word };
  }

  /** What it leaves to somebody, if anything; before the word is written. */
  async #leave({ attempt, campaign, agentId }: Dial, rule: Disposition, { values }: Done, by: string) {
    if (!rule.followUp) return null;
    const { callId, number: ani, leadId } = attempt;
    const about = { callId, disposition: rule.name, label: labelOf(rule, campaign.language), values, agentId, by, ani };
    return leaveWork(this.#rooms, rule.followUp, { ...about, campaignId: campaign.id, leadId });
  }

  async #bar({ attempt, campaign, lead }: Dial, name: string, { follow }: Done, by: string): Promise<void> {
    const order = follow.find(({ type }) => type === 'dnc');
    if (order?.type !== 'dnc') return;
    const numbers = order.numbers === 'called' ? [attempt.number] : numbersOf(lead).map(({ number }) => number);
    const campaignId = order.scope === 'campaign' ? campaign.id : null;
    const about = { campaignId, reason: `the agent said “${name}”`, source: 'agent', by } as const;
    for (const number of new Set([attempt.number, ...numbers]))
      await this.#rooms.dnc.add({ what: { number }, ...about });
    // He may have gone on to another campaign before the agent said so.
    if (lead.chainedTo !== undefined) await this.#rooms.history.holdLeads([lead.chainedTo], 'stopped');
  }

  /** Beside the agent's last call where it is that still, since he is shown it there. */
  async #tell({ attempt, campaign }: Dial, word: AttemptWord): Promise<void> {
    const { desk, recorder, live } = this.#rooms;
    const { callId, leadId, id: attemptId } = attempt;
    const { disposition, kind, by, values, agentId, payment } = word;
    const said = { kind, by, values, ...(payment && { payment }), lead: word.lead.status };
    const about = { campaignId: campaign.id, leadId, attemptId, ...said };
    const answer = await desk.apply(agentId, { type: 'dispose', disposition, callId, about });
    if (answer.ok) return;
    const data = { callId, agentId, queue: `campaign:${campaign.id}`, disposition, ...about };
    const fact: Fact = { type: 'call.disposed', data };
    const events = recorder.events(`campaign/${campaign.id}`, [fact]);
    await live.append(events);
    recorder.tell(events);
  }

  /** The dial that the call is, if this agent may speak of it; `asker` null: a supervisor, who may of each. */
  async #find(callId: CallId, asker: AgentId | null): Promise<Answer<Dial>> {
    const { history, board } = this.#rooms;
    const found = await history.attemptOf(callId);
    const [campaign, lead] = found
      ? await Promise.all([history.campaign(found.attempt.campaignId), history.lead(found.attempt.leadId)])
      : [];
    if (!found || !campaign || !lead) return no('not-found', `Call ${callId} is no call of a campaign.`);
    const state = board().find(callId)?.state;
    const agentId = found.attempt.agentId ?? state?.talk?.agentId ?? state?.record.agentId ?? null;
    if (agentId === null) return no('conflict', `No agent has talked in call ${callId}.`);
    if (asker !== null && asker !== agentId) return no('conflict', `Call ${callId} was another agent's.`);
    return { ok: true, value: { ...found, campaign, lead, agentId } };
  }

  #unknown(disposition: string): string {
    const known = this.names().join(', ');
    return known === ''
      ? 'The site names no dispositions; write them into site/dispositions.yaml.'
      : `There is no disposition '${disposition}'; the site has ${known}.`;
  }
}

/** The same once more is a request that was sent twice. */
function sameAgain(callId: CallId, word: AttemptWord, disposition: string): Answer<AttemptWord> {
  if (word.disposition === disposition) return { ok: true, value: word };
  return no('conflict', `Of call ${callId} ${word.by} has said “${word.disposition}”; the first word stands.`);
}

function wordOf(
  { attempt, lead, agentId }: Dial,
  { name: disposition, meaning: { kind }, counts }: Disposition,
  { lead: next, values, follow }: Done,
  { by, at }: { readonly by: string; readonly at: number },
): AttemptWord {
  const paid = follow.find(({ type }) => type === 'payment');
  const payment =
    paid?.type === 'payment' ? { payment: { amount: paid.amount, currency: paid.currency, due: paid.due } } : {};
  const about = { disposition, kind, at, agentId, by, values, counts, ...payment };
  if (next.status === 'done') return { ...about, lead: { status: 'done' } };
  const promise = follow.find(({ type }) => type === 'callback');
  const callback =
    promise?.type === 'callback' ? { at: promise.at, agentId: promise.agentId, waitMs: promise.waitMs } : null;
  const numberIndex = numberAfter(lead, attempt.number, next.number);
  const moved = { status: 'pending', notBefore: next.notBefore, numberIndex } as const;
  return { ...about, lead: callback ? { ...moved, callback } : moved };
}

/** The place of the number that is dialled next; those that are dead are passed over while another is left. */
function numberAfter(lead: Lead, dialled: string, which: 'same' | 'next'): number {
  const numbers = numbersOf(lead);
  const own = Math.max(
    0,
    numbers.findIndex(({ number }) => number === dialled),
  );
  if (which === 'same') return own;
  const inTurn = numbers.map((_, nth) => (own + 1 + nth) % numbers.length);
  return inTurn.find((nth) => numbers[nth]?.status === 'open') ?? own;
}
