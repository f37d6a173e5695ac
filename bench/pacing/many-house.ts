import type { Candidate } from '../../src/acd/queue.ts';
import { CampaignCapacity } from '../../src/engine/campaign-capacity.ts';
import { CampaignLaw } from '../../src/engine/campaign-law.ts';
import { CampaignLedgers } from '../../src/engine/campaign-ledger.ts';
import { TrunkBook } from '../../src/engine/trunk-book.ts';
import { CampaignTrunks } from '../../src/engine/campaign-trunks.ts';
import type { CallState } from '../../src/engine/call/state.ts';
import type { DialNews } from '../../src/engine/evidence-picker.ts';
import { CampaignFleet } from '../../src/engine/fleet.ts';
import type { Campaign } from '../../src/engine/ports/history.ts';
import type { Clock, Log } from '../../src/engine/ports/time.ts';
import { Recorder } from '../../src/engine/recorder.ts';
import { PLAIN_CARE } from '../../src/dialer/trunk-state.ts';
import { systemIds } from '../../src/system.ts';
import { testProfiles } from '../../tests/support/lab-profile.ts';
import type { ManyCalls } from './many-floor.ts';

type FleetRooms = ConstructorParameters<typeof CampaignFleet>[0];

interface Parts {
  readonly clock: Clock;
  readonly campaigns: readonly Campaign[];
  readonly calls: ManyCalls;
  readonly agents: ReadonlyMap<string, Candidate>;
}

const log: Log = { debug() {}, info() {}, warn: console.error, error: console.error };

/** No lead is ever due: what is dialled is not for pacing to say here. */
const bookOf = (campaigns: readonly Campaign[]) => ({
  campaigns: async () => campaigns,
  campaign: async (id: string) => campaigns.find((campaign) => campaign.id === id) ?? null,
  leadCounts: async () => ({ pending: 1_000_000, leased: 0, done: 0 }),
  attemptStory: async () => [],
  attemptCounts: async () => ({}),
  answeredDays: async () => [],
  firstDials: async () => new Map<string, number>(),
  screenedCounts: async () => [],
  leadLists: async () => [],
  claimLeads: async () => [],
  expireLeases: async () => 0,
});

/** The dialers of a house, all that paces being the product's own, on a switchboard and a floor that the bench makes. */
export function manyHouse({ clock, campaigns, calls, agents }: Parts) {
  const board = {
    all: () => [...calls.all.values()],
    ofCampaign: (id: string) => calls.ofCampaign(id),
    find: (id: string) => calls.all.get(id),
    get size() {
      return calls.all.size;
    },
  };
  const history = bookOf(campaigns);
  const live = { append: async () => undefined, saveTrunk: async () => undefined, loadTrunks: async () => new Map() };
  const recorder = new Recorder(clock, log);
  const profiles = testProfiles();
  const law = new CampaignLaw({
    clock,
    history: { pastDials: async () => [] },
    dnc: { hits: () => [], book: { lists: [] } },
    profiles: () => profiles,
    prompts: () => new Map(),
    routes: () => [],
  });
  const amd = {
    heardOf: () => ({ heard: 0, persons: 0 }),
    learn: async () => ({ heard: 0, persons: 0 }),
  };
  const listeners: ((news: DialNews) => void)[] = [];
  const keeper = {
    still: async <T>(read: () => Promise<T>, then: (found: T, meanwhile: readonly DialNews[]) => void) =>
      then(await read(), []),
    listen: (listener: (news: DialNews) => void) => void listeners.push(listener),
  };
  const ledgers = new CampaignLedgers({
    clock,
    log,
    history,
    keeper: keeper as never,
    amd,
    profileOf: (campaign) => law.profileOf(campaign),
  });
  const trunk = { name: 'public', lines: 100_000, cps: 10_000, routes: [], care: PLAIN_CARE };
  const site = { trunks: new Map([['public', trunk]]) };
  const book = new TrunkBook({ clock, log, live, recorder, board, lines: () => [], site });
  const ways = new CampaignTrunks({ clock, book, pools: () => new Map() });
  const rooms = {
    clock,
    log,
    ids: systemIds,
    live,
    history,
    recorder,
    board,
    desk: { all: () => [...agents.values()], find: (id: string) => agents.get(id) },
    dispatcher: { hold: () => () => undefined, follow: () => undefined },
    law,
    ledgers,
    amd,
    owner: 'bench',
    ways,
    canDial: () => true,
    held: () => new Set<string>(),
    leads: () => true,
    outside: () => null,
    release: () => '',
    capacity: new CampaignCapacity({ board: () => board as never, maxCalls: 1_000_000, flowLimit: () => null }),
    flows: () => new Set<string>(),
    dispositions: () => new Set<string>(),
    changed: () => undefined,
  };
  const fleet = new CampaignFleet(rooms as unknown as FleetRooms);
  return {
    fleet,
    moved(state: CallState, before: CallState) {
      fleet.moved(state, before);
      const news = newsOf(state);
      if (news) for (const listener of listeners) listener(news);
    },
  };
}

/** What the ledgers of abandonment hear of it. */
function newsOf({ id: callId, attempt, answeredAt }: CallState): DialNews | null {
  if (!attempt || answeredAt === null || (attempt.phase !== 'talking' && attempt.phase !== 'abandoned')) return null;
  const isLost = attempt.phase === 'abandoned';
  const ends = {
    connectedAt: isLost ? null : answeredAt,
    gaveUpAt: isLost ? answeredAt + attempt.connectDeadlineMs : null,
  };
  const plain = {
    greetingEndedAt: null,
    leftAt: null,
    screened: false,
    keptOut: false,
    byFlow: false,
    metMachine: false,
  };
  return { campaignId: attempt.campaignId, callId, before: null, after: { pickedUpAt: answeredAt, ...ends, ...plain } };
}
