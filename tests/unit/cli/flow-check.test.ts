import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { checkCommand } from '../../../src/cli/flow/check.ts';
import { renderCodesPage } from '../../../src/cli/flow/codes-page.ts';
import { type Finding, findingOf, linesOf } from '../../../src/cli/flow/findings.ts';
import { sarifOf } from '../../../src/cli/flow/sarif.ts';
import { CODES } from '../../../src/ivr/codes.ts';

const root = resolve(import.meta.dirname, '../../..');

interface Ending {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const env = () => ({ CALLWRIGHT_FLOWS: join(folder, 'house'), CALLWRIGHT_SOUNDS: join(folder, 'sounds') });

/** Runs `callwright flow check` in the folder of the tests. */
async function check(...args: readonly string[]): Promise<Ending> {
  const [out, err] = [vi.spyOn(console, 'log'), vi.spyOn(console, 'error')].map((spy) => spy.mockReturnValue());
  const home = process.cwd();
  process.chdir(folder);
  try {
    await checkCommand(env(), '1.2.3').parseAsync(args, { from: 'user' });
    const said = (spy: typeof out) => (spy?.mock.calls ?? []).map(([line]) => `${line}\n`).join('');
    return { code: Number(process.exitCode), out: said(out), err: said(err) };
  } finally {
    process.exitCode = 0;
    process.chdir(home);
    vi.restoreAllMocks();
  }
}

/** The same in a process of its own, as one types it. */
function callwright(...args: readonly string[]): Promise<Ending> {
  return new Promise((done) => {
    const options = { cwd: folder, env: { ...process.env, ...env() } };
    execFile(process.execPath, [join(root, 'src/cli/main.ts'), ...args], options, (error, out, err) => {
      done({ code: error ? Number(error.code) : 0, out, err });
    });
  });
}

const flow = (id: string, queue = 'support', head = 'owner: tests\n') => `version: ivr/v1
id: ${id}
title: ${id}
${head}languages: { default: en, supported: [en] }
start: q
nodes:
  q: { type: queue, queue: ${queue}, outcomes: { answeredEnd: z, timeout: z, full: z, noAgents: z, closed: z } }
  z: { type: play, prompt: hello }
`;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'check-'));
  const files = {
    'house/main.yaml': flow('main'),
    'house/teams/other.yaml': flow('other', 'suport'),
    'house/teams/fine.yaml': flow('fine'),
    'house/site/queues.yaml': 'support: { title: Support }\n',
    'house/site/numbers.yaml': '"100": main\n"101": other\n"102": fine\n',
    'sounds/en/prompts.yaml': 'hello: Hello\n',
    'good/one.yaml': flow('one', 'support', ''),
    'good/site/queues.yaml': 'support: { title: Support }\n',
    'good/site/numbers.yaml': '"100": one\n',
    'drafts/main.yaml': flow('main', 'support', 'owner: tests\nreviewBy: 2027-01-31\n'),
    'drafts/new.txt': flow('new', 'sale', 'owner: tests\ndids: ["105"]\n'),
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), text);
  }
});
afterAll(() => rm(folder, { recursive: true }));

const WRONG = `house/teams/other.yaml:8:28 error unknown-queue There is no queue \`suport\`.
    Did you mean \`support\`?
1 error
`;
const WARNED = `good/one.yaml:2:1 warning owner-missing The flow names no owner.
    Add \`owner: <mail or team>\`, so that somebody can be asked.
1 warning
`;

describe('callwright flow check', () => {
  it.each([
    ['without a path checks all of the flows folder', [], 1, WRONG],
    ['checks one file with the site around it', ['house/teams/other.yaml'], 1, WRONG],
    ['leaves out what is found in other files', ['house/teams/fine.yaml'], 0, 'fine: no findings\n'],
    ['checks a folder of a site', ['house/teams'], 1, WRONG],
    ['checks a site file', ['house/site/queues.yaml'], 0, 'fine: no findings\n'],
    ['checks another site', ['good'], 0, WARNED],
    ['counts warnings as findings when told to be strict', ['--strict', 'good'], 1, WARNED],
    [
      'checks several at once',
      ['good', 'house'],
      1,
      WARNED.replace('1 warning\n', '') + WRONG.replace('1 error', '1 error, 1 warning'),
    ],
    ['takes a draft of a flow for the flow', ['drafts/main.yaml'], 0, 'fine: no findings\n'],
    [
      'judges dates as of a day',
      ['drafts/main.yaml', '--today', '2027-02-01'],
      0,
      'drafts/main.yaml:5:11 warning review-passed The flow was to be reviewed by 2027-01-31.\n    Read the flow once more with its owner, then set a later date.\n1 warning\n',
    ],
    [
      'checks a file of any name against the house',
      ['drafts/new.txt'],
      1,
      'drafts/new.txt:9:28 error unknown-queue There is no queue `sale`.\n    Known: support.\n1 error\n',
    ],
  ])('%s', async (_, args, code, out) => {
    expect(await check(...args)).toEqual({ code, out, err: '' });
  });

  it.each([['flow check'], ['check']])('is there as `callwright %s`', async (command) => {
    expect(await callwright(...command.split(' '))).toEqual({ code: 1, out: WRONG, err: '' });
  });

  it('prints one array for programs', async () => {
    const { code, out } = await check('--json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toEqual([
      {
        file: 'house/teams/other.yaml',
        line: 8,
        column: 28,
        severity: 'error',
        code: 'unknown-queue',
        message: 'There is no queue `suport`.',
        hint: 'Did you mean `support`?',
      },
    ]);
    expect((await check('--json', 'house/main.yaml')).out).toBe('[]\n');
  });

  it('cannot run without what it is asked about', async () => {
    const { code, out, err } = await check('nowhere.yaml');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/There is no \S*nowhere\.yaml: give the path/);
  });

  it('cannot run when the settings are wrong', async () => {
    vi.stubEnv('CALLWRIGHT_HTTP_PORT', 'x');
    const { code, err } = await callwright('flow', 'check');
    vi.unstubAllEnvs();
    expect(code).toBe(2);
    expect(err).toContain('CALLWRIGHT_HTTP_PORT');
  });

  it.each([
    ['--today 2026-02-30', /write it like 2026-12-25/],
    ['--json --sarif', /cannot be used with option/],
  ])('cannot run with %s, and says why', async (options, why) => {
    const { code, out, err } = await callwright('flow', 'check', ...options.split(' '));
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(why);
  });
});

const finding = (severity: 'error' | 'warning', line = 1): Finding => ({
  file: 'a b/ä.yaml',
  line,
  column: 2,
  severity,
  code: severity === 'error' ? 'unknown-queue' : 'owner-missing',
  message: 'No.',
  hint: 'Yes.',
});

describe('findings', () => {
  it('beyond a thousand are counted, not printed', () => {
    const lines = linesOf(Array.from({ length: 1_002 }, (_, i) => finding('error', i + 1)));
    expect(lines).toHaveLength(2_002);
    expect(lines.slice(-3)).toEqual(['    Yes.', '… and 2 more', '1002 errors']);
  });

  it('are coloured for nobody but people', () => {
    expect(linesOf([finding('warning')]).join('\n')).not.toContain('\u001b');
  });

  it('bear the severity of their code', () => {
    const problem = { file: 'x', line: 3, column: 4, code: 'no-human', message: 'm', cure: 'c' } as const;
    expect(findingOf(problem, (file) => `flows/${file}`)).toEqual({
      file: 'flows/x',
      line: 3,
      column: 4,
      severity: 'warning',
      code: 'no-human',
      message: 'm',
      hint: 'c',
    });
  });
});

describe('SARIF', () => {
  const log = sarifOf([finding('error', 7), finding('warning')], '1.2.3');
  const [run] = log.runs;

  it('is a log of version 2.1.0 with one run', () => {
    expect(log.version).toBe('2.1.0');
    expect(log.$schema).toMatch(/sarif-2\.1\.0/);
    expect(run?.tool.driver).toMatchObject({ name: 'callwright', semanticVersion: '1.2.3' });
  });

  it('has a rule for every code', () => {
    expect(run?.tool.driver.rules.map(({ id }) => id)).toEqual(Object.keys(CODES));
  });

  it('points at rule, file and place', () => {
    expect(run?.results[0]).toEqual({
      ruleId: 'unknown-queue',
      ruleIndex: Object.keys(CODES).indexOf('unknown-queue'),
      level: 'error',
      message: { text: 'No. Yes.' },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'a%20b/%C3%A4.yaml' },
            region: { startLine: 7, startColumn: 2 },
          },
        },
      ],
    });
    for (const { ruleId, ruleIndex } of run?.results ?? []) expect(run?.tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
  });
});

it('docs/flow-codes.md is what the table of codes says', () => {
  expect(readFileSync(join(root, 'docs/flow-codes.md'), 'utf8')).toBe(renderCodesPage());
});
