import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FlowStore, KEPT, type PinRow, UNTRIED } from '../../../src/engine/ports/flow-store.ts';
import { pinTry } from '../../../src/ivr/pin-guard.ts';
import { activationOf, CALLER, DAY, idsOf, NOW, number, releaseOf } from './samples.ts';
import { STORES, type Store } from './stores.ts';

describe.each(STORES)('the flow store in %s', (_, start) => {
  let store: Store;
  let flows: FlowStore;

  beforeAll(async () => {
    store = await start();
  });
  beforeEach(async () => {
    flows = await store.fresh();
  });
  afterAll(() => store.stop());

  describe('releases', () => {
    it('keeps each as it was given, and the first when it comes twice', async () => {
      await flows.saveRelease(releaseOf('a1'));
      await flows.saveRelease(releaseOf('a1', { note: 'again', files: [] }));
      expect(await flows.release('a1')).toEqual(releaseOf('a1'));
      expect(await flows.release('b2')).toBeNull();
    });

    it('lists them newest first, without their files', async () => {
      const made = [releaseOf('c3', { madeAt: NOW - 1 }), releaseOf('a1', { madeAt: NOW + 1 }), releaseOf('b2')];
      for (const release of made) await flows.saveRelease(release);
      const { files: _files, ...summary } = releaseOf('a1', { madeAt: NOW + 1 });
      const listed = await flows.releases(9);
      expect(idsOf(listed)).toEqual(['a1', 'b2', 'c3']);
      expect(listed[0]).toEqual(summary);
      expect(idsOf(await flows.releases(2))).toEqual(['a1', 'b2']);
    });

    it('says what was activated, the latest first, also when a clock went back', async () => {
      for (const id of ['a1', 'b2']) await flows.saveRelease(releaseOf(id));
      const canary = { release: 'b2', percent: 2.5 };
      const done = [
        activationOf('a1'),
        activationOf('a1', { action: 'canary', by: 'ben', canary }),
        activationOf('b2', { action: 'promote', at: NOW - 60_000 }),
      ];
      expect(await flows.activations(9)).toEqual([]);
      for (const activation of done) await flows.activate(activation);
      expect(await flows.activations(9)).toEqual(done.toReversed());
      expect(await flows.activations(1)).toEqual([done[2]]);
    });

    it('activates nothing that is not kept', async () => {
      await flows.saveRelease(releaseOf('a1'));
      await expect(flows.activate(activationOf('b2'))).rejects.toThrow();
      await expect(flows.activate(activationOf('a1', { canary: { release: 'b2', percent: 5 } }))).rejects.toThrow();
      expect(await flows.activations(9)).toEqual([]);
    });

    it('trims what has not run for long, and never what runs', async () => {
      const id = (n: number) => `r${number(n)}`;
      for (let n = 0; n < KEPT.activations + 3; n += 1) {
        await flows.saveRelease(releaseOf(id(n), { madeAt: NOW + n, files: [] }));
      }
      await flows.activate(activationOf(id(0)));
      await flows.activate(activationOf(id(1), { canary: { release: id(2), percent: 5 } }));
      for (let n = 1; n < KEPT.activations; n += 1) await flows.activate(activationOf(id(1), { at: NOW + n }));
      const before = await flows.activations(KEPT.activations);
      await flows.trim(NOW);
      expect(await flows.activations(KEPT.activations)).toEqual(before);
      expect(await flows.release(id(0))).toBeNull();
      for (const n of [1, 2, 3]) expect(await flows.release(id(n))).toMatchObject({ id: id(n) });
      const rows = await store.rows();
      expect(rows ?? 2 * KEPT.activations + 2).toBe(2 * KEPT.activations + 2);
    });
  });

  describe('the memory of callers', () => {
    it('keeps one value a thing, until its time', async () => {
      await flows.remember(CALLER, 'language', 'fi', NOW + 10);
      await flows.remember(CALLER, 'language', 'sv', NOW + 20);
      await flows.remember(CALLER, 'topic', '', NOW + 30);
      expect(await flows.recall(CALLER, 'language', NOW + 19)).toBe('sv');
      expect(await flows.recall(CALLER, 'language', NOW + 20)).toBeNull();
      expect(await flows.recall(CALLER, 'topic', NOW + 20)).toBe('');
      expect(await flows.recall(CALLER, 'other', NOW)).toBeNull();
      expect(await flows.recall('+35840', 'language', NOW)).toBeNull();
    });

    it('forgets one thing or everything of a caller, and of nobody else', async () => {
      for (const what of ['language', 'topic', 'last']) await flows.remember(CALLER, what, 'x', NOW + DAY);
      await flows.remember('+46701234567', 'language', 'sv', NOW + DAY);
      expect(await flows.forget(CALLER, 'topic')).toBe(1);
      expect(await flows.forget(CALLER, 'topic')).toBe(0);
      expect(await flows.forget(CALLER, null)).toBe(2);
      expect(await flows.forget(CALLER, null)).toBe(0);
      expect(await flows.recall(CALLER, 'language', NOW)).toBeNull();
      expect(await flows.recall('+46701234567', 'language', NOW)).toBe('sv');
    });

    it('trims what has passed', async () => {
      await flows.remember(CALLER, 'language', 'fi', NOW);
      await flows.remember(CALLER, 'topic', 'x', NOW + 1);
      await flows.trim(NOW);
      expect(await flows.recall(CALLER, 'language', NOW - 1)).toBeNull();
      expect(await flows.recall(CALLER, 'topic', NOW)).toBe('x');
    });
  });

  describe('PINs', () => {
    const guess = (account: string, correct = false, now = NOW, door = flows) =>
      door.tryPin(account, (row) => pinTry(row, correct, now));

    const rowOf = async (account: string) => {
      let seen: PinRow | undefined;
      await flows.tryPin(account, (row) => {
        seen = row;
        return { row, verdict: 'wrong' };
      });
      return seen;
    };

    it('keeps, replaces and removes them', async () => {
      await flows.setPin('1001', 'scrypt$a');
      await flows.setPin('1001', 'scrypt$b');
      expect(await flows.pinHash('1001')).toBe('scrypt$b');
      expect(await flows.pinHash('1002')).toBeNull();
      expect(await flows.removePin('1001')).toBe(true);
      expect(await flows.removePin('1001')).toBe(false);
      expect(await flows.pinHash('1001')).toBeNull();
    });

    it('hands the guard from one try to the next, and answers the verdict', async () => {
      await flows.setPin('1001', 'scrypt$a');
      const row = { tries: [NOW, NOW + 1], locks: 3, lockedUntil: NOW + 2, forgetAt: NOW + 3 };
      expect(
        await flows.tryPin('1001', (before) => {
          expect(before).toEqual(UNTRIED);
          return { row, verdict: 'locked' };
        }),
      ).toBe('locked');
      expect(await rowOf('1001')).toEqual(row);
      expect(await flows.pinHash('1001')).toBe('scrypt$a');
    });

    it.each(['1001', 'nobody'])(
      'counts every try at %s, however many try at once and through whatever door',
      async (account) => {
        await flows.setPin('1001', 'scrypt$a');
        const others = (await store.second()) ?? flows;
        const verdicts = await Promise.all(
          Array.from({ length: 20 }, (_try, n) => guess(account, false, NOW, n % 2 ? others : flows)),
        );
        expect(verdicts.filter((verdict) => verdict === 'wrong')).toHaveLength(4);
        expect(verdicts.filter((verdict) => verdict === 'locked')).toHaveLength(16);
        expect(await rowOf(account)).toMatchObject({ tries: [], locks: 1 });
        expect(await guess(account, true)).toBe('locked');
      },
    );

    it('keeps a guard as it was when a decision fails', async () => {
      await guess('1001');
      const failing = flows.tryPin('1001', () => {
        throw new Error('a fault');
      });
      await expect(failing).rejects.toThrow('a fault');
      expect(await rowOf('1001')).toMatchObject({ tries: [NOW] });
      expect(await guess('1001', true)).toBe('ok');
    });

    it('lets the owner in at once with a new PIN, but not because the old one went', async () => {
      for (let n = 0; n < 5; n += 1) await guess('1001');
      expect(await flows.removePin('1001')).toBe(false);
      expect(await guess('1001', true)).toBe('locked');
      await flows.setPin('1001', 'scrypt$a');
      expect(await guess('1001', true)).toBe('ok');
    });

    it('trims the guards of accounts without a PIN once they have nothing to say', async () => {
      await flows.setPin('1001', 'scrypt$a');
      await guess('nobody');
      const { forgetAt = 0 } = (await rowOf('nobody')) ?? {};
      await flows.trim(forgetAt - 1);
      expect(await rowOf('nobody')).toMatchObject({ tries: [NOW] });
      await flows.trim(forgetAt);
      expect((await store.rows()) ?? 1).toBe(1);
    });
  });
});
