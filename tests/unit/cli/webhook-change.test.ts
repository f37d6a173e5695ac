import { CommanderError } from 'commander';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { webhookCommand } from '../../../src/cli/webhook.ts';
import { type House, openHouse } from '../http/house.ts';

let house: House;
let env: Record<string, string>;
beforeAll(async () => {
  house = await openHouse();
  env = { CALLWRIGHT_API: await house.http.listen(), CALLWRIGHT_TOKEN: await house.token('engineer') };
});
afterAll(() => house.close());
afterEach(() => vi.restoreAllMocks());

/** Runs a command; gives how it ended and what it said. */
async function run(...args: readonly string[]) {
  const before = process.exitCode;
  const said: string[] = [];
  const hear = (line: unknown) => void said.push(String(line));
  vi.spyOn(console, 'log').mockImplementation(hear);
  vi.spyOn(console, 'error').mockImplementation(hear);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => (hear(text), true));
  const command = webhookCommand(env);
  for (const each of [command, ...command.commands]) each.exitOverride();
  const fault = await command.parseAsync([...args], { from: 'user' }).catch((error: unknown) => error);
  if (fault instanceof Error && !(fault instanceof CommanderError)) throw fault;
  const code = fault instanceof CommanderError ? fault.exitCode : process.exitCode;
  process.exitCode = before;
  return { code, said: said.join('\n') };
}

const URL = 'https://crm.example/in';
const added = async () => /^(\S+)/u.exec((await run('add', URL)).said)?.[1] ?? '';
const all = async () =>
  (await house.ask('admin', { url: '/v1/webhooks' })).json<{ items: { id: string; types: string[] | null }[] }>().items;

describe('callwright webhook', () => {
  it('adds one for some types, tells its secret and what to do with it', async () => {
    const { code, said } = await run('add', URL, '--type', 'call.ended', '--type', 'attempt.ended', '--from', 'oldest');
    expect(code).toBe(0);
    expect(said).toMatch(/^webhook-\S+ {2}https:\/\/crm\.example\/in\n {2}secret whsec_\S+\n {2}It is told this once/u);
    const id = /^\S+/u.exec(said)?.[0];
    expect((await all()).find((each) => each.id === id)).toMatchObject({
      types: ['call.ended', 'attempt.ended'],
      cursor: null,
    });
  });

  it('switches it off and on, gives it another secret, and ends it', async () => {
    const id = await added();
    expect((await run('off', id)).said).toContain('  off: what comes is kept');
    expect((await run('list')).said).toContain('off: It was switched off.');
    expect((await run('on', id)).said).toContain('  on: it goes on where it stopped');
    expect((await run('rotate', id, '--keep-old', '2h')).said).toMatch(
      /secret whsec_\S+\n.*\n {2}The old one signs too/u,
    );
    expect((await run('rotate', id, '--keep-old', '0s')).said).toContain('The old one signs no more.');
    expect(await run('remove', id)).toEqual({ code: 0, said: `Webhook ${id} is ended.` });
    expect((await all()).map((each) => each.id)).not.toContain(id);
  });

  it.each<[string, readonly string[], number, RegExp]>([
    ['a host that is not allowed', ['add', 'https://evil.example/'], 1, /^Its host is not allowed\.$/u],
    [
      'no web address',
      ['add', 'crm.example.org'],
      2,
      /“crm\.example\.org” is no URL to send to: write it like https:/u,
    ],
    ['another scheme', ['add', 'ftp://crm.example/'], 2, /is no URL to send to/u],
    ['a type that there is not', ['add', URL, '--type', 'webhook.x'], 1, /Those of webhook: webhook\.failing/u],
    ['a kind that there is not', ['add', URL, '--type', 'dream'], 1, /Types begin with .*call/u],
    ['no cursor', ['add', URL, '--from', 'yesterday'], 1, /body\.from/u],
    ['a time without a unit', ['rotate', 'webhook-0', '--keep-old', '5'], 1, /Write a time of 30d at most, like 2h/u],
    ['one that there is not', ['remove', 'webhook-0'], 1, /webhook webhook-0/u],
    ['one to switch off that there is not', ['off', 'webhook-0'], 1, /^There is no webhook webhook-0\.$/u],
  ])('refuses %s', async (_, args, code, sentence) => {
    const ended = await run(...args);
    expect(ended.said).toMatch(sentence);
    expect(ended.code).toBe(code);
  });
});
