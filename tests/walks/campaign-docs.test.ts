import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { gateLines } from '../../src/cli/gate-lines.ts';
import { campaignBody, campaignChange } from '../../src/http/schemas/campaigns.ts';
import { behaviourOf } from '../../src/local/behaviour.ts';
import { answers } from '../support/fake-party.ts';
import { campaignIn, numbers } from './campaign-house.ts';
import { WalkHouse } from './house.ts';

const page = readFileSync(new URL('../../docs/campaigns.md', import.meta.url), 'utf8');

it('shows what callwright campaign why says', async () => {
  const house = await new WalkHouse().start();
  for (const each of numbers(5)) house.fake.number(each, answers(2_000, 60_000));
  await house.ready('alice', 'bob');
  const id = await campaignIn(house, numbers(5));
  await house.service.commandCampaign(id, 'start');
  await house.clock.advance(10_000);
  const why = await house.service.dialer.why(id);
  const said = (why ? gateLines(why, 100) : []).map((line) => stripVTControlCharacters(line).trimEnd()).join('\n');
  const [shown] = [...page.matchAll(/```text\n([\s\S]*?)\n```/g)].map(([, block = '']) => block);
  expect(said).toBe(shown);
});

it('its requests are taken as they stand', () => {
  const bodies = [...page.matchAll(/-X (POST|PATCH) \$API\/v1\/campaigns\S* -d '([^']+)'/g)];
  expect(bodies).toHaveLength(4);
  for (const [, method, text = ''] of bodies) {
    const schema = method === 'POST' ? campaignBody : campaignChange;
    expect(schema.safeParse(JSON.parse(text)).error).toBeUndefined();
  }
});

it('says what happens at the numbers of the demo', () => {
  const told = [...page.matchAll(/(\d\d)–(\d\d) ((?:a|no|some)[\w ]+|busy|declined)/gu)].map(
    ([, from, to, what = '']) => [Number(from), Number(to), what.split(' ').slice(0, 2).join(' ')],
  );
  const words = {
    person: 'a person',
    machine: 'a machine',
    busy: 'busy',
    'no-answer': 'no answer',
    rejected: 'declined',
    unallocated: 'no such',
    congestion: 'no line',
    patient: 'somebody who',
  };
  const found: [number, number, string][] = [];
  for (let last = 0; last < 100; last += 1) {
    const what = words[behaviourOf(`+3584020001${String(last).padStart(2, '0')}`).kind];
    const before = found.at(-1);
    if (before?.[2] === what) before[1] = last;
    else found.push([last, last, what]);
  }
  expect(told).toEqual(found);
});
