import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { MARK } from '../support/doors.ts';
import { secondSwitch } from '../support/second-switch.ts';
import type { Caller } from './support/caller.ts';
import type { Phone } from './support/phone.ts';
import { useHouse } from './support/live.ts';
import { until } from './support/until.ts';

/** How soon everybody hears that it is over, once Callwright is gone. */
const HEARS_WITHIN_MS = 5_000;
const CALLERS = 3;

describe.skipIf(secondSwitch() === null)(`calls that a Callwright leaves behind ${MARK.both}`, () => {
  const house = useHouse({ on: 'freeswitch' });

  /** One who talks with eve, one who waits for her, one in a menu. */
  async function busy() {
    const { phone, ready, call, journal, pbx } = house();
    const desk = await phone('1005', { answerAfterMs: 100 });
    await ready('eve');
    const since = journal.mark();
    const talks = await call({ to: '501', from: '7001' });
    await journal.until('call.connected', { since });
    const waits = await call({ to: '501', from: '7002' });
    await journal.until('call.queued', { since, times: 2 });
    const chooses = await call({ to: '511', from: '7003' });
    await journal.until('flow.node.entered', { since, fits: ({ data }) => data.node === 'hall' });
    const callers = [talks, waits, chooses];
    for (const caller of callers) await caller.answered();
    // FreeSWITCH writes them down a moment after they are there.
    await until(
      'FreeSWITCH to list them all',
      () => pbx.channels(),
      (there) => there.length === CALLERS + 1,
    );
    return { desk, callers };
  }

  const allHear = async (callers: readonly Caller[], desk: Phone): Promise<void> => {
    const from = performance.now();
    for (const caller of callers) expect(await caller.done()).toEqual({ status: 200, endedBy: 'far-side' });
    await desk.until('ended');
    expect(performance.now() - from).toBeLessThan(HEARS_WITHIN_MS);
    await until(
      'FreeSWITCH to hold nothing',
      () => house().pbx.channels(),
      (left) => left.length === 0,
      { withinMs: HEARS_WITHIN_MS },
    );
  };

  /** A new process closes their records, and has eve free again. */
  const booksAreClosed = async (since: number): Promise<void> => {
    const { journal } = house();
    const [reconciled] = await journal.until('switch.reconciled', { since });
    expect(reconciled.data).toMatchObject({ adopted: 0, closed: CALLERS, unknown: 0 });
    const ended = await journal.until('call.ended', { since, times: CALLERS });
    expect(ended.map(({ data }) => data.detected)).toEqual(ended.map(() => 'reconcile'));
    const records = async () =>
      (await house().api.records()).filter(({ id }) => ended.some((end) => end.subject === `call/${id}`));
    await until('their records', records, (found) => found.length === CALLERS);
    await until(
      'eve to be free',
      () => house().api.agent('eve'),
      ({ state }) => state === 'idle',
    );
  };

  const serves = async (): Promise<void> => {
    const { call, journal } = house();
    const since = journal.mark();
    const caller = await call({ to: '501', from: '7004' });
    await journal.until('call.connected', { since });
    caller.hangUp();
    await journal.until('call.ended', { since });
  };

  test('Callwright is killed: everybody gets a BYE at once, and the next process closes the books', async () => {
    const { callwright, journal, restart, ready } = house();
    const { callers, desk } = await busy();
    await callwright.end('SIGKILL');
    await allHear(callers, desk);
    await until('its helper to be gone', () => processesOf(callwright.data), isEmpty);

    const since = journal.mark();
    await restart();
    await booksAreClosed(since);
    await ready('eve');
    await serves();
  });

  test('its helper is killed too: the calls stay until the next process ends them', async () => {
    const { callwright, journal, restart, pbx } = house();
    const { callers, desk } = await busy();
    const [helper, ...more] = processesOf(callwright.data).filter(isReaper);
    expect([helper, more]).toEqual([expect.any(Number), []]);
    process.kill(helper ?? 0, 'SIGKILL');
    await callwright.end('SIGKILL');
    expect(await pbx.channels()).toHaveLength(CALLERS + 1);

    const since = journal.mark();
    await restart();
    await allHear(callers, desk);
    await booksAreClosed(since);
  });

  test('asked to end, Callwright says goodbye to all, and leaves no process', async () => {
    const { callwright, journal, restart } = house();
    const { callers, desk } = await busy();
    expect(await callwright.end('SIGTERM')).toBe(0);
    await allHear(callers, desk);
    await until('its helper to be gone', () => processesOf(callwright.data), isEmpty);

    const since = journal.mark();
    await restart();
    await booksAreClosed(since);
  });
});

const isEmpty = (list: readonly unknown[]): boolean => list.length === 0;

const isReaper = (pid: number): boolean => textOf(pid, 'cmdline').includes('reaper-child');

/** Processes that have the folder in their environment: Callwright and what it has started. */
const processesOf = (folder: string): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map(Number)
    .filter((pid) => textOf(pid, 'environ').includes(folder));

/** Empty when the process has ended, or is somebody else's. */
function textOf(pid: number, file: 'cmdline' | 'environ'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
