import type { Preflight } from '../../src/engine/ports/preflight.ts';

const AT = Date.parse('2026-11-23T07:30:00Z');
const HOUR_MS = 3_600_000;

/** A campaign of the kind that managers have: a Monday morning, two zones, a few hundred numbers that are not to be called. */
export const PREFLIGHT: Preflight = {
  at: AT,
  campaignId: 'campaign-1',
  profile: 'us-ftc@1',
  leads: { all: 12_000, done: 0, now: 9_200, later: 1_850, never: 950 },
  skipped: [
    { reason: 'calling-hours', leads: 1_800, until: AT + 30 * 60_000, text: 'no hour to call where the person is' },
    { reason: 'dnc', leads: 800, until: null, text: 'on a do-not-call list' },
    { reason: 'quota', leads: 150, until: null, text: 'its quota is full' },
    {
      reason: 'locked-out',
      leads: 50,
      until: AT + 40 * HOUR_MS,
      text: 'abandoned or taken for a machine a short time ago',
    },
  ],
  hours: Array.from({ length: 168 }, (_, hour) => {
    const at = hour === 0 ? AT : Math.floor(AT / HOUR_MS + hour) * HOUR_MS;
    const clock = new Date(at).getUTCHours();
    const open = new Date(at).getUTCDay() > 0;
    const leads = (open && clock >= 7 && clock < 18 ? 9_200 : 0) + (open && clock >= 8 && clock < 19 ? 1_800 : 0);
    return { at, leads };
  }),
  zones: [
    { zones: ['Europe/Helsinki'], leads: 9_240, open: true },
    { zones: ['Europe/Stockholm'], leads: 1_810, open: false },
  ],
  expected: {
    agents: 20,
    dials: 23_400,
    answerRate: { low: 0.221, middle: 0.243, high: 0.262 },
    utilisation: { low: 0.811, middle: 0.842, high: 0.861 },
    abandonment: { low: 0.019, middle: 0.024, high: 0.027 },
    byFlow: null,
    finishAt: { low: AT + 29 * HOUR_MS, middle: AT + 31 * HOUR_MS, high: AT + 33 * HOUR_MS },
  },
  noForecast: null,
  assumptions: [
    { what: 'persons who answer', value: '24.3 % of 1,200 dials', from: 'similar campaigns' },
    { what: 'machines that pick up', value: '30.2 % of the dials', from: 'similar campaigns' },
    { what: 'persons kept from agents', value: '8.2 % of them, as in 24 test calls', from: 'assumed' },
    { what: 'verdict', value: '2.4 s after the pick-up', from: 'assumed' },
    { what: 'after the verdict', value: 'a machine: hung up on; unsure: put to an agent', from: 'settings' },
    { what: 'charged as abandoned', value: '3.0 % of the machines, by us-ftc@1', from: 'profile' },
    { what: 'talk', value: '62 s', from: 'similar campaigns' },
    { what: 'wrap-up', value: '10 s', from: 'settings' },
  ],
  warnings: [
    { blocks: true, text: 'The switch is not connected.' },
    { blocks: false, text: 'About 90 lines would keep 20 agents busy; it may have 60.' },
  ],
};
