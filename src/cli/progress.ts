import { styleText } from 'node:util';

interface Step {
  readonly text: string;
  readonly done?: number;
  readonly total?: number;
}

interface Screen {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Lines for a log file or a pipe come at most this often for the same step. */
const QUIET_MS = 2_000;

/**
 * Shows what takes more than a moment: one line that renews itself on a terminal, a plain line now and then elsewhere.
 */
export function createProgress(screen: Screen) {
  let last = { text: '', at: -Infinity };
  let open = false;
  const step = ({ text, done, total }: Step): void => {
    const share = done !== undefined && total ? ` ${bar(done / total)} ${Math.floor((100 * done) / total)} %` : '';
    if (screen.isTTY) {
      screen.write(`\r\u001b[2K${styleText('cyan', '●')} ${text}${share}`);
      open = true;
      return;
    }
    const now = performance.now();
    if (text === last.text && now - last.at < QUIET_MS) return;
    last = { text, at: now };
    screen.write(`${text}${share}\n`);
  };
  const done = (): void => {
    if (open) screen.write('\r\u001b[2K');
    open = false;
  };
  return { step, done };
}

function bar(share: number): string {
  const width = 24;
  const full = Math.round(Math.min(1, Math.max(0, share)) * width);
  return `${'█'.repeat(full)}${'░'.repeat(width - full)}`;
}
