import { fork } from 'node:child_process';

export interface ReaperOrder {
  readonly drachtios: readonly string[];
  readonly freeswitches: readonly string[];
  /** Whose channels are to be ended. */
  readonly controller: string;
}

/**
 * A small process that outlives this one by some seconds. drachtio keeps the dialogs of a client that has died, and no other client
 * can take them over: the callers would hear silence. When the pipe between the two breaks, for whatever reason, it says BYE to
 * all of them and ends their channels.
 *
 * @returns how to let go of it: it does the same then.
 */
export function startReaper(order: ReaperOrder): () => void {
  const child = fork(new URL('./reaper-child.ts', import.meta.url), [], {
    // A Ctrl-C in a terminal is for us; it has work to do after that.
    detached: true,
    stdio: 'ignore',
    execArgv: ['--max-old-space-size=48'],
  });
  child.on('error', () => {});
  child.send(order, () => {});
  child.unref();
  child.channel?.unref();
  return () => {
    if (child.connected) child.disconnect();
  };
}
