import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterEach, describe, expect, it } from 'vitest';
import { verifyPack } from '../../src/cli/evidence-verify.ts';
import { EngineEvidenceDesk } from '../../src/engine/evidence-desk.ts';
import type { Disposition } from '../../src/dialer/disposition.ts';
import { answers, rings } from '../support/fake-party.ts';
import { labProfile, testProfiles } from '../support/lab-profile.ts';
import { agentProfile } from '../support/site.ts';
import { testSigner } from '../support/test-signer.ts';
import { campaignIn } from './campaign-house.ts';
import { WalkHouse } from './house.ts';

const agents = Array.from({ length: 6 }, (_, index) => agentProfile(`a${index}`));

const MACHINE: ReadonlyMap<string, Disposition> = new Map([
  [
    'machine',
    {
      name: 'machine',
      labels: { en: 'machine' },
      meaning: { kind: 'machine', afterMs: 86_400_000, number: 'same' },
      fields: [],
      counts: [],
    },
  ],
]);

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function deskOf(house: WalkHouse) {
  const signer = testSigner();
  const profiles = () => house.engine.house.releases.current.site.profiles ?? new Map<string, never>();
  return new EngineEvidenceDesk({
    clock: house.clock,
    history: house.history,
    keeper: house.engine.house.evidence,
    signer,
    heard: (id) => house.engine.house.amd.learn(id),
    profiles,
  });
}

/** The pack as a folder. */
async function packOf(
  house: WalkHouse,
  campaignId: string,
  withNumbers = false,
  span = { from: 0, until: Number.MAX_SAFE_INTEGER },
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'callwright-evidence-'));
  folders.push(folder);
  const asked = { campaignId, ...span, withNumbers, by: 'Maria' };
  const pack = await deskOf(house).pack(asked);
  if (!pack.ok) throw new Error(pack.sentence);
  for await (const { name, text } of pack.value) appendFileSync(join(folder, name), text);
  return folder;
}

const rowsOf = (folder: string, name: string): Record<string, string>[] =>
  parse(readFileSync(join(folder, name)), { columns: true, bom: true });

/** A room in which agents walk away while numbers ring, so that some who answer are abandoned. */
async function dialled(site: ConstructorParameters<typeof WalkHouse>[0] = {}) {
  const house = await new WalkHouse({ ...site, agents }).start();
  const list = Array.from({ length: 120 }, (_, index) => `+35840${3_000_000 + index}`);
  for (const [index, each] of list.entries()) {
    house.fake.number(each, index % 3 === 0 ? answers(5_000 + (index % 5) * 700, 30_000) : rings);
  }
  await house.ready(...agents.map(({ id }) => id));
  const id = await campaignIn(house, list, { maxLines: 40, cps: 20, connectDeadlineMs: 2_000 });
  await house.service.commandCampaign(id, 'start', 'Maria');
  for (let round = 0; round < 12; round += 1) {
    await house.clock.advance(round % 2 === 0 ? 4_500 : 20_000);
    for (const { id: agent } of agents) await house.service.setAgentStatus(agent, 'not-ready', 'lunch');
    await house.clock.advance(9_000);
    await house.ready(...agents.map(({ id: agent }) => agent));
  }
  await house.service.changeCampaign(id, { maxLines: 20 }, 'Maria');
  await house.clock.advance(300_000);
  return { house, id };
}

/** Rates as somebody would count them who has the journal, a pencil, and two seconds as his only rule. */
function byHand(house: WalkHouse, ids: readonly string[]) {
  const own = new Set(
    house.eventsOf('attempt.started').flatMap((one) => (ids.includes(one.data.campaignId) ? one.subject : [])),
  );
  const at = (type: 'call.answered' | 'call.connected' | 'call.abandoned' | 'attempt.ended') =>
    new Map(
      house.eventsOf(type).flatMap((event) => (own.has(event.subject) ? [[event.subject, event.at] as const] : [])),
    );
  const [connected, gaveUp, left] = [at('call.connected'), at('call.abandoned'), at('attempt.ended')];
  const machines = new Set(house.eventsOf('call.disposed').map(({ data }) => `call/${data.callId}`));
  const counts = { abandoned: 0, served: 0, met: 0 };
  for (const [call, answeredAt] of at('call.answered')) {
    const inTime = (time: number | undefined) => time !== undefined && time - answeredAt <= 2_000;
    if (inTime(connected.get(call))) counts[machines.has(call) ? 'met' : 'served'] += 1;
    else if (connected.has(call) ? !machines.has(call) : gaveUp.has(call) || left.has(call)) counts.abandoned += 1;
  }
  return counts;
}

describe('the evidence pack of a campaign', () => {
  it('has the rates that the campaign shows at that moment, and that anybody would count, over all limits', async () => {
    const lab = labProfile();
    const limits = [
      { cap: 0.03, window: 'day', scope: 'campaign' },
      { cap: 0.05, window: 'rolling-30-days', scope: 'all' },
    ] as const;
    const cited = <T>(value: T) => ({ value, cite: 'House: for the tests' });
    const rules = { ...lab.abandonment, connectWithinMs: cited(2_000), limits: cited(limits) };
    const site = { profiles: testProfiles({ ...lab, abandonment: rules }), dispositions: MACHINE };
    const { house, id } = await dialled(site);
    const list = Array.from({ length: 6 }, (_, index) => `+35840777700${index}`);
    for (const number of list) house.fake.number(number, answers(1_000));
    const other = await campaignIn(house, list);
    await house.service.commandCampaign(other, 'start', 'Maria');
    await house.clock.advance(30_000);
    // Of calls that are over for minutes, and of one that still goes on.
    const talked = house
      .eventsOf('call.connected')
      .filter((_, index, all) => index % 4 === 0 || index === all.length - 1);
    for (const { subject, data } of talked) {
      const said = { disposition: 'machine', values: {} };
      const asker = { agentId: data.agentId, name: data.agentId };
      expect(await house.service.dispositions.dispose(subject.slice(5), said, asker)).toMatchObject({ ok: true });
    }
    for (const restarted of [false, true]) {
      if (restarted) {
        house.kill();
        await house.restart();
      }
      const shown = (await house.service.campaign(id))?.abandonment?.limits ?? [];
      const rows = rowsOf(await packOf(house, id), 'rates.csv').filter(({ profile }) => profile === 'lab@1');
      expect(rows.map((row) => [Number(row['numerator']), Number(row['denominator']), row['definition']])).toEqual(
        shown.map(({ abandoned, of, definition }) => [abandoned, of, definition]),
      );
      const [mine, all] = [byHand(house, [id]), byHand(house, [id, other])];
      expect(mine.met).toBeGreaterThan(1);
      expect(mine.abandoned).toBeGreaterThan(3);
      expect(all.served).toBeGreaterThan(mine.served);
      expect(shown.map(({ abandoned, of }) => [abandoned, of])).toEqual(
        [mine, all].map(({ abandoned, served }) => [abandoned, abandoned + served]),
      );
    }
  });

  it('has the rate that key figures have for the same span, whatever the span is', async () => {
    const lab = labProfile();
    const cited = <T>(value: T) => ({ value, cite: 'House: for the tests' });
    const limits = [
      { cap: 0.03, window: 'day', scope: 'campaign' },
      { cap: 0.05, window: 'campaign', scope: 'all' },
    ] as const;
    const rules = { ...lab.abandonment, connectWithinMs: cited(2_000), limits: cited(limits) };
    const { house, id } = await dialled({ profiles: testProfiles({ ...lab, abandonment: rules }) });
    const began = house.clock.now();
    // The night is long for a clock that stops at every look: nobody looks while the process is away.
    house.kill();
    await house.clock.advance(18 * 3_600_000);
    await house.restart();
    await house.ready(...agents.map(({ id: agent }) => agent));
    const other = await campaignIn(house, ['+358407777001', '+358407777002']);
    for (const number of ['+358407777001', '+358407777002']) house.fake.number(number, answers(1_000));
    await house.service.commandCampaign(other, 'start', 'Maria');
    await house.clock.advance(60_000);
    const wish = { by: 'campaign', every: null, zone: 'UTC' } as const;
    const dayBegan = began - (began % 86_400_000);
    for (const [from, until] of [
      [0, house.clock.now()],
      [0, began - 300_000],
      [dayBegan, dayBegan + 86_400_000],
      [dayBegan + 86_400_000, house.clock.now()],
    ] as const) {
      const told = await house.engine.house.figures.cells(from, until, wish);
      if (!told.ok) throw new Error(told.sentence);
      const mine = told.value.outbound?.find(({ campaignId }) => campaignId === id);
      const folder = await packOf(house, id, false, { from, until });
      const own = (name: string) => rowsOf(folder, name).filter(({ profile }) => profile === 'lab@1');
      const rates = own('rates.csv').map((row) => [
        row['numerator'],
        row['denominator'],
        row['from'],
        row['definition'],
      ]);
      const days = own('rates-by-day.csv').map((row) => [row['date'], row['numerator'], row['denominator']]);
      if (!mine) {
        // Nobody answered in that span, and so its day is not among those of the pack.
        expect(days.map(([day]) => Date.parse(day ?? ''))).toEqual([dayBegan]);
        continue;
      }
      expect(mine.limits.map((one) => [String(one.abandoned), String(one.of), one.from, one.definition])).toEqual(
        rates,
      );
      expect(mine.days.map(({ day, abandoned, of }) => [day, String(abandoned), String(of)])).toEqual(days);
      expect([mine.abandoned, mine.of]).toEqual([
        mine.days.reduce((sum, { abandoned }) => sum + abandoned, 0),
        mine.days.reduce((sum, { of }) => sum + of, 0),
      ]);
      expect(mine.abandoned).toBeGreaterThan(0);
      expect(mine.rate).toBe(mine.abandoned / mine.of);
      expect(mine.limits.map(({ kept }) => kept)).toEqual(own('rates.csv').map(({ kept }) => kept === 'yes'));
    }
    const counted = byHand(house, [id]);
    const all = await house.engine.house.figures.cells(0, null, wish);
    expect(all.ok && all.value.outbound?.map(({ abandoned, of }) => [abandoned, of])).toEqual([
      [counted.abandoned, counted.abandoned + counted.served],
      [0, 2],
    ]);
  });

  it('tells the same totals as a plain count of the journal and of the attempts, and every abandoned call', async () => {
    const { house, id } = await dialled();
    const ended = house.eventsOf('attempt.ended');
    const abandoned = ended.filter(({ data }) => data.outcome === 'abandoned');
    expect(abandoned.length).toBeGreaterThan(3);
    const folder = await packOf(house, id);
    expect(rowsOf(folder, 'calls.csv')).toHaveLength(house.eventsOf('attempt.started').length);
    expect(
      rowsOf(folder, 'abandoned.csv')
        .map((row) => `call/${row['call']}`)
        .toSorted(),
    ).toEqual(abandoned.map(({ subject }) => subject).toSorted());
    for (const row of rowsOf(folder, 'agreement.csv')) {
      expect(row['in the table of attempts'], row['outcome']).toBe(row['in the journal']);
    }
    const connected = house.eventsOf('call.connected').length;
    const [eu] = rowsOf(folder, 'rates.csv').filter(({ profile }) => profile === 'eu-default@3');
    expect(connected).toBeGreaterThan(3);
    expect(Number(eu?.['numerator'])).toBe(abandoned.length);
    expect(Number(eu?.['denominator'])).toBe(abandoned.length + connected);
    expect(eu?.['kept']).toBe('NO');
    expect(eu?.['definition']).toContain('÷');
    expect(readFileSync(join(folder, 'evidence.html'), 'utf8')).toContain('agree');
  });

  it('tells who changed what, and what the setting was before', async () => {
    const { house, id } = await dialled();
    const folder = await packOf(house, id);
    expect(rowsOf(folder, 'changes.csv')).toContainEqual(
      expect.objectContaining({ by: 'Maria', setting: 'maxLines', from: '40', to: '20' }),
    );
    const [lines] = rowsOf(folder, 'settings.csv').filter(({ setting }) => setting === 'maxLines');
    expect(lines).toEqual({ setting: 'maxLines', 'at the beginning': '40', 'at the end': '20' });
  });

  it('shows numbers only when it is asked to, and then as text', async () => {
    const { house, id } = await dialled();
    const masked = await packOf(house, id);
    for (const name of ['calls.csv', 'abandoned.csv', 'evidence.html']) {
      expect(readFileSync(join(masked, name), 'utf8')).not.toMatch(/\+?35840\d/);
    }
    const whole = rowsOf(await packOf(house, id, true), 'calls.csv');
    expect(whole[0]?.['number']).toMatch(/^'\+35840\d{7}$/);
  });

  it('is complete after a crash', async () => {
    const { house, id } = await dialled();
    house.kill();
    await house.restart();
    await house.clock.advance(60_000);
    const made = house.eventsOf('attempt.started').length;
    expect(rowsOf(await packOf(house, id), 'calls.csv')).toHaveLength(made);
  });

  it('is found out when a file was changed, is gone or was added, or the manifest was made fit', async () => {
    const { house, id } = await dialled();
    const folder = await packOf(house, id);
    expect(verifyPack(folder, null)).toMatchObject({
      ok: true,
      sentence: expect.stringContaining('Nothing was changed'),
    });
    const [rates, manifest] = [join(folder, 'rates.csv'), join(folder, 'manifest.json')];
    const [was, said] = [readFileSync(rates), readFileSync(manifest, 'utf8')];
    writeFileSync(rates, was.toString().replace('NO', 'yes'));
    expect(verifyPack(folder, null).sentence).toBe('The pack is not as it was signed: rates.csv was changed.');
    writeFileSync(manifest, said.replace('masked', 'whole '));
    expect(verifyPack(folder, null)).toMatchObject({
      ok: false,
      sentence: expect.stringContaining('manifest was changed'),
    });
    writeFileSync(manifest, said);
    rmSync(rates);
    writeFileSync(join(folder, 'more.csv'), '');
    expect(verifyPack(folder, null).sentence).toBe(
      'The pack is not as it was signed: rates.csv is missing, more.csv does not belong to it.',
    );
    expect(verifyPack(tmpdir(), null).ok).toBe(false);
  });

  it('counts a period from the first dial, as the campaign and the key figures do, also after a restart', async () => {
    const lab = labProfile();
    const limits = [
      { cap: 0.03, window: 'campaign-30-days', scope: 'campaign' },
      { cap: 0.03, window: 'campaign', scope: 'all' },
    ] as const;
    const rules = { ...lab.abandonment, limits: { value: limits, cite: 'House: for the tests' } };
    const house = await new WalkHouse({ profiles: testProfiles({ ...lab, abandonment: rules }), agents }).start();
    const numbers = ['+358407777001', '+358407777002'];
    for (const number of numbers) house.fake.number(number, answers(1_000));
    const id = await campaignIn(house, numbers);
    const shown = async () => (await house.service.campaign(id))?.abandonment?.limits ?? [];
    expect((await shown()).map(({ from, to }) => [from, to])).toEqual([
      ['2026-11-23', '2026-12-22'],
      ['2026-11-23', '2026-11-23'],
    ]);
    house.kill();
    await house.clock.advance(40 * 24 * 3_600_000);
    await house.restart();
    await house.ready('a0', 'a1');
    await house.service.commandCampaign(id, 'start', 'Maria');
    await house.clock.advance(60_000);
    for (const restarted of [false, true]) {
      if (restarted) {
        house.kill();
        await house.restart();
      }
      const windows = (await shown()).map(({ from, to, definition }) => [from, to, definition]);
      expect(windows).toEqual([
        [
          '2027-01-02',
          '2027-01-31',
          expect.stringContaining('this period of 30 days since the campaign first dialled'),
        ],
        ['2027-01-02', '2027-01-02', expect.stringContaining('since the campaign first dialled')],
      ]);
      const rows = rowsOf(await packOf(house, id), 'rates.csv').filter(({ profile }) => profile === 'lab@1');
      expect(rows.map((row) => [row['from'], row['to'], row['definition']])).toEqual(windows);
      const told = await house.engine.house.figures.cells(0, house.clock.now(), {
        by: 'campaign',
        every: null,
        zone: 'UTC',
      });
      const figures = told.ok ? told.value.outbound?.find(({ campaignId }) => campaignId === id) : null;
      expect(figures?.limits.map(({ from, to, definition }) => [from, to, definition])).toEqual(windows);
    }
  });

  it('makes no pack of a span that can hold nothing, and says why', async () => {
    const house = await new WalkHouse({ agents }).start();
    const id = await campaignIn(house, ['+358407777001']);
    const now = house.clock.now();
    const ask = (from: number, until: number) =>
      deskOf(house).pack({ campaignId: id, from, until, withNumbers: false, by: 'Maria' });
    const refused = (sentence: string) => ({ ok: false, why: 'invalid', sentence });
    expect(await ask(now + 60_000, Number.MAX_SAFE_INTEGER)).toEqual(
      refused(
        `The span begins at ${new Date(now + 60_000).toISOString()}, which is still to come: give a \`from\` that is before now, ${new Date(now).toISOString()}.`,
      ),
    );
    const made = (await house.history.campaign(id))?.createdAt ?? 0;
    expect(await ask(0, made - 1_000)).toEqual(
      refused(
        `The span ends at ${new Date(made - 1_000).toISOString()}, before the campaign Autumn was made: give a \`to\` that is after ${new Date(made).toISOString()}.`,
      ),
    );
    await house.clock.advance(1_000);
    expect(await ask(made, made + 1)).toMatchObject({ ok: true });
  });
});
