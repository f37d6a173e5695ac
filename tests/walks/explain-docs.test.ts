import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { told } from '../../src/cli/explain-lines.ts';
import type { Explanation } from '../../src/engine/ports/explain.ts';
import { agentProfile, queueProfile } from '../support/site.ts';
import { WalkHouse } from './house.ts';

const page = readFileSync(new URL('../../docs/explain.md', import.meta.url), 'utf8');
const WIDTH = 100;

/** Without colours; ids and times of day are others on each machine. */
const text = (explanation: Explanation | null): string =>
  (explanation ? told(explanation, WIDTH) : []).map((line) => stripVTControlCharacters(line).trimEnd()).join('\n');
const alike = (said: string): string =>
  said.replaceAll(/call-[\w…]+/g, 'call-…').replaceAll(/\d\d:\d\d:\d\d/g, '00:00:00');

/** A caller who was answered, two who wait, and four agents. */
async function floor() {
  const skills = { 'lang:en': 5 };
  const agents = [
    agentProfile('alice', { name: 'Alice Virtanen', skills: { ...skills, german: 2 } }),
    agentProfile('bob', { name: 'Bob Berg', skills: { ...skills, german: 5 } }),
    agentProfile('carol', { name: 'Carol Smith', skills: { ...skills, german: 7 } }),
    agentProfile('dave', { name: 'Dave Young', skills, queues: ['tech'] }),
  ];
  const queues = new Map([
    ['billing', queueProfile('billing', { require: [{ skill: 'german', level: 3 }] })],
    ['tech', queueProfile('tech')],
  ]);
  const house = await new WalkHouse({ agents, queues }).start();
  await house.ready('bob');
  await house.clock.advance(60_000);
  await house.ready('carol', 'alice');
  await house.clock.advance(12_000);
  const first = await house.callerIn('1', '+358501000001');
  await first.until('bridged');
  await house.service.setAgentStatus('carol', 'not-ready', 'lunch');
  const waiting = [await house.callerIn('1', '+358501000002'), await house.callerIn('1', '+358501000003')];
  await house.clock.advance(200_000);
  return { house, callers: [first, ...waiting] };
}

it('shows what callwright explain says', async () => {
  const { house, callers } = await floor();
  const { explainer } = house.engine.house;
  const ids = callers.map(({ legId }) => house.callOf(legId)?.id ?? '');
  const said = [
    text(await explainer.explainCall(ids[2] ?? '')),
    text(await explainer.explainAgent('alice')),
    text(await explainer.explainCall(ids[0] ?? '')),
  ];
  const shown = [...page.matchAll(/```text\n([\s\S]*?)\n```/g)].map(([, block = '']) => alike(block));
  expect(said.map(alike)).toEqual(shown);
  for (const caller of callers) caller.hangUp();
  await house.expectNoLeaks();
});
