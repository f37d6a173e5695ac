import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Sql, startSql } from '../../../src/local/sql.ts';
import type { SqlFault } from '../../../src/store/sql/fault.ts';
import { createSqlHistory } from '../../../src/store/sql/history.ts';
import { silent } from '../../support/silent.ts';
import { query } from './stores.ts';

const CALL = {
  id: 'call-1',
  direction: 'inbound',
  ani: null,
  dnis: '1',
  source: 'north',
  language: 'fi',
  flow: null,
  queue: null,
  agentId: null,
  campaignId: null,
  startedAt: 1,
  answeredAt: null,
  endedAt: 2,
  waitedMs: 0,
  talkedMs: 0,
  heldMs: 0,
  outcome: 'rejected',
  verdict: 'rejected',
  q850: 21,
  detected: 'event',
} as const;

const servers: Server[] = [];

/** A TCP port on loopback that treats each connection as told. */
async function listen(onSocket: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    onSocket(socket);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** PostgreSQL protocol, ErrorResponse. */
function refusal(code: string, message: string): Buffer {
  const body = Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${message}\0\0`);
  const head = Buffer.from('E\0\0\0\0');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

const open = (databaseUrl: string) => createSqlHistory({ databaseUrl, log: silent, poolMax: 1 });

const failure = async (databaseUrl: string): Promise<SqlFault> =>
  open(databaseUrl).then(
    () => expect.fail('it opened'),
    (error: SqlFault) => error,
  );

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

describe('a database that does not open says why', () => {
  it.each([
    ['28P01', 'sql.password', /refused the user or the password of DATABASE_URL/],
    ['3D000', 'sql.database-missing', /callwright does not exist; create it/],
    ['57P03', 'sql.refused', /still starting up/],
    ['53300', 'sql.refused', /no connection left/],
    ['XX000', 'sql.failed', /cannot be used: what it said/],
  ])('when the server answers %s', async (state, code, sentence) => {
    const port = await listen((socket) => socket.once('data', () => socket.end(refusal(state, 'what it said'))));
    const fault = await failure(`postgres://me:secret@127.0.0.1:${port}/callwright`);
    expect(fault).toMatchObject({ code, message: expect.stringMatching(sentence) });
    expect(fault.message).toContain(`127.0.0.1:${port}/callwright`);
    expect(fault.message).not.toContain('secret');
  });

  it('when nothing listens', async () => {
    const port = await listen(() => {});
    await new Promise((resolve) => servers.pop()?.close(resolve));
    const fault = await failure(`postgres://127.0.0.1:${port}/x`);
    expect(fault).toMatchObject({ code: 'sql.refused', message: expect.stringContaining('nothing listens there') });
  });

  it('when the socket is not there', async () => {
    const fault = await failure('postgres://me@/postgres?host=%2Fnonexistent');
    expect(fault).toMatchObject({ code: 'sql.refused', message: expect.stringContaining('/nonexistent (postgres)') });
  });

  it.each(['postgres://me:pa%ss@host:port/x', 'localhost', 'mysql://localhost/x', ''])(
    'when the address is %j',
    async (url) => {
      expect(await failure(url)).toMatchObject({
        code: 'sql.address',
        message: expect.stringContaining('write it as'),
      });
    },
  );
});

describe('the embedded store', () => {
  let folder: string;
  let sql: Sql;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'callwright-connection-'));
    sql = await startSql({ folder });
  });
  afterAll(async () => {
    await sql.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('keeps what was written when Callwright starts again', async () => {
    const before = await open(sql.url);
    await before.saveCallRecord(CALL);
    await before.close();
    const after = await open(sql.url);
    expect(await after.callRecord('call-1')).toEqual(CALL);
    await after.close();
  });

  it('connects again after its connections broke, and nothing crashes', async () => {
    const path = `${new URL(sql.url.replace('@/', '@x/')).searchParams.get('host')}/.s.PGSQL.5432`;
    const sockets = new Set<Socket>();
    let refuse = false;
    const port = await listen((socket) => {
      if (refuse) {
        socket.destroy();
        return;
      }
      const store = connect(path);
      store.on('error', () => {});
      sockets.add(socket);
      socket.on('close', () => store.destroy());
      store.on('close', () => socket.destroy());
      socket.pipe(store).pipe(socket);
    });
    const history = await open(`postgres://callwright@127.0.0.1:${port}/postgres`);
    expect(await history.healthy()).toBe(true);

    refuse = true;
    for (const socket of sockets) socket.destroy();
    expect(await history.healthy()).toBe(false);
    await expect(history.callRecord('call-1')).rejects.toThrow();

    refuse = false;
    expect(await history.healthy()).toBe(true);
    expect(await history.callRecord('call-2')).toBeNull();
    await history.close();
  });

  it('is left alone by an older Callwright', async () => {
    const step = `'9999-from-the-future'`;
    await query(sql.url, `insert into callwright.migration (name, timestamp) values (${step}, '')`);
    expect(await failure(sql.url)).toMatchObject({ code: 'sql.newer' });
    await query(sql.url, `delete from callwright.migration where name = ${step}`);
    await (await open(sql.url)).close();
  });
});
