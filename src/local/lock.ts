import { createHash } from 'node:crypto';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { LocalFault } from './fault.ts';

/** Lets go of the lock; the kernel does the same when the process dies, however it dies. */
export type Release = () => void;

/**
 * A lock between processes of one machine. It is a Linux abstract socket, not a file: there is nothing to find stale
 * after a crash, so nobody ever has to guess whether the holder is still alive.
 */
const socketName = (what: string): string =>
  `\0callwright-${createHash('sha256').update(what).digest('hex').slice(0, 32)}`;

/** Takes the lock, or answers `undefined` when another process (or another part of this one) holds it. */
export function tryLock(what: string): Promise<Release | undefined> {
  return new Promise((resolve, reject) => {
    const waiters = new Set<Socket>();
    const server = createServer((waiter) => {
      waiters.add(waiter.on('error', () => {}).on('close', () => waiters.delete(waiter)));
      waiter.unref().resume();
    });
    server.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    server.listen(socketName(what), () => {
      server.unref();
      resolve(() => {
        server.close();
        for (const waiter of waiters) waiter.destroy();
      });
    });
  });
}

/** The lock on a data folder. @throws LocalFault when another Callwright works in it */
export async function lockData(folder: string): Promise<Release> {
  const release = await tryLock(folder);
  if (release) return release;
  const cure = 'stop it, or set CALLWRIGHT_DATA to another folder.';
  throw new LocalFault('data-in-use', `Another Callwright works in ${folder}: ${cure}`);
}

/** Takes the lock as soon as its holder lets go; `onWait` is told once that there is somebody to wait for. */
export async function lock(what: string, onWait: () => void = () => {}): Promise<Release> {
  for (let waited = false; ; waited = true) {
    const release = await tryLock(what);
    if (release) return release;
    if (!waited) onWait();
    await holderGone(what);
  }
}

async function holderGone(what: string): Promise<void> {
  await new Promise<void>((resolve) => {
    const socket = connect({ path: socketName(what) });
    socket.on('error', () => {}).on('close', () => resolve());
  });
  await pause(50);
}
