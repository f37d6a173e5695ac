import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WITHOUT_KEY } from '../../../src/http/idempotency.ts';
import { type House, openHouse } from './house.ts';

const page = readFileSync(new URL('../../../docs/commands.md', import.meta.url), 'utf8');

/** What the fakes know by the names of the page. */
const IDS = { CAMPAIGN: 'campaign-1', CALLBACK: 'call-1-r3', FOLLOWUP: 'followup-1', CALL: 'call-1', ASK: 'call-1-r1' };
const COMMAND = /^cw -X (?<method>\w+) \$API(?<path>\S+)(?: -H '(?<header>[^']+)')?(?: -d '(?<body>[^']+)')?$/u;

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const filledIn = (text: string) => text.replaceAll(/[A-Z]{3,}/gu, (name) => IDS[name as keyof typeof IDS] ?? name);

describe('docs/commands.md', () => {
  const lines = [...page.matchAll(/^cw .*$/gmu)].map(([line]) => line);

  it('has a command for each thing that a workflow may want', () => expect(lines.length).toBeGreaterThan(20));

  it.each(lines)('shows a command that is carried out: %s', async (line) => {
    const { method, path = '', header, body } = COMMAND.exec(line)?.groups ?? {};
    const [name = '', value = ''] = header?.split(': ') ?? [];
    const answer = await house.ask('admin', {
      method: method as 'POST',
      url: filledIn(path),
      headers: { 'content-type': 'application/json', ...(header && { [name]: value }) },
      ...(body !== undefined && { payload: filledIn(body) }),
    });
    expect(answer.statusCode, answer.body).toBeLessThan(300);
  });

  it('says which routes take no key', () => {
    expect(page).toContain('`POST /v1/tokens`');
    expect(page).toContain('`POST /v1/agents/ID/phone-account`');
    expect(Object.keys(WITHOUT_KEY)).toHaveLength(8);
  });
});
