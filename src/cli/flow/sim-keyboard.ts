import type { ReadStream } from 'node:tty';
import type { Terminal } from './sim-terminal.ts';

/** The keys of a terminal as they are pressed, without Enter; `close` gives the terminal back as it was. */
export function keyboard(input: ReadStream): Pick<Terminal, 'key'> & { readonly close: () => void } {
  const waiting: string[] = [];
  let wake: ((key: string | null) => void) | null = null;
  const take = (typed: string) => {
    waiting.push(...typed.split(''));
    wake?.(waiting.shift() ?? null);
  };
  const hungUp = () => take('\u0003');
  input.setRawMode(true);
  input.setEncoding('utf8').on('data', take).on('end', hungUp);
  return {
    key(withinMs) {
      const [ready] = waiting.splice(0, 1);
      if (ready !== undefined) return Promise.resolve(ready);
      return new Promise((resolve) => {
        const settle = (key: string | null) => {
          clearTimeout(timer);
          wake = null;
          resolve(key);
        };
        const timer = setTimeout(settle, Math.min(withinMs, 2 ** 31 - 1), null);
        wake = settle;
      });
    },
    close() {
      input.off('data', take).off('end', hungUp);
      input.setRawMode(false);
      input.pause();
    },
  };
}
