import { stripVTControlCharacters } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { campaignAnswer, qualityAnswer } from '../../../src/cli/campaign-answer.ts';
import { campaignLines, summaryLines } from '../../../src/cli/campaign-lines.ts';

const NOW = new Date(2026, 10, 22, 12, 0).getTime();
const HOUR = 3_600_000;

const limit = (change = {}) => ({
  cap: 0.03,
  window: 'day',
  scope: 'campaign',
  rate: 0.012,
  abandoned: 3,
  of: 250,
  from: '2026-11-22',
  to: '2026-11-22',
  budget: 4.6,
  binds: true,
  definition: 'x',
  ...change,
});

const view = (change: object = {}) =>
  campaignAnswer.parse({
    campaign: { id: 'campaign-1', name: 'Autumn', status: 'running', mode: 'predictive' },
    leads: { pending: 1_772, leased: 24, done: 1_204 },
    outcomes: { connected: 740, 'no-answer': 2_100, machine: 900, open: 24 },
    inFlight: 24,
    live: {
      agents: { idle: 1, talk: 7, wrap: 2 },
      idleMs: 3_200,
      callsMade: 3_764,
      dropsPercent: 1.2,
      dialLevel: 2.1,
      lines: { inUse: 24, max: 60 },
      finishAt: { low: NOW + HOUR, likely: NOW + 2 * HOUR, high: NOW + 26 * HOUR, from: 'pace' },
    },
    abandonment: { profile: 'eu-default@1', limits: [limit(), limit({ window: 'campaign-30-days', scope: 'all' })] },
    because: '3 dials: 2 agents will be free.',
    ...change,
  });

const list = (change = {}) => ({
  listId: 'east',
  name: 'East',
  leads: 1_200,
  done: 400,
  dialled: 700,
  dials: 900,
  contact: { share: 0.2, of: 900 },
  reached: { share: 0.25, of: 700 },
  machine: { share: 0.3, of: 900 },
  noAnswer: { share: 0.4, of: 900 },
  invalid: { share: 0.01, of: 900 },
  refused: { share: null, of: 0 },
  ...change,
});
const quality = qualityAnswer.parse({
  at: NOW,
  all: list({ leads: 3_000 }),
  lists: [list(), list({ listId: 'a-very-long-id-of-a-list', name: 'A list of a name that is far too long for this' })],
  definitions: {},
});

const fine = { headline: 'Pacing says: all is well.', gates: [{ gate: 'status', pass: true }] };
const plain = (lines: readonly string[]) => lines.map((line) => stripVTControlCharacters(line));

describe('a campaign as a manager sees it', () => {
  it('fits the screen', () => {
    const said = plain(campaignLines({ view: view(), why: fine, quality, now: NOW }, 80));
    expect(`\n${said.join('\n')}\n`).toBe(`
Autumn  ● running  predictive
3 dials: 2 agents will be free.

Leads      ████████░░░░░░░░░░░░  1,204 of 3,000 done, 1,772 wait, 24 on the line
Done by    14:00  8 of 10: 13:00 – Mon 23 14:00
Agents     7 talk, 2 wrap-up, 1 free   idle 3.2 s before a talk
Lines      ████████░░░░░░░░░░░░  24 of 60   2.1 dials a free agent
Abandoned  ████░░░░░░  1.2 % of 3.0 %: 3 of 250, 4 more may be   day: 2026-11-22
           ████░░░░░░  1.2 % of 3.0 %: 3 of 250, 4 more may be
           campaign 30 days, all campaigns: 2026-11-22
Dials      3,740 ended: no-answer 2,100, machine 900, connected 740

LIST                LEADS  DIALS  PERSON  MACHINE  NO ANSWER  NO NUMBER  REFUSED
East                1,200    900  20.0 %   30.0 %     40.0 %      1.0 %        –
A list of a name …  1,200    900  20.0 %   30.0 %     40.0 %      1.0 %        –
all                 3,000    900  20.0 %   30.0 %     40.0 %      1.0 %        –
`);
  });

  it('says how many leads a filter or a quota holds back, and nothing of abandonment where a flow talks', () => {
    const text = (change: object, all = {}) => {
      const counted = qualityAnswer.parse({ ...quality, all: list({ leads: 3_000, ...all }) });
      return plain(campaignLines({ view: view(change), why: fine, quality: counted, now: NOW }, 100)).join('\n');
    };
    expect(text({}, { leads: 3_200 })).toContain('1,204 of 3,000 done, 1,772 wait, 24 on the line, 200 held back\n');
    expect(text({})).not.toContain('held back');
    expect(text({})).toContain('Abandoned');
    const campaign = { id: 'campaign-1', name: 'Autumn', status: 'running', mode: 'agentless' };
    const amd = { machines: 400, falsePositive: null, charged: { share: 0.03, from: 'assumed' } };
    expect(text({ campaign, amd })).not.toMatch(/abandoned|answered|free agent|from agents/iu);
    expect(text({ campaign, amd })).toContain('Machines   400 did not hear the flow, how many were persons');
    expect(plain(summaryLines(view({ campaign }), NOW, 100)).join()).not.toContain('abandoned');
    expect(text({ live: null, inFlight: 1 })).toContain('1 call out');
  });

  it('says first what keeps it from dialling, and takes busy agents for no trouble', () => {
    const why = (gate: string) => ({ headline: 'The reason.', gates: [{ gate, pass: false }] });
    const second = (gate: string, status = 'running') => {
      const campaign = { id: 'campaign-1', name: 'Autumn', status, mode: 'progressive' };
      return campaignLines({ view: view({ campaign }), why: why(gate), quality: null, now: NOW }, 80)[1] ?? '';
    };
    expect(stripVTControlCharacters(second('lines'))).toBe('The reason.');
    const colours = process.stdout.isTTY && process.env['NO_COLOR'] === undefined;
    if (colours) expect(second('lines')).not.toBe(second('agents-free'));
  });

  it.each([
    [null, 'measured', 'how many were persons nobody knows yet 4.0 % count as abandoned, measured'],
    [{ share: 0.04, low: 0.018, high: 0.085 }, 'measured', '4.0 % of them persons (1.8 % – 8.5 %)'],
    [{ share: 0.04, low: 0.018, high: 0.085 }, 'not-charged', 'none of it counts as abandoned'],
  ])('says how often its detection hung up on persons: %j, %s', (falsePositive, from, words) => {
    const amd = { machines: 400, falsePositive, charged: { share: 0.04, from } };
    const shown = plain(campaignLines({ view: view({ amd }), why: fine, quality: null, now: NOW }, 100));
    const first = shown.findIndex((line) => line.startsWith('Machines   400 kept from agents, '));
    const text = shown
      .slice(first, first + 2)
      .join(' ')
      .replaceAll(/\s+/gu, ' ');
    expect(text).toContain(words);
  });

  it('shows a campaign that nobody dials, and one without leads', () => {
    const leads = { pending: 0, leased: 0, done: 0 };
    const bare = view({ live: null, leads, outcomes: {}, abandonment: null, because: null, inFlight: 0 });
    expect(plain(campaignLines({ view: bare, why: fine, quality: null, now: NOW }, 80)).slice(3)).toEqual([
      'Leads      none yet: upload a list',
      'Lines      0 calls out',
      'Dials      none yet',
    ]);
  });

  it('never writes beyond the screen, whatever the numbers are', () => {
    const big = fc.integer({ min: 0, max: 9_999_999 });
    fc.assert(
      fc.property(big, big, big, fc.integer({ min: 80, max: 140 }), (pending, done, of, width) => {
        const shown = view({
          leads: { pending, leased: 0, done },
          outcomes: { 'invalid-number': done, unreachable: pending, congestion: of, connected: done, abandoned: 1 },
          abandonment: { profile: 'x', limits: [limit({ of, abandoned: of / 3, rate: of === 0 ? 0 : 1 / 3 })] },
        });
        const lines = [
          ...plain(campaignLines({ view: shown, why: fine, quality, now: NOW }, width)),
          ...plain(summaryLines(shown, NOW, width)),
        ];
        expect(lines.filter((line) => line.length > width)).toEqual([]);
      }),
    );
  });
});
