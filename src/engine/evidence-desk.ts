import type { CampaignId, EpochMs } from '../call/ids.ts';
import type { HeardMachines } from '../dialer/compliance/abandonment.ts';
import type { ComplianceProfile } from '../dialer/compliance/profile.ts';
import { dated, othersOf } from './campaign-ledger-read.ts';
import type { EvidenceKeeper } from './evidence-keeper.ts';
import { packPieces } from './evidence-pack.ts';
import { DEFAULT_PROFILE } from './ports/campaigns.ts';
import type { EvidenceDesk, EvidenceSigner, PackPiece, PackQuery } from './ports/evidence.ts';
import type { Campaign, History } from './ports/history.ts';
import type { Answer } from './ports/service.ts';
import type { Clock } from './ports/time.ts';

interface DeskRooms {
  readonly clock: Clock;
  readonly history: History;
  readonly keeper: Pick<EvidenceKeeper, 'settle'>;
  readonly signer: EvidenceSigner;
  /** Machines of the campaign of which it is known what they were. */
  readonly heard: (id: CampaignId) => Promise<HeardMachines>;
  readonly profiles: () => ReadonlyMap<string, ComplianceProfile>;
}

/** Makes evidence packs, of what is kept and what the journal still tells. */
export class EngineEvidenceDesk implements EvidenceDesk {
  readonly #rooms: DeskRooms;

  constructor(rooms: DeskRooms) {
    this.#rooms = rooms;
  }

  async pack(query: PackQuery): Promise<Answer<AsyncIterable<PackPiece>>> {
    const { clock, history, keeper, signer, profiles, heard } = this.#rooms;
    const campaign = await history.campaign(query.campaignId);
    if (!campaign) return { ok: false, why: 'not-found', sentence: `there is no campaign ${query.campaignId}` };
    const known = profiles();
    const name = campaign.profile ?? DEFAULT_PROFILE;
    const profile = known.get(name);
    if (!profile) {
      return {
        ok: false,
        why: 'conflict',
        sentence: `The campaign's compliance profile ${name} is not loaded: put its file back.`,
      };
    }
    const nothing = nothingIn(query, campaign, clock.now());
    if (nothing !== null) return { ok: false, why: 'invalid', sentence: nothing };
    await keeper.settle();
    const span = {
      ...query,
      from: Math.max(query.from, campaign.createdAt),
      until: Math.min(query.until, clock.now()),
    };
    const all = [...known.values()];
    const campaigns = await history.campaigns();
    const others = await othersOf(history, all, { id: campaign.id, campaigns, until: span.until });
    const beside = { others, heard: await heard(campaign.id) };
    const [begun = { startedAt: campaign.createdAt, dialled: false }] = await dated(history, [campaign]);
    const source = { history, signer, campaign, begun, profiles: all, profile, beside, madeAt: clock.now() };
    return { ok: true, value: packPieces(source, span) };
  }
}

/** Why a span can hold nothing of the campaign; null: it can. An empty pack would look like one that shows there was nothing. */
function nothingIn({ from, until }: PackQuery, { name, createdAt }: Campaign, now: EpochMs): string | null {
  const at = (time: EpochMs) => new Date(time).toISOString();
  if (from >= now)
    return `The span begins at ${at(from)}, which is still to come: give a \`from\` that is before now, ${at(now)}.`;
  if (until <= createdAt)
    return `The span ends at ${at(until)}, before the campaign ${name} was made: give a \`to\` that is after ${at(createdAt)}.`;
  return null;
}
