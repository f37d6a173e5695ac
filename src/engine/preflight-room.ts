import type { TrunkUse } from '../dialer/trunk-state.ts';
import type { Campaign } from './ports/history.ts';

export interface RoomBooks {
  /** Lines and call starts per second of each trunk of the site. */
  readonly trunks: ReadonlyMap<string, { readonly lines: number; readonly cps: number }>;
  /** The trunks behind a name, of one or of a group. */
  readonly usesOf: (name: string) => readonly TrunkUse[];
  /** Calls that a flow takes at once; null: as many as come. */
  readonly flowLimit: (flow: string) => number | null;
  /** Calls that the house takes at once. */
  readonly maxCalls: number;
}

interface PreflightRoom {
  /** What its trunks have together; null: the site has none of them. */
  readonly trunk: { readonly lines: number; readonly cps: number } | null;
  /** Of these, what it may use. */
  readonly lines: number;
  readonly cps: number;
}

/** Lines and call starts that a campaign may have, by its settings, its trunks, its flow and the house. */
export function roomOf(campaign: Campaign, { trunks, usesOf, flowLimit, maxCalls }: RoomBooks): PreflightRoom {
  const { trunk: name, trunks: uses = [], mode, flow } = campaign;
  const names = new Set((uses.length > 0 ? uses : usesOf(name)).map(({ trunk }) => trunk));
  const known = [...names].flatMap((each) => trunks.get(each) ?? []);
  const trunk =
    known.length === 0
      ? null
      : {
          lines: known.reduce((sum, { lines }) => sum + lines, 0),
          cps: known.reduce((sum, { cps }) => sum + cps, 0),
        };
  const byFlow = mode === 'agentless' && flow !== undefined ? flowLimit(flow) : null;
  return {
    trunk,
    lines: Math.min(campaign.maxLines, trunk?.lines ?? 0, maxCalls, byFlow ?? Infinity),
    cps: Math.min(campaign.cps, trunk?.cps ?? 0),
  };
}
