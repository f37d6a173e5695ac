import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Legs } from '../../../src/switch/asterisk/legs.ts';
import { newLeg } from '../../../src/switch/asterisk/news.ts';

const NAMES = ['a', 'b', 'c'];
const id = fc.constantFrom(...NAMES);
const move = fc.oneof(
  fc.record({ type: fc.constant('put' as const), id }),
  fc.record({ type: fc.constant('forget' as const), id }),
  fc.record({ type: fc.constant('replace' as const), id }),
  fc.record({ type: fc.constant('play' as const), id }),
  fc.record({ type: fc.constant('played' as const), id }),
  fc.record({ type: fc.constant('bridge' as const), id, into: fc.constantFrom('b1', 'b2', null) }),
);

describe('legs', () => {
  it('finds who plays and who is in a bridge, as looking through all of them would', () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 40 }), (moves) => {
        const legs = new Legs();
        for (const one of moves) {
          const playback = `playback-${one.id}`;
          if (one.type === 'put') legs.put(newLeg(one.id, false));
          else if (one.type === 'forget') legs.forget(one.id);
          else if (one.type === 'replace') legs.replace([{ ...newLeg(one.id, false), bridge: 'b1' }]);
          else if (one.type === 'play') legs.playing(one.id, playback);
          else if (one.type === 'played') legs.notPlaying(one.id, playback);
          else legs.bridged([one.id], one.into);
          const all = NAMES.flatMap((name) => legs.get(name) ?? []);
          for (const bridge of ['b1', 'b2']) {
            const inside = all.filter((leg) => leg.bridge === bridge).map((leg) => leg.id);
            expect([...legs.inBridge(bridge)].toSorted()).toEqual(inside);
          }
          for (const name of NAMES) {
            const player = all.find((leg) => leg.playing.has(`playback-${name}`)) ?? null;
            expect(legs.whoPlays(`playback-${name}`)).toBe(player);
          }
        }
      }),
    );
  });
});
