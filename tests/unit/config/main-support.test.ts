import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LoadedSite } from '../../../src/config/site/load.ts';
import { readSite } from '../../../src/config/site/read.ts';
import { Caller } from '../ivr/caller.ts';

const root = resolve(import.meta.dirname, '../../..');
const OPEN = Date.parse('2026-03-10T10:00:00+02:00');
const VIP = '+358501112223';

let site: LoadedSite;
beforeAll(async () => {
  const reading = await readSite(resolve(root, 'ivr-flows'), resolve(root, 'sounds'));
  if (!reading.ok) throw new Error('the shipped site has faults');
  site = reading.site;
});

function call(at: number | string = OPEN, ani = '+358409998887'): Caller {
  const flow = site.flows.get('main-support');
  if (!flow) throw new Error('no main-support');
  return new Caller(flow, {
    now: typeof at === 'string' ? Date.parse(at) : at,
    ani,
    calendars: [...site.calendars.values()],
  });
}

describe('main-support', () => {
  it('brings a VIP with a technical question in Finnish to the right skills', () => {
    const caller = call(OPEN, VIP).press('1');
    expect(caller.hears).toEqual(['fi/welcome']);
    expect(caller.listens().press('2').hears).toEqual(['fi/ask.customer']);
    expect(caller.press('123456#').command('queue').request).toMatchObject({
      queue: 'support',
      language: 'fi',
      require: [
        { skill: 'lang:fi', level: 3 },
        { skill: 'topic:tech', level: 3 },
      ],
      priority: 300,
      maxWaitMs: 1_200_000,
    });
    expect(caller.path).toEqual([
      'who-calls',
      'pick-language',
      'greet',
      'check-hours',
      'main-menu',
      'ask-number',
      'by-topic',
      'support',
    ]);
  });

  it('lets everybody else wait his turn, in the queue of his topic', () => {
    const caller = call().press('2').listens().press('1').press('654321#');
    expect(caller.command('queue').request).toMatchObject({ queue: 'billing', language: 'sv', priority: 0 });
  });

  it('has somebody qualified for every topic in every language', () => {
    for (const [queue, topic] of [
      ['support', 'tech'],
      ['billing', 'billing'],
    ] as const) {
      for (const language of ['en', 'fi', 'sv']) {
        const able = site.agents.filter(
          ({ queues, skills }) =>
            queues.includes(queue) && (skills[`lang:${language}`] ?? 0) >= 3 && (skills[`topic:${topic}`] ?? 0) >= 3,
        );
        expect(able.length, `${topic} in ${language}`).toBeGreaterThan(0);
      }
    }
  });

  it('brings silence to the operator, in the default language', () => {
    const caller = call().listens().waits().listens().waits();
    expect(caller.hears).toEqual(['en/welcome']);
    caller.listens();
    expect(caller.hears).toEqual(['en/main.long']);
    for (let i = 0; i < 3; i += 1) caller.listens().waits();
    expect(caller.command('queue').request).toMatchObject({ queue: 'switchboard', language: 'en' });
  });

  it.each([
    ['Christmas Day', '2026-12-25T12:00:00+02:00', 'en/closed.holiday'],
    ['a night', '2026-03-10T23:00:00+02:00', 'en/closed'],
    ['New Year’s Eve in the afternoon', '2026-12-31T15:00:00+02:00', 'en/closed'],
  ])('is closed on %s and says goodbye', (_, at, heard) => {
    const caller = call(at).press('3').listens();
    expect(caller.hears).toEqual([heard]);
    expect(caller.listens().hears).toEqual(['en/goodbye']);
    expect(caller.listens().did).toEqual(['hangup']);
  });

  it('rings whoever is on duty when the switchboard is empty, and says sorry at last', () => {
    const caller = call().press('3').listens().press('0');
    caller.is({ type: 'queue.left', outcome: 'noAgents' });
    expect(caller.command('transfer').to).toEqual({ kind: 'phone', name: '1001' });
    expect(caller.is({ type: 'transfer.ended', outcome: 'noAnswer' }).hears).toEqual(['en/nobody-free']);
  });

  it('says sorry and finds a human when a queue fails', () => {
    const caller = call().press('3').listens().press('2').press('123456#');
    expect(caller.is({ type: 'queue.left', outcome: 'error' }).hears).toEqual(['en/apology']);
    expect(caller.listens().command('queue').request.queue).toBe('switchboard');
  });
});
