import type { EpochMs } from '../call/ids.ts';
import { fixed, type Known, meanOf, PLAIN_DAY, type Spread } from '../dialer/lab/index.ts';
import type { AttemptOutcome, AttemptStory, Campaign, History } from './ports/history.ts';
import type { Assumption } from './ports/preflight.ts';

/** What became of dials, here or in campaigns like this one. */
export interface Seen {
  readonly from: Assumption['from'];
  readonly counts: NonNullable<Known['seen']> | null;
  /** Persons that an agent or a flow talked with, oldest first. */
  readonly talks: readonly number[];
  readonly rings: readonly number[];
}

type Rooms = Pick<History, 'campaigns' | 'attemptStory'>;

const WEEKS_MS = 28 * 24 * 3_600_000;
/** Of one campaign; enough for a share to half a per cent or so, and for the shape of a talk. */
const STORY = 5_000;
const SIMILAR = 5;
/** Fewer dials than these say less than other campaigns do. */
const ENOUGH_DIALS = 100;
const ENOUGH_TALKS = 30;
/** Points at which a distribution is kept. */
const POINTS = 64;

/**
 * What dials of the last four weeks came to: of this campaign, if it has dialled enough, else of the latest others that dial in
 * the same language and alike (an agent talks, or a flow).
 */
export async function seenOf(campaign: Campaign, history: Rooms, now: EpochMs): Promise<Seen> {
  const since = now - WEEKS_MS;
  const own = await history.attemptStory(campaign.id, since, STORY);
  if (own.length >= ENOUGH_DIALS) return seen('this campaign', own);
  const alike = (await history.campaigns())
    .filter(
      ({ id, language, mode }) => id !== campaign.id && language === campaign.language && kin(mode, campaign.mode),
    )
    .toSorted((a, b) => b.createdAt - a.createdAt)
    .slice(0, SIMILAR);
  const others: AttemptStory[] = [];
  for (const { id } of alike) others.push(...(await history.attemptStory(id, since, STORY)));
  if (others.length < ENOUGH_DIALS) return { from: 'assumed', counts: null, talks: [], rings: [] };
  return seen('similar campaigns', others);
}

const kin = (a: Campaign['mode'], b: Campaign['mode']): boolean => (a === 'agentless') === (b === 'agentless');

const PERSONS: ReadonlySet<AttemptOutcome> = new Set(['connected', 'abandoned']);
const MACHINES: ReadonlySet<AttemptOutcome> = new Set(['machine', 'message-left', 'fax']);

function seen(from: Assumption['from'], story: readonly AttemptStory[]): Seen {
  const count = (are: (outcome: AttemptOutcome) => boolean) => story.filter(({ outcome }) => are(outcome)).length;
  return {
    from,
    counts: {
      dials: story.length,
      persons: count((outcome) => PERSONS.has(outcome)),
      machines: count((outcome) => MACHINES.has(outcome)),
      busy: count((outcome) => outcome === 'busy'),
    },
    talks: story.flatMap(({ talkedMs }) => (talkedMs > 0 ? [talkedMs / 1_000] : [])),
    rings: story.flatMap(({ startedAt, answeredAt }) =>
      answeredAt === null ? [] : [(answeredAt - startedAt) / 1_000],
    ),
  };
}

export interface Times {
  readonly talk: Spread;
  readonly wrap: Spread;
  readonly ring: Spread;
}

/** How long things last; what was not seen often enough stands as in the plain day of the lab. */
export function timesOf({ wrapUpMs }: Campaign, { talks, rings }: Seen): Times {
  return {
    talk: talks.length < ENOUGH_TALKS ? PLAIN_DAY.talk : spread(talks),
    wrap: fixed(wrapUpMs / 1_000),
    ring: rings.length < ENOUGH_TALKS ? PLAIN_DAY.ring : spread(rings),
  };
}

function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (point: number) => sorted[Math.round((point / (POINTS - 1)) * (sorted.length - 1))] ?? 0;
  return { kind: 'measured', values: Array.from({ length: POINTS }, (_, point) => at(point)) };
}

/** All that the forecast goes by, in words. */
export function assumptionsOf(campaign: Campaign, seen: Seen, { talk, wrap, ring }: Times): readonly Assumption[] {
  const { counts, talks, rings, from } = seen;
  const sec = (of: Spread) => `${meanOf(of).toFixed(0)} s`;
  const measured = (values: readonly number[]) => (values.length < ENOUGH_TALKS ? 'assumed' : from);
  const rate = counts
    ? `${((100 * counts.persons) / counts.dials).toFixed(1)} % of ${counts.dials.toLocaleString('en')} dials`
    : 'about a quarter of the dials, and nobody knows';
  const served =
    campaign.mode === 'agentless' ? [] : [{ what: 'wrap-up', value: sec(wrap), from: 'settings' as const }];
  return [
    { what: 'persons who answer', value: rate, from },
    { what: 'talk', value: sec(talk), from: measured(talks) },
    ...served,
    { what: 'ringing until an answer', value: sec(ring), from: measured(rings) },
    { what: 'attempts', value: `up to ${campaign.maxAttempts} for each lead`, from: 'settings' },
  ];
}
