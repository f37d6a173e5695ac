import { fixed, type Known, PLAIN_DAY, type Spread } from '../dialer/lab/index.ts';
import type { CampaignId, EpochMs } from '../call/ids.ts';
import { guaranteesAgent } from '../dialer/campaign-modes.ts';
import { retryRule } from '../dialer/retry.ts';
import type { AttemptOutcome, AttemptStory, Campaign, History } from './ports/history.ts';
import type { Assumption } from './ports/preflight.ts';

/** What became of dials, here or in campaigns like this one. */
export interface Seen {
  readonly from: Assumption['from'];
  /** `persons`: put to an agent or a flow; `machines`: kept from them. `ended`: of the dials, those after which a lead is not dialled again though nobody talked. */
  readonly counts: (NonNullable<Known['seen']> & { readonly ended: number }) | null;
  /** A detection listened to these dials. */
  readonly listened: boolean;
  /** Whose dials they are. */
  readonly campaigns: readonly CampaignId[];
  /** Persons that an agent or a flow talked with, seconds. */
  readonly talks: readonly number[];
  readonly rings: readonly number[];
  /** How long a line was held by a machine on which a message was left, from the pick-up, seconds. */
  readonly messages: readonly number[];
  /** When the latest dials of this campaign began; null: it has dialled nobody in these weeks. */
  readonly latestFrom: EpochMs | null;
}

type Rooms = Pick<History, 'campaigns' | 'attemptStory'>;
interface Story {
  readonly of: readonly CampaignId[];
  readonly attempts: readonly AttemptStory[];
}

const WEEKS_MS = 28 * 24 * 3_600_000;
/** Of one campaign; enough for a share to half a per cent or so, and for the shape of a talk. */
const STORY = 5_000;
const SIMILAR = 5;
/** Fewer dials than these say less than other campaigns do. */
const ENOUGH_DIALS = 100;
/** Of these its own journal is read. */
const LATEST = 400;
/** From so many on the measured ones are believed. */
export const ENOUGH = 30;
/** Points at which a distribution is kept. */
const POINTS = 64;

/**
 * What dials of the last four weeks came to: of this campaign, if it has dialled enough, else of the latest others that dial in
 * the same language and alike (an agent talks, or a flow), and among them of those that listen for machines as it does.
 */
export async function seenOf(campaign: Campaign, history: Rooms, now: EpochMs): Promise<Seen> {
  const since = now - WEEKS_MS;
  const own = await history.attemptStory(campaign.id, since, STORY);
  const latestFrom = own.at(-LATEST)?.startedAt ?? own[0]?.startedAt ?? null;
  if (own.length >= ENOUGH_DIALS)
    return {
      ...seen(campaign, { of: [campaign.id], attempts: own }),
      from: 'this campaign',
      listened: listens(campaign),
      latestFrom,
    };
  const alike = (await history.campaigns())
    .filter((other) => other.id !== campaign.id && isAlike(other, campaign))
    .toSorted((a, b) => b.createdAt - a.createdAt);
  for (const listened of [listens(campaign), !listens(campaign)]) {
    const story = await storyOf(alike.filter((other) => listens(other) === listened).slice(0, SIMILAR), history, since);
    if (story.attempts.length >= ENOUGH_DIALS)
      return { ...seen(campaign, story), from: 'similar campaigns', listened, latestFrom };
  }
  const nobody = { counts: null, listened: false, campaigns: [], talks: [], rings: [], messages: [] };
  return { from: 'assumed', ...nobody, latestFrom };
}

async function storyOf(campaigns: readonly Campaign[], history: Rooms, since: EpochMs): Promise<Story> {
  const attempts: AttemptStory[] = [];
  for (const { id } of campaigns) attempts.push(...(await history.attemptStory(id, since, STORY)));
  return { of: campaigns.map(({ id }) => id), attempts };
}

const isAlike = (a: Campaign, b: Campaign): boolean =>
  a.language === b.language && (a.mode === 'agentless') === (b.mode === 'agentless');

/** Is who picks up listened to before anybody is asked for? In a preview the agent is there already. */
export const listens = ({ detect, mode }: Pick<Campaign, 'detect' | 'mode'>): boolean =>
  Boolean(detect) && !guaranteesAgent(mode);

const PERSONS: ReadonlySet<AttemptOutcome> = new Set(['connected', 'abandoned']);
const MACHINES: ReadonlySet<AttemptOutcome> = new Set(['machine', 'message-left', 'fax', 'silent']);

function seen(campaign: Campaign, { of, attempts }: Story): Omit<Seen, 'from' | 'listened' | 'latestFrom'> {
  const { steps } = retryRule(campaign);
  const count = (are: (outcome: AttemptOutcome) => boolean) => attempts.filter(({ outcome }) => are(outcome)).length;
  const lasted = (are: (attempt: AttemptStory) => boolean) =>
    attempts.flatMap((attempt) =>
      attempt.answeredAt !== null && are(attempt) ? [(attempt.endedAt - attempt.answeredAt) / 1_000] : [],
    );
  // A flow is no agent, whose talk is timed: it talks as long as the call lasts.
  const byFlow = campaign.mode === 'agentless';
  const talks = attempts.flatMap(({ talkedMs }) => (talkedMs > 0 ? [talkedMs / 1_000] : []));
  return {
    counts: {
      dials: attempts.length,
      persons: count((outcome) => PERSONS.has(outcome)),
      machines: count((outcome) => MACHINES.has(outcome)),
      busy: count((outcome) => outcome === 'busy'),
      ended: count((outcome) => !PERSONS.has(outcome) && !steps[outcome]),
    },
    campaigns: of,
    talks: byFlow ? lasted(({ outcome }) => outcome === 'connected') : talks,
    rings: attempts.flatMap(({ startedAt, answeredAt }) =>
      answeredAt === null ? [] : [(answeredAt - startedAt) / 1_000],
    ),
    messages: lasted(({ outcome }) => outcome === 'message-left'),
  };
}

export interface Times {
  readonly talk: Spread;
  readonly wrap: Spread;
  readonly ring: Spread;
  /** One standard deviation of the mean talk, relative to it: how well it is known. */
  readonly talkDoubt: number;
}

/** Of what nobody has measured: eight of ten such guesses are within three fifths and five thirds of what it is. */
const GUESSED = 0.4;

/** How long things last; what was not seen often enough stands as in the plain day of the lab. */
export function timesOf({ wrapUpMs }: Campaign, { talks, rings }: Seen): Times {
  return {
    talk: talks.length < ENOUGH ? PLAIN_DAY.talk : measured(talks),
    wrap: fixed(wrapUpMs / 1_000),
    ring: rings.length < ENOUGH ? PLAIN_DAY.ring : measured(rings),
    talkDoubt: doubtOf(talks),
  };
}

/** The standard error of the mean, relative to it. */
export function doubtOf(values: readonly number[]): number {
  if (values.length < ENOUGH) return GUESSED;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length) / Math.max(1e-9, mean);
}

/** As many points of the distribution as the lab draws between, with the mean that was measured: the longest are few and far apart. */
export function measured(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (point: number) => sorted[Math.round((point / (POINTS - 1)) * (sorted.length - 1))] ?? 0;
  const points = Array.from({ length: POINTS }, (_, point) => at(point));
  const mean = sorted.reduce((sum, value) => sum + value, 0) / Math.max(1, sorted.length);
  const drawn =
    points.reduce((sum, value, i) => sum + value * (i === 0 || i === POINTS - 1 ? 0.5 : 1), 0) / (POINTS - 1);
  const times = drawn > 0 ? mean / drawn : 1;
  return { kind: 'measured', values: points.map((value) => value * times) };
}
