import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dncCommand } from '../../../src/cli/dnc.ts';
import { dncCheck, dncNew, dncSearch } from '../../../src/http/schemas/dnc.ts';

const page = readFileSync(new URL('../../../docs/dnc.md', import.meta.url), 'utf8');
const SCHEMAS = { entries: dncNew, check: dncCheck, 'entries/search': dncSearch };

describe('docs/dnc.md', () => {
  const calls = [...page.matchAll(/\/v1\/dnc\/(\S+) -d '(.*)'/g)].map(
    ([, path = '', body = '']) => [path, body] as const,
  );

  it('has examples', () => expect(calls.length).toBeGreaterThan(3));

  it.each(calls)('shows a body that %s takes: %s', (path, body) => {
    const schema = SCHEMAS[path as keyof typeof SCHEMAS];
    expect(schema.safeParse(JSON.parse(body)).error).toBeUndefined();
  });

  it('shows commands that there are, with options that they have', () => {
    const commands = [...page.matchAll(/callwright dnc (\w+) (.*)/g)];
    expect(commands.length).toBe(4);
    for (const [, name = '', rest = ''] of commands) {
      const command = dncCommand({}).commands.find((each) => each.name() === name);
      const known = command?.options.map(({ long }) => long) ?? [];
      for (const [option] of rest.matchAll(/--\w+/g)) expect(known).toContain(option);
    }
  });
});
