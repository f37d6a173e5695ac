/** The program's own version in a Debian version: `1:22.10.1~dfsg-2` is 22.10.1 (epoch and revision are Debian's). */
export function packageVersion(debianVersion: string): string {
  return /^(?:\d+:)?(\d+(?:\.\d+)*)/.exec(debianVersion)?.[1] ?? '0';
}

/** Whether a dotted number is the same as or newer than another; missing parts count as zero. */
export function atLeast(version: string, oldest: string): boolean {
  const [have, want] = [version, oldest].map((text) => text.split('.').map(Number)) as [number[], number[]];
  for (let part = 0; part < Math.max(have.length, want.length); part++) {
    const difference = (have[part] ?? 0) - (want[part] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
