import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { changeAnswer } from '../../src/cli/flow/load.ts';
import { postgresPrograms, startPostgres } from '../support/postgres.ts';
import type { Crowd } from './support/caller.ts';
import { command } from './support/command.ts';
import { callOf } from './support/journal.ts';
import { useHouse } from './support/live.ts';
import { type SecondProcess, startSecond } from './support/second-process.ts';
import { testWhereItCan } from './support/switch-under-test.ts';
import { until } from './support/until.ts';

// The embedded store bears one process; without a PostgreSQL server there is nothing that two could share.
const programs = postgresPrograms();
const database = programs === undefined ? null : await startPostgres(programs);
const databaseUrl = database?.url ?? '';
const play = database ? testWhereItCan('is Asterisk') : test.skip;
afterAll(() => database?.stop());

const house = useHouse(database ? { databaseUrl } : {});
let second: SecondProcess;
beforeAll(async () => {
  if (database) second = await startSecond(house(), databaseUrl);
}, 60_000);
afterAll(() => second?.stop());

/** Writes another edition of the flow into the folder of the first process. */
function edit(edition: string): void {
  const path = join(house().site, 'flows/edition.yaml');
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.replace(/edition: (?:first|second|third)/u, `edition: ${edition}`));
}

/** Calls the second Asterisk and presses the key; answers which edition led the call. */
async function heardAtSecond(from: string): Promise<unknown> {
  const { journal } = house();
  const since = journal.mark();
  const crowd = await second.call({ to: '520', from, keys: [{ afterMs: 300, digit: '1' }] });
  const [arrived] = await journal.until('call.arrived', { since, fits: ({ data }) => data.ani === from });
  const call = callOf(arrived);
  const [told] = await journal.until('flow.emitted', { since, fits: (event) => callOf(event) === call });
  await journal.until('call.ended', { since, fits: (event) => callOf(event) === call });
  await gone(crowd);
  return told.data.data['edition'];
}

async function gone(crowd: Crowd): Promise<void> {
  await crowd.disperse();
  await until('the second switch to be empty', second.channels, (held) => held.length === 0);
}

const runs = async (api = house().api) =>
  Object.fromEntries((await api.releaseProcesses()).map(({ node, release, fault }) => [node, fault ?? release]));

const allRun = (release: string) =>
  until('both processes to run it', runs, (now) => Object.values(now).every((one) => one === release), {
    withinMs: 20_000,
  });

play('what one process loads leads the calls of the other; the way back as well', async () => {
  expect(await heardAtSecond('7101')).toBe('first');
  edit('second');
  // The command waits for the other process, so that there is nothing to wait for here.
  const { release } = changeAnswer.parse(JSON.parse(await command(house(), ['flow', 'load', '--json'])));
  expect(await runs(second.api)).toEqual({ 'asterisk-1': release, 'asterisk-2': release });
  expect(await heardAtSecond('7102')).toBe('second');
  const back = await second.api.rollBack();
  await allRun(back.release);
  expect(await heardAtSecond('7103')).toBe('first');
});

play('who cannot read it says so and keeps what it ran, until there is one that it can', async () => {
  const { api, journal } = house();
  const { release: before } = (await api.releaseProcesses())[0] ?? {};
  const since = journal.mark();
  // As if a version of Callwright had made it whose files this one does not understand.
  await ask(`create function broken() returns trigger language plpgsql as $$
    begin new.files := '[{"path":"flows/edition.yaml","text":"version: ivr/v9"}]'; return new; end $$`);
  await ask('create trigger broken before insert on callwright.releases for each row execute function broken()');
  edit('third');
  const { release } = await api.loadFlows();
  const [behind] = await journal.until('flows.behind', { since });
  expect(behind.data).toMatchObject({ node: 'asterisk-2', running: before, why: expect.stringContaining(release) });
  expect(await runs()).toEqual({ 'asterisk-1': release, 'asterisk-2': behind.data.why });
  expect(await heardAtSecond('7104')).toBe('first');
  expect(second.log()).toContain('the release that others run cannot be loaded here; what ran runs on');

  await ask('drop trigger broken on callwright.releases');
  edit('second');
  const next = await api.loadFlows();
  await allRun(next.release);
  expect(await heardAtSecond('7105')).toBe('second');
});

async function ask(statement: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
