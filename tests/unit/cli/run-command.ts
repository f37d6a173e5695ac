import type { Command } from 'commander';
import { vi } from 'vitest';

/** Runs a command; gives how it ended and what it said. Progress is not heard. The caller restores the mocks. */
export async function runCommand(command: Command, args: readonly string[]) {
  const before = process.exitCode;
  const said: string[] = [];
  const hear = (line: unknown) => void said.push(String(line));
  vi.spyOn(console, 'log').mockImplementation(hear);
  vi.spyOn(console, 'error').mockImplementation(hear);
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  await command.parseAsync([...args], { from: 'user' });
  const code = process.exitCode;
  process.exitCode = before;
  return { code, said: said.join('\n') };
}
