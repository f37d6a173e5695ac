import { describe, expect, it } from 'vitest';
import { scryptSecrets } from '../../../src/engine/secret-hash.ts';
import { ensureAdminToken, TokenBook } from '../../../src/http/tokens.ts';
import { createMemoryHistory } from '../../support/memory-history.ts';
import { HandClock, openHouse } from './house.ts';

function book() {
  const history = createMemoryHistory();
  const reads = { count: 0 };
  const tokens = () => {
    reads.count += 1;
    return history.tokens();
  };
  let made = 0;
  const clock = new HandClock();
  const ports = {
    history: { ...history, tokens },
    secrets: scryptSecrets,
    clock,
    ids: { next: () => `token-${(made += 1)}` },
  };
  return { history, reads, clock, ports, book: new TokenBook(ports) };
}

const SPEC = { name: 'test', role: 'engineer', agentId: null } as const;

describe('tokens', () => {
  it('hold 32 random bytes, of which the store has only a salted scrypt hash', async () => {
    const { book: tokens, history } = book();
    const first = await tokens.issue(SPEC);
    const second = await tokens.issue(SPEC);
    expect(first.plain).toMatch(/^cw_token-1\.[A-Za-z0-9_-]{43}$/u);
    const stored = await history.tokens();
    expect(stored.map(({ hash }) => hash)).toEqual([
      expect.stringMatching(/^scrypt\$16384\$8\$1\$/u),
      expect.stringMatching(/^scrypt\$16384\$8\$1\$/u),
    ]);
    expect(JSON.stringify(stored)).not.toContain(first.plain.split('.')[1]);
    expect(stored[0]?.hash).not.toBe(stored[1]?.hash);
    expect(await tokens.verify(first.plain)).toEqual({
      tokenId: 'token-1',
      name: 'test',
      role: 'engineer',
      agentId: null,
    });
    expect(await tokens.verify(`${first.plain.split('.')[0]}.${second.plain.split('.')[1]}`)).toBeNull();
  });

  it('are believed for a minute after a check, and then checked again', async () => {
    const { book: tokens, clock, reads, history } = book();
    const { plain, token } = await tokens.issue(SPEC);
    await Promise.all([tokens.verify(plain), tokens.verify(plain), tokens.verify(plain)]);
    await tokens.verify(plain);
    expect(reads.count).toBe(1);
    await history.removeToken(token.id); // by another process
    clock.advance(59_000);
    expect(await tokens.verify(plain)).not.toBeNull();
    clock.advance(1_000);
    expect(await tokens.verify(plain)).toBeNull();
  });

  it('that are wrong are never believed later, and a store fault is not taken for a wrong token', async () => {
    const { ports } = book();
    let broken = true;
    const history = {
      ...ports.history,
      tokens: () => (broken ? Promise.reject(new Error('away')) : ports.history.tokens()),
    };
    const tokens = new TokenBook({ ...ports, history });
    broken = false;
    const { plain } = await tokens.issue(SPEC);
    broken = true;
    await expect(tokens.verify(plain)).rejects.toThrow('away');
    broken = false;
    expect(await tokens.verify(plain)).not.toBeNull();
  });

  it('are useless at once when revoked here, and the last admin stays', async () => {
    const { book: tokens } = book();
    const admin = await tokens.issue({ ...SPEC, role: 'admin' });
    const other = await tokens.issue(SPEC);
    await tokens.verify(other.plain);
    expect(await tokens.revoke(other.token.id)).toBe('revoked');
    expect(await tokens.verify(other.plain)).toBeNull();
    expect(await tokens.revoke(other.token.id)).toBe('unknown');
    expect(await tokens.revoke(admin.token.id)).toBe('last-admin');
  });

  it('begin with one admin token, told once', async () => {
    const { ports, book: tokens } = book();
    const plain = await ensureAdminToken(ports);
    expect(await tokens.verify(plain ?? '')).toMatchObject({ role: 'admin' });
    expect(await ensureAdminToken(ports)).toBeNull();
  });

  it('are made, listed without hash and revoked over HTTP by an admin', async () => {
    const house = await openHouse();
    try {
      const payload = { name: 'Bob at his desk', role: 'agent', agentId: 'bob' };
      const made = await house.ask('admin', { method: 'POST', url: '/v1/tokens', payload });
      expect(made.statusCode).toBe(201);
      const { id, token } = made.json<{ id: string; token: string }>();
      expect(made.body).not.toContain('scrypt');
      const headers = { authorization: `Bearer ${token}` };
      expect((await house.http.inject({ url: '/v1/agents/bob', headers })).statusCode).toBe(200);
      expect((await house.ask('admin', { url: '/v1/tokens' })).body).not.toMatch(/scrypt|hash/u);
      expect((await house.ask('admin', { method: 'DELETE', url: `/v1/tokens/${id}` })).statusCode).toBe(204);
      expect((await house.http.inject({ url: '/v1/agents/bob', headers })).statusCode).toBe(401);
      for (const wrong of [
        { ...payload, agentId: null },
        { ...payload, role: 'admin' },
        { ...payload, role: 'root' },
      ]) {
        expect((await house.ask('admin', { method: 'POST', url: '/v1/tokens', payload: wrong })).statusCode).toBe(400);
      }
      const nobody = { ...payload, agentId: 'bobb' };
      const refused = await house.ask('admin', { method: 'POST', url: '/v1/tokens', payload: nobody });
      expect([refused.statusCode, refused.json()]).toMatchObject([
        422,
        { detail: 'There is no agent bobb whose token this could be.' },
      ]);
      expect((await house.history.tokens()).some(({ agentId }) => agentId === 'bobb')).toBe(false);
    } finally {
      await house.close();
    }
  });
});
