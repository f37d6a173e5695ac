import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { askedToEnd } from '../../../src/cli/asked-to-end.ts';

class Signals extends EventEmitter {
  readonly exits: number[] = [];
  readonly exit = (code: number) => void this.exits.push(code);
}

describe('being asked to end', () => {
  it('a Ctrl-C that comes twice, as npm passes it on, ends gently', () => {
    const signals = new Signals();
    let now = 5_000;
    const over = askedToEnd(signals, () => now);
    expect(over.signal.aborted).toBe(false);
    signals.emit('SIGINT');
    now += 300;
    signals.emit('SIGINT');
    signals.emit('SIGTERM');
    expect([over.signal.aborted, signals.exits]).toEqual([true, []]);
  });

  it('another one later ends at once', () => {
    const signals = new Signals();
    let now = 5_000;
    askedToEnd(signals, () => now);
    signals.emit('SIGINT');
    now += 1_001;
    signals.emit('SIGTERM');
    expect(signals.exits).toEqual([]);
    signals.emit('SIGINT');
    expect(signals.exits).toEqual([130]);
  });

  it('SIGTERM alone ends gently, however often', () => {
    const signals = new Signals();
    const over = askedToEnd(signals);
    signals.emit('SIGTERM');
    signals.emit('SIGTERM');
    expect([over.signal.aborted, signals.exits]).toEqual([true, []]);
  });
});
