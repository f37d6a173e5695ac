import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cpuRatio, errands, figuresOf, type Measured, runOf } from '../../../bench/app-queue/figures.ts';
import { plot } from '../../../bench/app-queue/plot.ts';
import { mediaPort, readMessage, request, response, targetOf, userOf } from '../../../bench/app-queue/sip.ts';
import { tableOf } from '../../../bench/app-queue/table.ts';

const seen = { offers: [], talked: 10, failed: [], doubled: 0, resent: 0 };
const measured = (change: Partial<Measured>): Measured => ({
  side: 'callwright',
  members: 300,
  perSecond: 40,
  calls: 10,
  seen,
  spent: { callwright: 60, asterisk: 100, redis: 20, sql: 10 },
  otherLoad: 0,
  ...change,
});

describe('figures of a queue', () => {
  const offer = { at: 1_020, freeSince: 1_000, queuedAt: 900, invitedAt: 890 };

  it('count the time of a free agent only for a call that waited already', () => {
    const offers = [offer, { ...offer, queuedAt: 1_001 }, { ...offer, freeSince: null }, { ...offer, queuedAt: null }];
    const run = runOf(measured({ seen: { ...seen, offers } }));
    expect(run.offerMs).toEqual({ p50: 20, p99: 20, count: 1 });
    expect(run.waited).toBe(0.1);
  });

  it('count the time of an arriving call only when the agent was free already', () => {
    const offers = [offer, { at: 1_030, freeSince: 800, queuedAt: 1_005, invitedAt: 1_000 }];
    const run = runOf(measured({ seen: { ...seen, offers } }));
    expect(run.arrivalMs).toEqual({ p50: 30, p99: 30, count: 1 });
  });

  it('tell calls that came to nothing, and share the CPU among those that came to something', () => {
    const failed = ['refused with 503', 'refused with 503'];
    const run = runOf(measured({ seen: { ...seen, talked: 8, failed } }));
    expect(run).toMatchObject({ failed: 2, why: { 'refused with 503': 2 }, offerMs: null });
    expect(run.cpuMsPerCall.asterisk).toBe(12.5);
  });

  it('count for app_queue Asterisk alone', () => {
    const runs = [runOf(measured({})), runOf(measured({ side: 'appQueue' }))];
    expect(cpuRatio(runs, 300)).toBeCloseTo(1.9);
    expect(cpuRatio(runs, 2_000)).toBeNull();
    expect(figuresOf(runs)).toMatchObject({ cpuRatio2000: null, offerP99Ms: null });
    expect(tableOf(runs)).toContain('1.90 ×');
    expect(plot(runs)).toContain('19.0 (1.90 ×)');
  });
});

describe('calls of a queue', () => {
  it('are the same in every run, as many a second as asked for, with talks around the mean', () => {
    const made = errands(40, 100, 7_000);
    expect(errands(40, 100, 7_000)).toEqual(made);
    expect(made.length).toBeGreaterThan(3_800);
    expect(made.length).toBeLessThan(4_200);
    const mean = made.reduce((sum, { talkMs }) => sum + talkMs, 0) / made.length;
    expect(Math.abs(mean - 7_000)).toBeLessThan(150);
    expect(made.every(({ talkMs }) => talkMs >= 3_500 && talkMs <= 10_500)).toBe(true);
  });
});

describe('SIP of the phones', () => {
  const ask = { method: 'INVITE', target: 'sip:620@h:1', own: 'h:2', from: '<sip:7@h>;tag=a', to: '<sip:620@h>' };
  const name = fc.stringMatching(/^[A-Za-z0-9-]{1,12}$/);

  it('is read as it was written', () => {
    fc.assert(
      fc.property(name, name, (callId, user) => {
        const text = request({ ...ask, target: `sip:${user}@h:1`, callId, count: 1, contact: 'sip:7@h:2', body: 'x' });
        const message = readMessage(text);
        expect(message).toMatchObject({ method: 'INVITE', status: null, user, callId, sequence: 'INVITE' });
        expect(targetOf(message)).toBe('sip:7@h:2');
        expect(text.endsWith('\r\nContent-Length: 1\r\n\r\nx')).toBe(true);
      }),
    );
  });

  it('answers with a tag of its own, once', () => {
    const invite = readMessage(request({ ...ask, callId: 'c', count: 1, contact: 'sip:7@h:2' }));
    const ringing = readMessage(response(invite, '180 Ringing', 'mine'));
    expect(ringing).toMatchObject({ method: null, status: 180, callId: 'c', sequence: 'INVITE' });
    expect(ringing.lines).toContain('To: <sip:620@h>;tag=mine');
    expect(response(ringing, '200 OK', 'other')).toContain('To: <sip:620@h>;tag=mine\r\n');
  });

  it('finds who is called, and where his media goes', () => {
    expect(userOf('"Ann" <sip:358501@h>;tag=x')).toBe('358501');
    const answer = (body: string) => readMessage(`SIP/2.0 200 OK\r\nCSeq: 1 INVITE\r\n\r\n${body}`);
    expect(mediaPort(answer('v=0\r\nm=audio 4711 RTP/AVP 0'))).toBe(4_711);
    expect(mediaPort(answer(''))).toBeNull();
  });
});
