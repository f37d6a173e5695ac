import type { CampaignId, EpochMs } from '../call/ids.ts';
import type { CampaignGate } from '../dialer/campaign-gates.ts';
import { type LeadGate, type LeadGateFacts, leadGates } from '../dialer/lead-gates.ts';
import { isCountry, readNumber } from '../dialer/lead-number.ts';
import { type LeadList, quotaCheck } from '../dialer/list-terms.ts';
import type { CampaignLaw, NumberSeen } from './campaign-law.ts';
import { numberGatesOf } from './campaign-law-words.ts';
import { leadFilter } from './lead-filter.ts';
import type { LeadWhy } from './ports/campaigns.ts';
import type { Campaign, History, Lead } from './ports/history.ts';
import { type LeadLook, MOST_AHEAD } from './ports/looks.ts';
import type { Answer } from './ports/service.ts';
import { refusedFacts } from './refused-words.ts';

interface WhyRooms {
  readonly history: Pick<
    History,
    'lead' | 'leadByExternalId' | 'leadsOfNumber' | 'leadLook' | 'leadLists' | 'quotaCounts'
  >;
  readonly law: Pick<CampaignLaw, 'seen' | 'profileOf'>;
  /** ISO 3166-1 alpha-2 of numbers written without `+`; null: such are not understood. */
  readonly country: string | null;
  /** Is he free for a call of this campaign? */
  readonly isFree: (campaign: Campaign, agentId: string) => boolean;
  /** A callback that does not say how long it waits for its agent is anybody's after this, ms. */
  readonly callbackWaitMs: number;
}

interface Found {
  readonly lead: Lead;
  readonly others: readonly string[];
}

/** Gates of the campaign that say whether any lead is left: of one lead that is known. */
const OF_LEADS: ReadonlySet<string> = new Set(['leads', 'leads-due']);
/** From here on it is about room for one more dial, which a lead has only when its turn has come. */
const OF_ROOM: ReadonlySet<string> = new Set([
  'agents-ready',
  'agents-free',
  'lines',
  'trunk-lines',
  'starts',
  'pacing',
]);

/**
 * Why one lead is not dialled at this moment: what is so of the lead and its list, what the law says of each of its numbers, what
 * its campaign lacks, and who goes before it. Nothing is changed by it.
 */
export async function leadWhy(
  rooms: WhyRooms,
  {
    campaign,
    gates,
    now,
  }: { readonly campaign: Campaign; readonly gates: readonly CampaignGate[]; readonly now: EpochMs },
  asked: string,
): Promise<Answer<LeadWhy>> {
  const found = await find(rooms, campaign.id, asked);
  if (!found.ok) return found;
  const { lead, others } = found.value;
  const [look, list, seen] = await Promise.all([
    rooms.history.leadLook(lead, now),
    listOf(rooms, lead),
    rooms.law.seen(campaign, lead),
  ]);
  const numbers = (seen ?? []).map(numberSeen);
  const refused = refusedFacts(lead, campaign, rooms.law.profileOf(campaign));
  const own = leadGates({ ...factsOf(lead, look), ...refused, list, callback: callbackOf(rooms, campaign, lead), now });
  const all = [...own, ...together(numbers), ...withTurn(gates, look, lead)];
  const { id, externalId = null, name } = lead;
  const headline = answerOf(all, numbers) ?? 'It is next: it is dialled as soon as pacing wants another dial.';
  return { ok: true, value: { at: now, headline, lead: { id, externalId, name, others }, gates: all, numbers } };
}

/** The first that is not so; but what passes by itself is no answer where no waiting lets any of its numbers be dialled. */
function answerOf(all: readonly LeadGate[], numbers: LeadWhy['numbers']): string | null {
  const first = all.find(({ pass }) => !pass);
  const barred = first?.until != null && numbers.length > 0 && numbers.every(isBarred);
  return (barred ? all.find(({ gate, pass }) => gate === 'numbers' && !pass) : first)?.text ?? null;
}

const isBarred = ({ gates }: LeadWhy['numbers'][number]): boolean =>
  gates.some(({ gate, pass, until }) => !pass && until === null && gate !== 'number-free');

/** By its external id, by its id here, or by one of its numbers: of several leads the first that is not done. */
async function find({ history, country }: WhyRooms, id: CampaignId, asked: string): Promise<Answer<Found>> {
  const named = (await history.leadByExternalId(id, asked)) ?? (await history.lead(asked));
  if (named?.campaignId === id) return { ok: true, value: { lead: named, others: [] } };
  const read = readNumber(asked, country !== null && isCountry(country) ? country : null);
  const [lead, ...others] = read.ok ? await history.leadsOfNumber(id, read.number) : [];
  if (lead) return { ok: true, value: { lead, others: others.map((other) => other.id) } };
  const more = read.ok || !/^[+\d][\d\s()./-]*$/.test(asked) ? '' : ` As a number ${read.problem}.`;
  return {
    ok: false,
    why: 'not-found',
    sentence: `Campaign ${id} has no lead with this external id, id or number.${more}`,
  };
}

function factsOf(lead: Lead, { last }: LeadLook) {
  const { status, attempts, notBefore, hold = null } = lead;
  return { status, attempts, notBefore, hold, last };
}

/** Its list as it is at this moment: a filter that was changed is asked when the lead's turn comes. */
async function listOf({ history }: WhyRooms, lead: Lead): Promise<LeadGateFacts['list']> {
  const { listId = '', campaignId, fields } = lead;
  const list = (await history.leadLists(campaignId)).find(({ id }) => id === listId);
  if (!list) return { name: listId, active: true, filteredBy: null, full: null };
  const { name, active, quotas } = list;
  const full = quotaCheck(quotas, quotas.length > 0 ? await history.quotaCounts(campaignId, list) : [])(fields);
  const most = full && `at most ${full.most} of '${full.outcome}'`;
  const where = full?.field == null ? '' : ` for ${full.field} '${fields[full.field] ?? ''}'`;
  return { name: name === '' ? listId : name, active, filteredBy: filteredBy(list, lead), full: most && most + where };
}

function filteredBy({ filter: source }: LeadList, lead: Lead): string | null {
  const filter = source === null ? null : leadFilter(source);
  return filter?.ok && !filter.passes(lead) ? source : null;
}

function callbackOf(rooms: WhyRooms, campaign: Campaign, lead: Lead): LeadGateFacts['callback'] {
  const { callbackAt: at, callbackAgent: agentId = null, callbackWaitMs = rooms.callbackWaitMs } = lead;
  if (at === undefined) return null;
  const agentFree = agentId === null || rooms.isFree(campaign, agentId);
  return { at, agentId, agentFree, teamAt: agentId === null ? null : at + callbackWaitMs };
}

function numberSeen({ number, kind, isOut, rules }: NumberSeen) {
  const text = isOut ? 'The number is in a call.' : 'Nobody calls the number at this moment.';
  return { number, kind, gates: [{ gate: 'number-free', pass: !isOut, text, until: null }, ...numberGatesOf(rules)] };
}

/** Of several numbers it is enough that one may be dialled; what is told is about the one whose turn it is. */
function together(numbers: LeadWhy['numbers']): readonly LeadGate[] {
  const free = numbers.find(({ gates }) => gates.every(({ pass }) => pass));
  const [first] = numbers;
  if (free || !first) {
    const kind = free && free.kind !== '' ? ` (${free.kind})` : '';
    const text =
      numbers.length > 1 ? `One of its ${numbers.length} numbers may be dialled${kind}.` : 'Its number may be dialled.';
    return first ? [{ gate: 'numbers', pass: true, text, until: null }] : [];
  }
  const bad = first.gates.find(({ pass }) => !pass);
  const text = `${numbers.length > 1 ? `None of its ${numbers.length} numbers may be dialled. ` : ''}${bad?.text ?? ''}`;
  return [{ gate: 'numbers', pass: false, text, until: soonest(numbers) }];
}

/** When the first of the numbers is free of all that is in its way; null: none is by waiting. */
function soonest(numbers: LeadWhy['numbers']): EpochMs | null {
  const times = numbers.flatMap(({ gates }) => {
    const bad = gates.filter(({ pass }) => !pass);
    const until = bad.map((gate) => gate.until ?? Infinity);
    return [Math.max(...until)];
  });
  const first = Math.min(...times);
  return Number.isFinite(first) ? first : null;
}

function withTurn(gates: readonly CampaignGate[], { ahead }: LeadLook, { callbackAt }: Lead): readonly LeadGate[] {
  const all = gates.filter(({ gate }) => !OF_LEADS.has(gate)).map((gate): LeadGate => ({ ...gate, until: null }));
  const room = all.findIndex(({ gate }) => OF_ROOM.has(gate));
  const at = room < 0 ? all.length : room;
  const turn: LeadGate = {
    gate: 'turn',
    pass: ahead === 0,
    text: turnText(ahead, callbackAt !== undefined),
    until: null,
  };
  return [...all.slice(0, at), turn, ...all.slice(at)];
}

function turnText(ahead: number, isCallback: boolean): string {
  if (ahead === 0) return 'No lead that is due goes before it.';
  const many = ahead >= MOST_AHEAD ? `${ahead.toLocaleString('en')} and more` : ahead.toLocaleString('en');
  const go = ahead === 1 ? 'lead goes' : 'leads go';
  return isCallback
    ? `${many} ${go} before it: callbacks that are due longer.`
    : `${many} ${go} before it: callbacks, lists and leads of a higher priority, and the order of its list.`;
}
