import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { campaignCommand } from '../../src/cli/campaign.ts';
import { parseFlow } from '../../src/ivr/load.ts';
import { PLAIN_FOLLOW_UPS } from '../../src/work/follow-up-rules.ts';
import { answers } from '../support/fake-party.ts';
import { runCommand } from '../unit/cli/run-command.ts';
import { openHouse } from '../unit/http/house.ts';
import { queueProfile } from '../support/site.ts';
import { WalkHouse } from './house.ts';

const file = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const page = file('docs/campaigns.md');
const block = (info: string) => new RegExp(`\`\`\`${info}\\n([\\s\\S]*?)\`\`\``, 'u').exec(page)?.[1] ?? '';

const folder = mkdtempSync(join(tmpdir(), 'callwright-reminder-'));
writeFileSync(join(folder, 'appointments.csv'), block('csv appointments'));
writeFileSync(join(folder, 'appointments-map.json'), block('json appointments-map'));
const COMMANDS = block('sh reminders')
  .split('\n')
  .filter((line) => line.startsWith('npx callwright campaign '))
  .map((line) =>
    line
      .split(/\s+/u)
      .slice(3)
      .map((word) => (word.startsWith('appointments') ? join(folder, word) : word)),
  );

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

async function reminding() {
  const read = parseFlow(file('ivr-flows/appointment-reminder.yaml'), 'appointment-reminder.yaml');
  if (!read.ok) throw new Error('the flow has faults');
  const { flow } = read;
  const house = await new WalkHouse({
    flows: new Map([[flow.id, flow]]),
    routes: [{ number: '+358401234567', flow: flow.id }],
    queues: new Map([['switchboard', queueProfile('switchboard', { refuseWhenNoAgents: true })]]),
    followUps: {
      ...PLAIN_FOLLOW_UPS,
      departments: new Map([['office', { title: 'Office', members: [], ladder: null, teams: [] }]]),
    },
  }).start();
  const door = await openHouse({}, house.history, undefined, undefined, house.service);
  const env = { NO_COLOR: '1', CALLWRIGHT_API: await door.http.listen(), CALLWRIGHT_TOKEN: await door.token('admin') };
  return { house, door, run: (args: readonly string[]) => runCommand(campaignCommand(env), args) };
}

it('rings, tells the day and takes the key, by the commands of the page', async () => {
  const { house, door, run } = await reminding();
  const lines = ['+358402000301', '+358402000302'].map((each) => house.fake.number(each, answers(2_000)));
  expect(COMMANDS.map(([verb]) => verb)).toEqual(['create', 'load', 'preflight', 'start', 'why']);
  for (const args of COMMANDS) {
    const { code, said } = await run(args);
    expect(code, said).toBeFalsy();
  }
  const parties = await Promise.all(lines.map((line) => line.rung()));
  for (const [nth, party] of parties.entries()) {
    await party.until('hearing', 'appointment-reminder.keys');
    expect(party.heard.join(' ')).toContain('appointment-reminder.on-day');
    party.press(nth === 0 ? '1' : '2');
  }
  await house.clock.runUntil(() => house.eventsOf('attempt.ended').length === 2, 'both are told');
  expect(house.eventsOf('flow.emitted')).toMatchObject([
    { data: { event: 'appointment-confirmed', data: { appointment: 'A-17', day: '2026-12-24' } } },
  ]);
  expect(house.eventsOf('followup.created')).toMatchObject([
    { data: { kind: 'move-appointment', owner: { kind: 'department', id: 'office' }, data: { appointment: 'A-18' } } },
  ]);
  await house.expectNoLeaks();
  await door.close();
});
