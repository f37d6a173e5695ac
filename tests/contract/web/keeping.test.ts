import { describe, expect, it, vi } from 'vitest';
import { error, farSide, inside, json, webFor } from './far-side.ts';

describe('connections', () => {
  it('are kept, and a kept one that has gone stale costs a GET nothing', async () => {
    const far = await farSide();
    const kept = webFor({ allow: [inside(far.url)] });
    await kept.get(`${far.url}/1`);
    await kept.get(`${far.url}/2`);
    expect(far.connections()).toBe(1);
    let refused = 0;
    far.handle((request, response, body) => {
      if (refused++ > 0) return json(200, 'again')(request, response, body);
      request.socket.resetAndDestroy();
    });
    expect(await kept.get(`${far.url}/3`)).toMatchObject({ body: 'again' });
    expect(far.connections()).toBe(2);
  });

  it('a POST is never sent twice', async () => {
    const far = await farSide();
    const kept = webFor({ allow: [inside(far.url)] });
    await kept.get(`${far.url}/1`);
    far.handle((request) => void request.socket.resetAndDestroy());
    expect(await kept.get(far.url, { method: 'POST', body: {} })).toEqual(error('unreachable'));
    expect(far.seen.map(({ method }) => method)).toEqual(['GET', 'POST']);
  });

  it('are at most 32 to one host', async () => {
    const far = await farSide();
    const waiting: (() => void)[] = [];
    far.handle((request, response, body) => void waiting.push(() => json(200, {})(request, response, body)));
    const many = webFor({ allow: [inside(far.url)] });
    const answers = Array.from({ length: 50 }, (_, nth) => many.get(`${far.url}/${nth}`));
    await vi.waitFor(() => expect(waiting).toHaveLength(32));
    far.handle(json(200, {}));
    for (const answer of waiting) answer();
    expect((await Promise.all(answers)).every(({ outcome }) => outcome === 'ok')).toBe(true);
    expect(far.connections()).toBeLessThanOrEqual(32);
  });
});

describe('the cache', async () => {
  const far = await farSide();
  const count = async (ask: (url: string) => Promise<unknown>) => {
    const before = far.seen.length;
    const answers = await ask(far.url);
    return { asked: far.seen.length - before, answers };
  };
  const cached = webFor({ allow: [inside(far.url)], secrets: { a: 'A', b: 'B' } });
  const again = async (url: string, ...changes: object[]) => {
    for (const change of changes) await cached.get(url, { cacheMs: 1_000, ...change });
  };

  it('answers again until its time is over', async () => {
    far.handle(json(200, 1));
    expect((await count((url) => again(`${url}/t`, {}, {}, {}))).asked).toBe(1);
    await cached.clock.advance(999);
    expect((await count((url) => again(`${url}/t`, {}))).asked).toBe(0);
    await cached.clock.advance(1);
    expect((await count((url) => again(`${url}/t`, {}))).asked).toBe(1);
  });

  it.each<[string, number, object[]]>([
    ['the method', 2, [{}, { method: 'POST' }]],
    [
      'the body of a POST',
      2,
      [
        { method: 'POST', body: 1 },
        { method: 'POST', body: 2 },
      ],
    ],
    ['no body of a GET', 1, [{ body: 1 }, { body: 2 }]],
    ['the secret', 3, [{}, { secret: 'a' }, { secret: 'b' }]],
    ['no cache', 2, [{}, { cacheMs: null }]],
  ])('tells apart by %s', async (name, asked, changes) => {
    far.handle(json(200, 1));
    expect((await count((url) => again(`${url}/${encodeURIComponent(name)}`, ...changes))).asked).toBe(asked);
  });

  it.each([
    [404, 1],
    [500, 2],
    [302, 2],
  ])('%i is asked %i times of 2', async (status, asked) => {
    far.handle(json(status, {}));
    expect((await count((url) => again(`${url}/${status}`, {}, {}))).asked).toBe(asked);
  });

  it('is not asked when the host is no longer allowed', async () => {
    const fickle = webFor({ allow: [inside(far.url)] });
    far.handle(json(200, 1));
    expect(await fickle.get(far.url, { cacheMs: 9_000 })).toMatchObject({ outcome: 'ok' });
    fickle.forbidAll();
    expect(await fickle.get(far.url, { cacheMs: 9_000 })).toEqual(error('host not allowed'));
  });

  it('equal requests at one time are one; POSTs only when they may be cached', async () => {
    far.handle(json(200, 1));
    const five = (change: object) => (url: string) =>
      Promise.all([1, 2, 3, 4, 5].map(() => cached.get(`${url}/five`, change)));
    expect((await count(five({}))).asked).toBe(1);
    expect((await count(five({ method: 'POST', body: {} }))).asked).toBe(5);
    expect((await count(five({ method: 'POST', body: {}, cacheMs: 100 }))).asked).toBe(1);
  });
});
