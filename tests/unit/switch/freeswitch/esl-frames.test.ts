import { array, assert, nat, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eslEvent } from '../../../../src/switch/freeswitch/esl-event.ts';
import { Frames } from '../../../../src/switch/freeswitch/esl-frames.ts';

const frame = (body: string) => `Content-Length: ${Buffer.byteLength(body)}\nContent-Type: api/response\n\n${body}`;

describe('messages of the event socket', () => {
  it('come out whole, wherever the network cuts them', () => {
    const texts = array(string({ unit: 'grapheme' }), { maxLength: 5 });
    const whole = property(texts, array(nat(40), { maxLength: 30 }), (bodies, cuts) => {
      const bytes = Buffer.from(`Content-Type: auth/request\n\n${bodies.map(frame).join('')}`);
      const frames = new Frames();
      let at = 0;
      const out = [...cuts, bytes.length].flatMap((cut) => {
        const piece = bytes.subarray(at, at + cut);
        at += piece.length;
        return frames.push(piece);
      });
      expect(out.map(({ body }) => body)).toEqual(['', ...bodies]);
      expect(out[0]?.headers.get('content-type')).toBe('auth/request');
    });
    assert(whole);
  });

  it.each(['-1', 'x', '1e12'])('of a length of %s are refused', (length) => {
    expect(() => new Frames().push(Buffer.from(`Content-Length: ${length}\n\n`))).toThrow('a length that cannot be');
  });

  it('are events with the clock of FreeSWITCH, in milliseconds', () => {
    const event = eslEvent('{"Event-Name":"DTMF","Unique-ID":"leg-1","Event-Date-Timestamp":"1795392239270123"}');
    expect([event?.name, event?.legId, event?.at, event?.get('DTMF-Digit')]).toEqual([
      'DTMF',
      'leg-1',
      1795392239270,
      '',
    ]);
  });

  it('are nothing when they are no events', () => {
    expect([eslEvent('not JSON'), eslEvent('[]'), eslEvent('7')]).toEqual([null, null, null]);
  });
});
