import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { preflight } from '../../../src/cli/campaign-preflight.ts';
import { preflightLines } from '../../../src/cli/preflight-lines.ts';
import { PREFLIGHT } from '../../support/fake-preflight.ts';
import { type House, openHouse } from '../http/house.ts';

const page = readFileSync(new URL('../../../docs/preflight.md', import.meta.url), 'utf8');
const plain = (lines: readonly string[]) => lines.map((line) => stripVTControlCharacters(line).trimEnd()).join('\n');

describe('callwright campaign preflight', () => {
  let house: House;
  let env: Record<string, string>;

  beforeAll(async () => {
    house = await openHouse();
    const token = await house.token('supervisor');
    env = { CALLWRIGHT_API: await house.http.listen(), CALLWRIGHT_TOKEN: token, COLUMNS: '100' };
  });
  afterAll(() => house.close());
  afterEach(() => vi.restoreAllMocks());

  async function run(id: string, json?: true) {
    const said: string[] = [];
    const hear = (line: unknown) => void said.push(String(line));
    vi.spyOn(console, 'log').mockImplementation(hear);
    vi.spyOn(console, 'error').mockImplementation(hear);
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    return { code: await preflight(id, json, env), said };
  }

  it('shows what the docs show, and ends as a finding where something blocks', async () => {
    const { code, said } = await run('campaign-1');
    const [shown] = [...page.matchAll(/```text\n([\s\S]*?)\n```/g)].map(([, block = '']) => block);
    expect(plain(said)).toBe(shown);
    expect(code).toBe(1);
  });

  it('gives the answer of the server as it is', async () => {
    const { said } = await run('campaign-1', true);
    expect(JSON.parse(said.join('\n'))).toEqual({ done: true, ...PREFLIGHT });
  });

  it('says that there is no such campaign', async () => {
    expect(await run('campaign-0')).toEqual({ code: 1, said: [expect.stringContaining('campaign campaign-0')] });
  });

  it('asks again while it is worked out', async () => {
    const look = house.service.preflight.look.bind(house.service.preflight);
    let asked = 0;
    Object.assign(house.service.preflight, {
      look: async (id: string) => {
        asked += 1;
        if (asked > 1) return look(id);
        return { over: Promise.resolve(PREFLIGHT), state: () => ({ done: false, step: 'leads', share: 0.4 }) };
      },
    });
    const { code, said } = await run('campaign-1');
    Object.assign(house.service.preflight, { look });
    expect([asked, code, said.length > 20]).toEqual([2, 1, true]);
  });
});

describe('a preflight on the screen', () => {
  it('breaks sentences at the width of the screen', () => {
    const lines = preflightLines(PREFLIGHT, 40).map((line) => stripVTControlCharacters(line));
    expect(lines.slice(0, 6).every((line) => line.length <= 40)).toBe(true);
  });

  it('has a bar for each hour, full where the most may be dialled', () => {
    const lines = preflightLines(PREFLIGHT, 100).map((line) => stripVTControlCharacters(line));
    expect(lines.find((line) => line.includes('Tue 24  '))).toBe('  Tue 24  ·······▇██████████▂·····  11,000');
  });

  it('says why there is no forecast, and what would mend it, in place of what one would go by', () => {
    const noForecast = 'There are no agents, so nobody could be connected: add agents.';
    const shown = plain(preflightLines({ ...PREFLIGHT, expected: null, noForecast }, 100));
    expect(shown).toContain(`Expected\n  No forecast can be made. ${noForecast}\n`);
    expect(shown).not.toContain('The forecast goes by');
  });

  it('keeps what was guessed apart from what was seen', () => {
    const shown = plain(preflightLines(PREFLIGHT, 100));
    const [known = '', guessed = ''] = shown.split('Assumed, since nobody has measured it');
    expect(known).toContain('30.2 % of the dials (similar campaigns)');
    expect(known).not.toContain('24 test calls');
    expect(guessed).toContain('8.2 % of them, as in 24 test calls\n');
  });

  it('tells of a campaign without agents what bounds it, as the docs show it', () => {
    const { expected, at } = PREFLIGHT;
    if (!expected) throw new Error('no forecast');
    const byFlow = {
      lines: 60,
      linesInUse: { low: 59.2, middle: 59.7, high: 60 },
      cps: 10,
      startsPerSecond: { low: 1.41, middle: 1.62, high: 1.83 },
    };
    const [low = at, middle = at, high = at] = [3, 4, 5].map((hours) => at + hours * 3_600_000);
    const none = { agents: 0, utilisation: null, abandonment: null };
    const agentless = { ...expected, ...none, byFlow, finishAt: { low, middle, high } };
    const [, shown] = [...page.matchAll(/```text\n([\s\S]*?)\n```/g)].map(([, block = '']) => block);
    expect(plain(preflightLines({ ...PREFLIGHT, expected: agentless }, 100))).toContain(`\n${shown}\n`);
  });

  it('claims no range of a figure that has none', () => {
    const alike = { low: 0.02501, middle: 0.02502, high: 0.02503 };
    const { expected } = PREFLIGHT;
    if (!expected) throw new Error('no forecast');
    const finishAt = { low: null, middle: null, high: null };
    const shown = plain(preflightLines({ ...PREFLIGHT, expected: { ...expected, abandonment: alike, finishAt } }, 100));
    expect(shown).toMatch(/^ {2}abandoned of live answers +2\.5 % +8 of 10: the same$/mu);
    expect(shown).toMatch(/^ {2}done by +later than in 7 days +8 of 10: the same$/mu);
    expect(shown).toMatch(/^ {2}persons who answer +24\.3 % +8 of 10: 22\.1 % – 26\.2 %$/mu);
  });
});
