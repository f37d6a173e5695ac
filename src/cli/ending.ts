import { LocalFault } from '../local/fault.ts';

/** Exit codes of every command. */
export const EXIT = { fine: 0, findings: 1, cannotRun: 2 } as const;

/** A fault that is explained in one sentence; nobody needs a stack trace for it. */
export class Explained extends Error {}

/** Runs a command to its exit code; what went wrong is said in a sentence when it has one. */
export async function ending(command: Promise<number>): Promise<void> {
  try {
    process.exitCode = await command;
  } catch (error) {
    process.exitCode = EXIT.cannotRun;
    console.error(isExplained(error) ? error.message : (fileFault(error) ?? error));
  }
}

/** Faults of the doors carry their sentence and the name of their class; only bugs come bare. */
const isExplained = (error: unknown): error is Error =>
  error instanceof Explained || error instanceof LocalFault || (error instanceof Error && error.name.endsWith('Fault'));

/** The file system's own refusals name the path; which setting led there, the help page says. */
function fileFault(error: unknown): string | null {
  if (!(error instanceof Error) || !('path' in error) || !('code' in error)) return null;
  if (error.code === 'ENOENT') {
    return `There is no ${String(error.path)}: give the path of what is there, or mend the setting that names it (callwright --help).`;
  }
  return `${String(error.path)} cannot be used (${String(error.code)}): mend it, or the setting that names it (callwright --help).`;
}
