import type { Campaign } from './ports/history.ts';
import type { Preflight, Skipped } from './ports/preflight.ts';

interface Asked {
  readonly campaign: Campaign;
  readonly leads: Preflight['leads'];
  /** Largest first. */
  readonly skipped: readonly Pick<Skipped, 'leads' | 'text'>[];
  readonly hours: Preflight['hours'];
  /** Null: the site has none of its trunks. */
  readonly trunk: { readonly lines: number; readonly cps: number } | null;
  /** Lines and call starts that it may have, by all that bounds them. */
  readonly lines: number;
  readonly cps: number;
  /** Agents with the skills that it asks for. */
  readonly agents: number;
}

/** Why there is no forecast, and how to have one; null: there can be. */
export function noForecastOf({ campaign, leads, skipped, hours, trunk, lines, cps, agents }: Asked): string | null {
  const { mode, require, status, flow } = campaign;
  const [first] = skipped;
  const mostly = first
    ? `, ${first.leads === leads.all - leads.done ? 'all' : 'most'} of them for this: ${first.text}`
    : '';
  if (status === 'stopped' || status === 'finished')
    return `The campaign is ${status} and dials nobody any more: make a new one.`;
  if (leads.all === 0) return 'There is nobody to dial yet: upload a list.';
  if (leads.done === leads.all) return 'Every lead is done: upload more of them.';
  if (leads.now + leads.later === 0) return `No lead that is left may ever be dialled${mostly}.`;
  if (!hours.some((hour) => hour.leads > 0))
    return `No lead may be dialled at any hour of the next seven days${mostly}.`;
  if (trunk === null)
    return 'It has no trunk of the site, so nobody knows how many lines there will be: name one that trunks.yaml has.';
  if (lines < 1 || cps <= 0)
    return `${mode === 'agentless' && flow ? `Flow ${flow}, or a trunk,` : 'Its trunk'} lets no call be made: raise what it may have at once.`;
  if (mode === 'agentless' || agents > 0) return null;
  const skills = require.map(({ skill }) => skill).join(', ');
  return skills === ''
    ? 'There are no agents, so nobody could be connected: add agents.'
    : `No agent has all the skills that it asks for (${skills}), so nobody could be connected: give them to agents, or ask for fewer.`;
}
