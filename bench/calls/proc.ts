import { readdirSync, readFileSync } from 'node:fs';

/** What Linux tells of a process in /proc/pid/stat (proc(5)). */
export interface ProcessTimes {
  readonly parent: number;
  /** CPU time so far, user and system, ms. Counted in steps of 10 ms. */
  readonly ownMs: number;
  /** The same of its children that have ended. */
  readonly endedChildrenMs: number;
}

/** The kernel counts in ticks of 1/100 s towards programs, whatever its own clock. */
const MS_PER_TICK = 10;

/** Reads the text of /proc/pid/stat. */
export function processTimes(stat: string): ProcessTimes {
  // The program's name, in brackets, may hold anything: fields are counted after the last bracket.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user = 0, system = 0, childrenUser = 0, childrenSystem = 0] = fields.slice(11, 15).map(Number);
  return {
    parent: Number(fields[1]),
    ownMs: (user + system) * MS_PER_TICK,
    endedChildrenMs: (childrenUser + childrenSystem) * MS_PER_TICK,
  };
}

/** CPU time that all processors together have worked or were taken away by the host, ms: the first line of /proc/stat. */
export function machineMs(stat: string): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = stat
    .slice(stat.indexOf(' '), stat.indexOf('\n'))
    .trim()
    .split(/ +/)
    .map(Number);
  return (user + nice + system + irq + softirq + steal) * MS_PER_TICK;
}

export const timesOf = (pid: number): ProcessTimes => processTimes(readFileSync(`/proc/${pid}/stat`, 'utf8'));

export const machineNow = (): number => machineMs(readFileSync('/proc/stat', 'utf8'));

/** Memory that the process holds now, MB of 10⁶ bytes; what it shares with others is counted in. */
export function residentMb(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return (Number(kib) * 1024) / 1e6;
}

/** The child of a process that runs this script. @throws Error when there is none. */
export function childRunning(parent: number, script: string): number {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const found = pids.map(Number).find((pid) => isChild(pid, parent, script));
  if (found === undefined) throw new Error(`process ${parent} has no child that runs ${script}`);
  return found;
}

function isChild(pid: number, parent: number, script: string): boolean {
  try {
    return timesOf(pid).parent === parent && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(script);
  } catch {
    // It ended while we looked.
    return false;
  }
}
