/** One Ctrl-C may come twice: from the terminal to all of its programs, and passed on by npm. */
const ECHO_MS = 1_000;

/** What of a process is needed here. */
interface Signals {
  on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  exit(code: number): void;
}

/**
 * Aborts when the process is asked to end. A Ctrl-C later than the echo of the first ends it at once, and what it has started
 * is left to itself; SIGTERM never does.
 */
export function askedToEnd(process: Signals, now: () => number = () => performance.now()): AbortController {
  const over = new AbortController();
  let since: number | null = null;
  process.on('SIGTERM', () => over.abort());
  process.on('SIGINT', () => {
    if (since !== null && now() - since > ECHO_MS) process.exit(130);
    since ??= now();
    over.abort();
  });
  return over;
}
