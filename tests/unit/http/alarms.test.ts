import { expect, it, onTestFinished } from 'vitest';
import { alarmLines } from '../../../src/cli/alarms.ts';
import type { AlarmView } from '../../../src/engine/ports/alarms.ts';
import { alarmOf, judge } from '../../../src/work/threshold-judge.ts';
import { ruleOf } from '../work/threshold-rule.ts';
import { openHouse } from './house.ts';

const NOW = 1_793_606_400_000;

function anAlarm(): AlarmView {
  const rule = ruleOf({ forMs: 0 });
  const read = new Map([['slow', [{ name: 'support', value: 0.6, sample: 40 }]]]);
  const [watched] = judge(new Map([['slow', rule]]), new Map(), read, NOW).watched.values();
  const alarm = watched && alarmOf(watched, NOW);
  if (!alarm) throw new Error('nothing was raised');
  return alarm;
}

it('answers the alarms to who looks after the floor or the machine, and to nobody else', async () => {
  const house = await openHouse({}, undefined, undefined, { alarms: async () => [anAlarm()] });
  onTestFinished(() => house.close());
  const ask = (role: 'supervisor' | 'engineer' | 'agent') => house.ask(role, { method: 'GET', url: '/v1/alarms' });
  for (const role of ['supervisor', 'engineer'] as const) {
    const answer = await ask(role);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ items: [anAlarm()] });
  }
  expect((await ask('agent')).statusCode).toBe(403);
});

it('are told in a terminal in words', () => {
  expect(alarmLines([], NOW)).toEqual(['There is no alarm.']);
  expect(alarmLines([anAlarm(), { ...anAlarm(), severity: 'warning', phase: 'easing' }], NOW + 300_000)).toEqual([
    'ALARM    Answered too late (slow)',
    '  The service level of queue support is 60 % (of the last 15 min, 40 calls), below 80 %. Told 5 min ago.',
    'warning  Answered too late (slow)',
    '  The service level of queue support is 60 % (of the last 15 min, 40 calls), below 80 %. It is well, but not yet for long enough. Told 5 min ago.',
  ]);
});
