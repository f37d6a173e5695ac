/**
 * The embedded SQL store, in a process of its own, since a slow query holds its whole process up.
 * Started by sql.ts with two arguments: the data folder and the path of the Unix socket to serve.
 */
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { rmSync } from 'node:fs';
import { lock } from './lock.ts';

const [dataFolder = '', socketPath = ''] = process.argv.slice(2);

// A predecessor whose Callwright was killed may still be writing its last page.
await lock(dataFolder);
const db = await PGlite.create(dataFolder);
rmSync(socketPath, { force: true });
const server = new PGLiteSocketServer({ db, path: socketPath, maxConnections: 32 });

process.on('disconnect', () => {
  void server
    .stop()
    .then(() => db.close())
    .finally(() => process.exit(0));
});
// Ctrl-C reaches every process of the terminal; this one ends when its parent lets go of it, not before.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => {});

await server.start();
process.send?.('ready');
