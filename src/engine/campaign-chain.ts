import type { CampaignId, EpochMs, LeadId } from '../call/ids.ts';
import { type ChainRule, chainCircles, nextCampaign } from '../dialer/chain.ts';
import { numbersOf } from './lead-after.ts';
import type { ChainWish } from './ports/chain.ts';
import type { Campaign, Lead } from './ports/history.ts';

type Resolved =
  | { readonly ok: true; readonly chain: readonly ChainRule[] }
  | { readonly ok: false; readonly sentence: string };

interface Asker {
  /** Null: it is new, and nothing leads to it yet. */
  readonly own: CampaignId | null;
  /** Empty: the site names none, and any word may be said. */
  readonly dispositions: ReadonlySet<string>;
}

const no = (sentence: string) => ({ ok: false, sentence }) as const;

/**
 * Rules as they are kept: by the ids of the campaigns they name. A campaign that is not there and rules that lead in a circle
 * are refused: no lead would go round, but whoever wrote them meant something else.
 */
export function resolveChain(
  chain: readonly ChainRule[],
  all: readonly Campaign[],
  { own, dispositions }: Asker,
): Resolved {
  const resolved: ChainRule[] = [];
  for (const rule of chain) {
    const found = named(all, rule.to);
    if (!found.ok) return found;
    const unknown = rule.dispositions?.find((name) => dispositions.size > 0 && !dispositions.has(name));
    if (unknown !== undefined)
      return no(`The chain asks for the disposition “${unknown}”; the site has ${[...dispositions].join(', ')}.`);
    resolved.push({ ...rule, to: found.id });
  }
  if (own === null) return { ok: true, chain: resolved };
  const rules = new Map(all.map((campaign) => [campaign.id, campaign.chain ?? []]));
  const [circle] = chainCircles(rules.set(own, resolved)).filter((ids) => ids.includes(own));
  if (!circle) return { ok: true, chain: resolved };
  const names = [...circle, circle[0]].map((id) => all.find((one) => one.id === id)?.name ?? id);
  return no(`The chain leads in a circle: ${names.join(' → ')}. Take one of these rules out.`);
}

function named(all: readonly Campaign[], name: string) {
  const byId = all.find(({ id }) => id === name);
  if (byId) return { ok: true, id: byId.id } as const;
  const byName = all.filter((campaign) => campaign.name === name);
  const [one] = byName;
  if (!one) return no(`The chain leads to “${name}”, and there is no campaign of that id or name; make it first.`);
  return byName.length > 1
    ? no(`The chain leads to “${name}”, and ${byName.length} campaigns are called so; name it by its id.`)
    : ({ ok: true, id: one.id } as const);
}

interface ChainEnd {
  readonly newId: LeadId;
  readonly now: EpochMs;
  /** He must not be called by anybody: he asked for it. */
  readonly barred: boolean;
  /** An agent talked with him and may say yet what became of it: until he has, the lead stays. */
  readonly awaitsWord: boolean;
}

/** Where a lead of the campaign goes if this ends it; nothing: it goes nowhere. */
export function chainOf(
  { chain = [], id }: Pick<Campaign, 'chain' | 'id'>,
  lead: Lead,
  { newId, now, barred, awaitsWord }: ChainEnd,
): ChainWish | undefined {
  if (chain.length === 0) return undefined;
  return {
    newId,
    next: ({ outcome, word }) => {
      if (word === null && awaitsWord) return null;
      const noNumber = !numbersOf(lead).some(
        ({ number, status }) => status === 'open' && !(outcome === 'invalid-number' && number === lead.number),
      );
      const end = {
        outcome,
        disposition: word?.disposition ?? null,
        barred: barred || noNumber || word?.kind === 'dnc',
      };
      const step = nextCampaign(chain, end, lead.trail ?? [id], now);
      return step.go ? { to: step.to, notBefore: step.notBefore, trail: step.trail } : null;
    },
  };
}
