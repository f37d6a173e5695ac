import { mayCallBack } from '../dialer/compliance/may-dial.ts';
import type { ComplianceProfile } from '../dialer/compliance/profile.ts';
import type { DncHit } from '../dialer/dnc.ts';
import { listedUnder } from './campaign-law-facts.ts';
import { DEFAULT_PROFILE } from './ports/campaigns.ts';
import type { CallbackRequest } from './ports/flow-store.ts';
import type { SeenFollowUp } from './ports/follow-ups.ts';
import type { History } from './ports/history.ts';

interface Rooms {
  readonly history: Pick<History, 'campaign' | 'callRecord'>;
  readonly hits: (number: string, campaignId: string) => readonly DncHit[];
  readonly profiles: () => ReadonlyMap<string, ComplianceProfile>;
}

/** Lists that belong to no campaign. */
const OF_THE_HOUSE = '';
/** What a person or somebody for him said; of a list nobody knows when a number came upon it. */
const SAID: ReadonlySet<DncHit['kind']> = new Set(['number', 'prefix', 'hash']);

/**
 * May somebody be rung back? Asked when an owner wants to talk with his caller, by `mayCallBack`; and again of every callback before it
 * rings, whether the person has changed his mind.
 */
export class CallBackLaw {
  readonly #rooms: Rooms;

  constructor(rooms: Rooms) {
    this.#rooms = rooms;
  }

  /** Why the caller of a follow-up may not be called, in a sentence; null: he may. */
  async hindrance({ callId, campaignId }: SeenFollowUp, number: string): Promise<string | null> {
    const { history, hits, profiles } = this.#rooms;
    const campaign = campaignId === null ? null : await history.campaign(campaignId);
    const record = callId === null ? null : await history.callRecord(callId);
    const profile = profiles().get(campaign?.profile ?? DEFAULT_PROFILE);
    const dnc = listedUnder(hits(number, campaignId ?? OF_THE_HOUSE));
    if (dnc.length === 0) return null;
    // Promised to himself, in a call with that number.
    const isHis = record !== null && [record.ani, record.dnis].includes(number);
    const verdict = profile && mayCallBack({ profile, consent: isHis ? 'express' : 'none', dnc });
    if (verdict?.allowed) return null;
    return verdict?.sentence ?? `The number is not to be called: ${dnc[0]?.name}.`;
  }

  /** Whether he has asked not to be called since the callback was promised. */
  isUnwanted({ number, requestedAt }: Pick<CallbackRequest, 'number' | 'requestedAt'>): boolean {
    return this.#rooms
      .hits(number, OF_THE_HOUSE)
      .some(({ kind, since }) => SAID.has(kind) && since !== null && since > requestedAt);
  }
}
