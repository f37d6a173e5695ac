/**
 * The life of a campaign.
 *
 *     draft ──start──▶ running ──pause──▶ paused ──start──▶ running
 *                       ├──finish──▶ finished ──start──▶ running (leads were added)
 *                       └──stop──▶ stopped (also from draft, paused and finished)
 *
 * `finish` is the engine's, when every lead is done; the others are a person's. A stopped campaign stays stopped, so that
 * its figures cannot change any more. What rings when a campaign pauses or stops is let ring; only new dials end.
 */
export type CampaignStatus = 'draft' | 'running' | 'paused' | 'stopped' | 'finished';

export type CampaignCommand = 'start' | 'pause' | 'stop' | 'finish';

export type CampaignStep =
  | { readonly ok: true; readonly status: CampaignStatus }
  | { readonly ok: false; readonly sentence: string };

const to = (status: CampaignStatus): CampaignStep => ({ ok: true, status });
const no = (sentence: string): CampaignStep => ({ ok: false, sentence });

const NEXT: Readonly<Record<CampaignStatus, Readonly<Record<CampaignCommand, CampaignStep>>>> = {
  draft: {
    start: to('running'),
    pause: no('The campaign has not started yet, so there is nothing to pause.'),
    stop: to('stopped'),
    finish: no('The campaign has not started yet, so it cannot be finished.'),
  },
  running: {
    start: no('The campaign is running already.'),
    pause: to('paused'),
    stop: to('stopped'),
    finish: to('finished'),
  },
  paused: {
    start: to('running'),
    pause: no('The campaign is paused already.'),
    stop: to('stopped'),
    finish: no('The campaign is paused; start it again before it can finish.'),
  },
  stopped: {
    start: no('The campaign was stopped for good; create a new one to dial its leads.'),
    pause: no('The campaign was stopped for good, so there is nothing to pause.'),
    stop: no('The campaign is stopped already.'),
    finish: no('The campaign was stopped for good, so it cannot be finished.'),
  },
  finished: {
    start: to('running'),
    pause: no('The campaign has finished, so there is nothing to pause.'),
    stop: to('stopped'),
    finish: no('The campaign has finished already.'),
  },
};

/** What a command makes of a campaign, or the sentence that says why it makes nothing of it. */
export function campaignStep(status: CampaignStatus, command: CampaignCommand): CampaignStep {
  return NEXT[status][command];
}
