import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { callwright, flow, smallSite } from './flow-sim-house.ts';

describe('callwright flow sim', () => {
  it('prints a transcript of a script from a pipe, the same each time', () => {
    const site = smallSite();
    const script = '# straight to the desk\nhear choose\nsilence 1s\npress 1\n';
    const { status, stdout } = callwright(site, ['sim', 'desk', '--script', '-'], script);
    expect(stdout).toBe(`  0:00.0  · desk/greet (play)
  0:00.0  Welcome to our small desk. [en welcome]
  0:02.0  · desk/main (menu)
  0:02.0  For the desk press one, to leave press two. [en choose]
  0:03.0  > 1
  0:03.0  · desk/desk (queue)
  0:03.0  waits in the queue desk, priority 0
  0:03.0  An agent talks with you.
  1:03.0  · desk/bye (hangup)
  1:03.0  The call ends: normal.

path     greet → main → desk → bye
outcome  answeredEnd; the call ended by normal in bye
time     1:03.0, of it at most 0:00.0 of silence in one piece
`);
    expect(status).toBe(0);
    expect(callwright(site, ['sim', 'flows/desk.yaml'], script).stdout).toBe(stdout);
  });

  /** The command with a script in a file. */
  const sim = (script: string, ...args: readonly string[]) => {
    const site = smallSite({ 'script.txt': script });
    return flow(site, ['sim', '--script', join(site, 'script.txt'), ...args]);
  };

  it('takes the script from a file, what nodes are answered, and prints one object for programs', async () => {
    const full = await sim('press 1\nwait bye\nhangup\n', 'desk', '--mock', 'desk=full', '--json');
    expect(JSON.parse(full.stdout)).toMatchObject({
      flow: 'desk',
      path: ['greet', 'main', 'desk', 'bye'],
      outcome: 'full',
      ended: 'normal',
      fault: 'The call was over before he could wait',
    });
    expect(full.status).toBe(1);
  });

  it('finds that a script waits in vain', async () => {
    const { status, stderr } = await sim('hear choose\npress 2\nhear welcome\n', 'desk');
    expect([status, stderr]).toEqual([
      1,
      'The script could not go on: `welcome` was never heard: until the call was over came nothing more.\n',
    ]);
  });

  it.each([
    [['dsek'], 'There is no flow dsek. There are: desk.\n'],
    [['desk', '--mock', 'dsek=full'], 'There is no node `dsek`. Did you mean `desk`?\n'],
    [['desk', '--mock', 'desk=fool'], '`desk` has no outcome `fool`. Did you mean `full`?\n'],
    [
      ['desk', '--at', 'tomorrow'],
      'A time is a date, a time of day and a zone. Write it like 2026-03-10T10:00:00+02:00.\n',
    ],
    [
      ['desk'],
      'Line 2 of the script is no step: `pres 1`. Write press 1, silence 10s, say 3s, hear main.long, wait main-menu, speech my bill or hangup.\n',
    ],
  ])('cannot run %j', async (args, sentence) => {
    const { status, stderr } = await sim('hear choose\npres 1\n', ...args);
    expect([status, stderr]).toEqual([2, sentence]);
  });
});
