import { describe, expect, it } from 'vitest';
import { PLAIN_FLOOR } from '../../../src/acd/agent-rules.ts';
import { loadSite } from '../../../src/config/site/load.ts';
import { printProblem } from '../../../src/ivr/problem.ts';

const read = (text: string) => loadSite([{ path: 'site/floor.yaml', text }], '2026-11-22');
const faults = (text: string) => read(text).problems.map(printProblem).join('\n');

describe('site/floor.yaml', () => {
  it('says nothing: the house asks what a house without the file asks', () => {
    const reading = read('{}\n');
    expect(reading.ok && reading.site.floor).toEqual(PLAIN_FLOOR);
  });

  it('says all there is to say', () => {
    const reading = read(`
reasons: { lunch: { title: Lunch, max: 45m }, errand: { title: Errand } }
rona:
  noAnswer: { backOff: { first: 5s, most: 1m }, notReadyAfter: 2 }
  busy: { notReadyAfter: never }
rest: { occupancyOver: 90%, maxContinuous: 2h, pause: 3m }
line: { music: none, ring: 10s, onHangUp: log-out }
`);
    expect(reading.ok && reading.site.floor).toEqual({
      reasons: new Map([
        ['lunch', { title: 'Lunch', maxMs: 2_700_000 }],
        ['errand', { title: 'Errand', maxMs: null }],
      ]),
      rona: {
        ...PLAIN_FLOOR.rona,
        noAnswer: { backOffMs: { first: 5_000, most: 60_000 }, notReadyAfter: 2 },
        busy: { ...PLAIN_FLOOR.rona.busy, notReadyAfter: null },
      },
      rest: { occupancyOver: 0.9, maxContinuousMs: 7_200_000, pauseMs: 180_000 },
      line: { music: null, ringMs: 10_000, onHangUp: 'log-out' },
    });
  });

  it.each([
    ['reasons: { Lunch: { title: Lunch } }', 'name'],
    ['rona: { busy: { backOff: { first: 5m, most: 1m } } }', 'shorter than `first`'],
    ['rona: { busy: { notReadyAfter: 0 } }', 'notReadyAfter'],
    ['rest: { occupancyOver: 95 }', 'share'],
    ['line: { onHangUp: shrug }', 'log-out'],
    ['line: { beep: true }', 'beep'],
  ])('%s is told', (text, told) => {
    expect(read(`${text}\n`).ok).toBe(false);
    expect(faults(`${text}\n`)).toContain(told);
  });
});
