import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { continued } from '../../../../src/switch/freeswitch/rehoming.ts';
import { roomOf } from '../../../../src/switch/freeswitch/seats.ts';

const sdpOf = (session: string, version: string, address: string) =>
  ['v=0', `o=${session} ${version} IN IP4 ${address}`, 's=-', `c=IN IP4 ${address}`, 'm=audio 4000 RTP/AVP 8 101'].join(
    '\r\n',
  );

it('tells a phone one session that goes on, whose sound is elsewhere (RFC 3264 §8)', () => {
  const next = continued(sdpOf('FreeSWITCH 17', '1700000000', '10.0.0.1'), sdpOf('FreeSWITCH 99', '5', '10.0.0.2'));
  expect(next.split('\r\n')).toEqual([
    'v=0',
    'o=FreeSWITCH 17 1700000001 IN IP4 10.0.0.1',
    's=-',
    'c=IN IP4 10.0.0.2',
    'm=audio 4000 RTP/AVP 8 101',
  ]);
});

it('counts on, however long the number, and back to where it was', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 63n }), (version) => {
      const here = sdpOf('- 1', String(version), '10.0.0.1');
      const there = continued(here, sdpOf('- 2', '9', '10.0.0.2'));
      const back = continued(there, here);
      expect(back).toBe(sdpOf('- 1', String(version + 2n), '10.0.0.1'));
    }),
  );
});

it('leaves alone what it does not understand', () => {
  expect(continued('', sdpOf('- 2', '9', '10.0.0.2'))).toBe(sdpOf('- 2', '9', '10.0.0.2'));
});

it('names a conference so that no bridge is taken for another, nor for a command', () => {
  const id = fc.oneof(
    fc.string(),
    fc.uuid(),
    fc.constantFrom('a b', 'a@callwright', 'a+flags{mute}', 'a ', '_6120', 'bridge:x'),
  );
  fc.assert(
    fc.property(id, id, (one, other) => {
      expect(roomOf(one)).toMatch(/^[A-Za-z0-9_.-]+$/);
      if (one !== other) expect(roomOf(one)).not.toBe(roomOf(other));
    }),
  );
});
