import type { CampaignId, EpochMs } from '../call/ids.ts';
import { ENOUGH, measured } from './preflight-known.ts';
import { DISORDER_MS, SeenTwice, slices } from './journal-span.ts';
import { lognormal, type Reading } from '../dialer/lab/index.ts';
import type { Campaign } from './ports/history.ts';
import type { LiveStore } from './ports/live-store.ts';

/** What only the journal of a campaign tells. Seconds. */
export interface Journalled {
  /** From the pick-up to the verdict of a detection. */
  readonly verdicts: readonly number[];
  /** From the end of the greeting to the verdict, of those who were taken for persons. */
  readonly sinceGreeting: readonly number[];
  /** From when a lead was shown to when it was dialled or passed over. */
  readonly reads: readonly number[];
  /** Of these, leads that were not dialled. */
  readonly passedOver: number;
}

const DAY_MS = 24 * 3_600_000;
/** Lots of the journal: other campaigns and calls are in it too, and the preflight is waited for. */
const MOST_SLICES = 40;

/** Of the campaign's latest dials, or of the last day where it has none. */
export async function journalOf(
  live: Pick<LiveStore, 'read' | 'cursorAt'>,
  id: CampaignId,
  { from, now }: { readonly from: EpochMs | null; readonly now: EpochMs },
): Promise<Journalled> {
  const found = { verdicts: [] as number[], sinceGreeting: [] as number[], reads: [] as number[], passedOver: 0 };
  const twice = new SeenTwice();
  let read = 0;
  for await (const { events } of slices(live, await live.cursorAt((from ?? now - DAY_MS) - DISORDER_MS), now)) {
    for (const event of events) {
      if (event.type === 'attempt.detected' && event.data.campaignId === id && !twice.has(event)) {
        const { tookMs, greetedMs, result } = event.data;
        found.verdicts.push(tookMs / 1_000);
        if (result === 'human' && greetedMs !== undefined)
          found.sinceGreeting.push(Math.max(0, tookMs - greetedMs) / 1_000);
      }
      if (event.type !== 'campaign.preview.ended' || event.data.campaignId !== id || twice.has(event)) continue;
      // Who was taken away from his lead tells nothing of how he reads.
      if (event.data.how === 'withdrawn') continue;
      found.reads.push(event.data.readMs / 1_000);
      if (event.data.how !== 'dialled') found.passedOver += 1;
    }
    read += 1;
    if (read === MOST_SLICES) break;
  }
  return found;
}

/** A guess, of which many others are tried. */
const READING_SEC = 20;
const PASSED_OVER = 0.1;

/** What agents of a preview do with the leads that they are shown; null: they are shown none. */
export function readingOf(
  { mode, previewMs, previewAfter }: Campaign,
  { reads, passedOver }: Journalled,
): Reading | null {
  if (mode !== 'preview') return null;
  if (reads.length >= ENOUGH) return { took: measured(reads), passedOver: Math.min(0.95, passedOver / reads.length) };
  const mostSec = previewAfter && previewAfter !== 'wait' ? (previewMs ?? 60_000) / 1_000 : Infinity;
  return { took: lognormal(Math.min(READING_SEC, mostSec), 0.7), passedOver: PASSED_OVER };
}
