import { type Step, step } from '../../ivr/sim/test-file.ts';
import { Explained } from '../ending.ts';

/**
 * The steps of a script, one a line: `press 1`, `silence 10s`, `say 3s`, `hear main.long`, `wait main-menu`,
 * `speech my bill`, `hangup`. Empty lines and what stands after `#` at the beginning of a line are left out.
 *
 * @throws Explained with the line that is wrong.
 */
export function readScript(text: string): readonly Step[] {
  return text.split(/\r?\n/).flatMap((line, i): readonly Step[] => {
    const written = line.trim();
    return written === '' || written.startsWith('#') ? [] : [stepOf(written, i + 1)];
  });
}

function stepOf(written: string, line: number): Step {
  const [verb = '', ...rest] = written.split(/\s+/);
  const read = step.safeParse({ [verb]: verb === 'hangup' ? true : rest.join(' ') });
  if (read.success) return read.data;
  throw new Explained(
    `Line ${line} of the script is no step: \`${written}\`. Write press 1, silence 10s, say 3s, hear main.long, wait main-menu, speech my bill or hangup.`,
  );
}
