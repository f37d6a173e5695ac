import type { CampaignId, EpochMs } from '../call/ids.ts';
import { type AmdCharge, type AmdCounts, amdRates, chargeOf, heardIn } from '../dialer/amd-rates.ts';
import type { HeardMachines } from '../dialer/compliance/abandonment.ts';
import type { ComplianceProfile } from '../dialer/compliance/profile.ts';
import type { AmdBook, AmdView } from './ports/amd.ts';
import type { Campaign } from './ports/history.ts';
import type { Clock, Log } from './ports/time.ts';

interface AmdRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly history: AmdBook;
}

interface Known {
  readonly counts: AmdCounts;
  readonly at: EpochMs;
}

/** Agents may say what they met in any process, so it is read again after so long. */
const FRESH_MS = 30_000;

const NOBODY: HeardMachines = { heard: 0, persons: 0 };

/** How often the detection of campaigns is wrong, for the ledger, for pacing and for the manager. */
export class CampaignAmd {
  readonly #rooms: AmdRooms;
  readonly #known = new Map<CampaignId, Known>();
  readonly #askedAt = new Map<CampaignId, EpochMs>();

  constructor(rooms: AmdRooms) {
    this.#rooms = rooms;
  }

  /**
   * Machines whose truth is known, as they stood half a minute ago at the most when this is asked again and again. Nobody before
   * the first reading, for which `learn` waits.
   */
  heardOf(id: CampaignId): HeardMachines {
    const { clock, log } = this.#rooms;
    const known = this.#known.get(id);
    const now = clock.now();
    if (now - Math.max(known?.at ?? -Infinity, this.#askedAt.get(id) ?? -Infinity) >= FRESH_MS) {
      this.#askedAt.set(id, now);
      this.learn(id).catch((error: unknown) =>
        log.warn({ err: error, campaignId: id }, 'what agents met is not known'),
      );
    }
    return known ? heardIn(known.counts) : NOBODY;
  }

  async learn(id: CampaignId): Promise<HeardMachines> {
    return heardIn(await this.#read(id));
  }

  /** Null: nobody was listened to in this campaign, and nobody is. */
  async view(campaign: Campaign, profile: ComplianceProfile | null): Promise<AmdView | null> {
    const counts = await this.#read(campaign.id);
    if (!campaign.detect && Object.values(counts).every((count) => count === 0)) return null;
    return profile && viewOf(counts, profile);
  }

  async #read(id: CampaignId): Promise<AmdCounts> {
    const counts = await this.#rooms.history.amdCounts(id);
    this.#known.set(id, { counts, at: this.#rooms.clock.now() });
    return counts;
  }
}

function viewOf(counts: AmdCounts, { name, abandonment }: ComplianceProfile): AmdView {
  const { machines, sampledPersons, sampledMachines, passedPersons, passedMachines } = counts;
  const { falsePositive, missed } = amdRates(counts);
  const charged = chargeOf(counts, abandonment);
  return {
    machines,
    sampled: { persons: sampledPersons, machines: sampledMachines },
    passed: { persons: passedPersons, machines: passedMachines },
    falsePositive,
    missed,
    charged,
    definition: `False positives: persons among the calls taken for machines, as agents said of those put to them as a sample. Missed: machines among the calls let through, as agents said. Both since the campaign was made, with 95 % intervals. ${CHARGED[charged.from](name, charged, abandonment)}`,
  };
}

const percent = (share: number): string => `${Number((share * 100).toFixed(2))} %`;

const CHARGED: Readonly<
  Record<AmdCharge['from'], (name: string, charged: AmdCharge, rules: ComplianceProfile['abandonment']) => string>
> = {
  'not-charged': (name, _, { falsePositives }) => `Profile ${name} charges none of it: ${falsePositives.cite}.`,
  measured: (name, { share }, { falsePositives }) =>
    `Profile ${name} charges ${percent(share)} of the machines, as was measured, as abandoned calls: ${falsePositives.cite}.`,
  assumed: (name, { share }, { assumedFalsePositives }) =>
    `Profile ${name} charges ${percent(share)} of the machines, which it assumes, as abandoned calls: ${assumedFalsePositives.cite}.`,
};
