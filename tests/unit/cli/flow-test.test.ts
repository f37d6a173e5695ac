import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { callwright, flow, smallSite } from './flow-sim-house.ts';

/** Times are those of the machine that ran it. */
const steady = (text: string) => text.replace(/ in \d+ ms \(\d+ tests\/s\)/, '');

describe('callwright flow test', () => {
  it('runs the tests of the flows folder, and tells of each', () => {
    const { status, stdout } = callwright(smallSite(), ['test']);
    expect(steady(stdout)).toBe(`flows/desk.test.yaml
  ✓ to the desk 1:02.0
  ✓ silence goes there, too 1:27.8
  ✓ straight on 0:00.0

desk                     nodes ██████████ 100% 4/4      edges ████░░░░░░  45% 5/11

3 passed, 0 failed
`);
    expect(status).toBe(0);
  });

  it('fails at the line of the expectation, and at a threshold that is not kept', async () => {
    const wrong = `flow: desk
tests:
  - name: wrong
    steps: [{ press: "1" }]
    expect:
      reaches: bye
      priority: 3
      path: [greet, bye]
coverage: { nodes: 100%, edges: 100% }
`;
    const { status, stdout } = await flow(smallSite({ 'flows/desk.test.yaml': wrong }), ['test', '--coverage']);
    expect(status).toBe(1);
    expect(stdout).toContain(`  ✗ wrong
      flows/desk.test.yaml:7:17 expected priority 3, but it is queued with priority 0.
      flows/desk.test.yaml:8:21 expected path bye, but after \`greet\` it came to \`main\`.
      the call went greet → main → desk → bye
`);
    expect(stdout).toContain('  not reached: main key 2 → bye\n');
    expect(stdout).toMatch(
      /✗ flows\/desk\.test\.yaml:9:\d+ The tests reach \d+% of the edges of desk, not 100%; missing: /,
    );
    expect(stdout).toContain('0 passed, 1 failed');
  });

  it('prints one object for programs', async () => {
    const { status, stdout } = await flow(smallSite(), ['test', '--json', '--only', 'desk']);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      passed: 1,
      failed: 0,
      findings: [],
      tests: [{ file: 'flows/desk.test.yaml', line: 3, flow: 'desk', name: 'to the desk', ok: true, lastedMs: 62_000 }],
      coverage: [{ flow: 'desk', nodes: { percent: 100, all: 4, reached: 4, missing: [] } }],
    });
    expect(status).toBe(0);
  });

  it('runs nothing while flows or tests have faults', async () => {
    const site = smallSite();
    writeFileSync(join(site, 'flows/site/queues.yaml'), 'other: { title: Another }\n');
    const broken = await flow(site, ['test', '--json']);
    expect(broken.status).toBe(1);
    expect(JSON.parse(broken.stdout)).toMatchObject({
      ok: false,
      tests: [],
      findings: [{ file: 'flows/desk.yaml', line: 18, severity: 'error', code: 'unknown-queue' }],
    });
    const tests = 'flow: desk\ntests: [{ name: one, steps: [{ hear: chose }] }]\n';
    const { status, stdout } = await flow(smallSite({ 'flows/desk.test.yaml': tests }), ['test']);
    expect([status, stdout]).toEqual([
      1,
      `flows/desk.test.yaml:2:38 error test-file There is no prompt \`chose\`.
    Did you mean \`choose\`?
1 error
No test was run where files have faults: mend them first.
`,
    ]);
  });

  it('cannot run without tests', async () => {
    const site = smallSite({ 'flows/desk.test.yaml': null });
    const answers = [
      await flow(site, ['test']),
      await flow(smallSite(), ['test', '--only', 'nobody']),
      await flow(site, ['test', '/none']),
    ];
    expect(answers.map(({ status }) => status)).toEqual([2, 2, 2]);
    expect(answers[0]?.stderr).toBe('There are no tests in the flows folder: they are files *.test.yaml.\n');
    expect(answers[1]?.stderr).toBe('No test has "nobody" in its name.\n');
    expect(answers[2]?.stderr).toContain('There is no /none: give the path');
  });
});
