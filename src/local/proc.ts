import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** A process that outlives the one that started it. A pid alone may be reused, so its start time is part of its name. */
export interface ProcessName {
  readonly pid: number;
  /** Clock ticks between boot and the start of the process: proc(5), /proc/pid/stat field 22. */
  readonly startTicks: number;
}

/** The full name of a running process, or `undefined` when there is none (a zombie counts as none). */
export function processName(pid: number): ProcessName | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The program's name, in brackets, may hold anything: fields are counted after the last bracket.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : { pid, startTicks: Number(fields[19]) };
  } catch {
    return undefined;
  }
}

export const isAlive = (name: ProcessName): boolean => processName(name.pid)?.startTicks === name.startTicks;

/** Asks the process to end, and ends it after `boundMs` if it does not. */
export async function end(name: ProcessName, boundMs: number): Promise<void> {
  signal(name, 'SIGTERM');
  if (await gone(name, boundMs)) return;
  signal(name, 'SIGKILL');
  await gone(name, 5_000);
}

async function gone(name: ProcessName, boundMs: number): Promise<boolean> {
  for (const limit = performance.now() + boundMs; performance.now() < limit; ) {
    if (!isAlive(name)) return true;
    await pause(20);
  }
  return !isAlive(name);
}

function signal(name: ProcessName, kind: NodeJS.Signals): void {
  try {
    if (isAlive(name)) process.kill(name.pid, kind);
  } catch {
    // It ended between the look and the signal.
  }
}
