import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readEdgeFile } from '../../../src/config/edge.ts';

const WHOLE = `accounts: accounts.txt
nodes:
  - { name: asterisk-1, address: "10.0.0.11" }
  - { name: asterisk-2, address: "asterisk-2:5070", weight: 2, drain: true }
trunks:
  - { name: public, from: [203.0.113.0/28, 198.51.100.7] }
`;
let folder: string;
const path = () => join(folder, 'edge.yaml');
const read = (text: string, accounts = '# name password\n1001 secret-of-one\n1002  secret-of-two\n') => {
  writeFileSync(path(), text);
  writeFileSync(join(folder, 'accounts.txt'), accounts, { mode: 0o600 });
  return readEdgeFile(path());
};
const problems = (text: string, accounts?: string): readonly string[] => {
  const reading = read(text, accounts);
  return reading.ok ? [] : reading.problems.map((problem) => problem.replaceAll(`${folder}/`, ''));
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cw-edge-file-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the site file of the edge', () => {
  it('is read with its defaults', () => {
    expect(read(WHOLE)).toMatchObject({
      ok: true,
      file: {
        realm: 'callwright',
        opinion: { host: '127.0.0.1', port: 5066 },
        nodes: [
          { name: 'asterisk-1', host: '10.0.0.11', port: 5060, weight: 1, drain: false },
          { name: 'asterisk-2', host: 'asterisk-2', port: 5070, weight: 2, drain: true },
        ],
        limits: { requestsPerTenSeconds: 100, failuresPerMinute: 10, banMinutes: 10 },
        accounts: new Map([
          ['1001', 'secret-of-one'],
          ['1002', 'secret-of-two'],
        ]),
      },
    });
  });

  it.each([
    ['no nodes', WHOLE.replace(/nodes:[^]*trunks/u, 'nodes: []\ntrunks'), 'edge.yaml: nodes '],
    ['an unknown word', `${WHOLE}node: x\n`, 'edge.yaml: '],
    ['a node twice', WHOLE.replace('asterisk-2,', 'asterisk-1,'), 'edge.yaml: nodes has two nodes of one name.'],
    [
      'the whole internet as a carrier',
      WHOLE.replace('203.0.113.0/28', '0.0.0.0/0'),
      'edge.yaml: trunks.0.from.0 must be IPv4',
    ],
    ['a port that is none', WHOLE.replace('5070', '99999'), 'edge.yaml: nodes.1.address has a port above 65535.'],
    ['what is no YAML', 'nodes: [', 'edge.yaml: '],
  ])('is refused with %s', (_what, text, beginning) => {
    expect(problems(text)[0]).toMatch(new RegExp(`^${beginning.replaceAll('.', String.raw`\.`)}`, 'u'));
  });

  it('tells faults of the accounts by their line, and never a password', () => {
    const found = problems(WHOLE, '1001 secret\n1001 secret\njust-a-name\nhas three secret\n');
    expect(found).toEqual([
      'accounts.txt:2 names an account that stands above already.',
      'accounts.txt:3 must be an account and its password, apart by a space.',
      'accounts.txt:4 must be an account and its password, apart by a space.',
    ]);
    expect(found.join()).not.toContain('secret');
  });

  it('wants passwords that only their owner can read', () => {
    read(WHOLE);
    chmodSync(join(folder, 'accounts.txt'), 0o644);
    const reading = readEdgeFile(path());
    expect(reading.ok ? [] : reading.problems[0]).toMatch(/accounts\.txt can be read by others: chmod 600 /u);
  });

  it('says what is missing', () => {
    const reading = readEdgeFile(join(folder, 'nothing.yaml'));
    expect(reading.ok ? [] : reading.problems[0]).toMatch(
      /nothing\.yaml cannot be read \(ENOENT\): write it as docs\/edge\.md says\./u,
    );
  });
});
