import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse, YAMLParseError } from 'yaml';
import { z } from 'zod';

const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be small letters, digits and dashes');
const ACCOUNT = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/;
const HOST_PORT = /^([A-Za-z0-9.-]{1,253})(?::(\d{1,5}))?$/;
const RANGE = /^(?:\d{1,3}\.){3}\d{1,3}(?:\/(?:[89]|[12]\d|3[0-2]))?$/;

const hostPort = (byDefault: number) =>
  z
    .string()
    .regex(HOST_PORT, 'must look like host:port')
    .transform((text) => {
      const [, host = '', port] = HOST_PORT.exec(text) ?? [];
      return { host, port: port === undefined ? byDefault : Number(port) };
    })
    .refine(({ port }) => port <= 65_535, 'has a port above 65535');

const count = (byDefault: number) => z.int().min(1).max(1_000_000).default(byDefault);

const schema = z
  .strictObject({
    realm: z
      .string()
      .regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be letters, digits, dots and dashes')
      .default('callwright'),
    accounts: z.string().min(1),
    /** Port 0 takes any free one: only where drachtio runs on the same machine. */
    opinion: hostPort(5066).prefault('127.0.0.1:5066'),
    http: hostPort(9090).optional(),
    nodes: z
      .array(
        z
          .strictObject({
            name,
            address: hostPort(5060),
            weight: z.number().positive().max(1_000).default(1),
            drain: z.boolean().default(false),
          })
          .transform(({ address, ...node }) => ({ ...node, ...address })),
      )
      .min(1)
      .max(64),
    trunks: z
      .array(
        z.strictObject({
          name,
          from: z
            .array(z.string().regex(RANGE, 'must be IPv4 addresses, or ranges as 203.0.113.0/28, at least /8'))
            .min(1),
        }),
      )
      .max(256)
      .default([]),
    limits: z
      .strictObject({
        requestsPerTenSeconds: count(100),
        failuresPerMinute: count(10),
        requestsPerSecondOverall: count(500),
        banMinutes: count(10),
        remembered: count(20_000),
      })
      .prefault({}),
  })
  .refine(({ nodes }) => isEachOnce(nodes.map((node) => node.name)), {
    error: 'has two nodes of one name',
    path: ['nodes'],
  })
  .refine(({ trunks }) => isEachOnce(trunks.map((trunk) => trunk.name)), {
    error: 'has two trunks of one name',
    path: ['trunks'],
  });

const isEachOnce = (names: readonly string[]): boolean => new Set(names).size === names.length;

/** What `edge.yaml` says, with the passwords of the accounts file that it names. */
export type EdgeFile = Readonly<Omit<z.output<typeof schema>, 'accounts'>> & {
  readonly accounts: ReadonlyMap<string, string>;
};

export type EdgeReading =
  | { readonly ok: true; readonly file: EdgeFile }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Reads the site file of the SIP edge; all faults are told at once, each with its place and never with a password. */
export function readEdgeFile(path: string): EdgeReading {
  const text = textOf(path);
  if (!text.ok) return text;
  let data: unknown;
  try {
    data = parse(text.value, { uniqueKeys: true, maxAliasCount: 0 });
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    return { ok: false, problems: [`${path}: ${error.message.split('\n')[0] ?? ''}`] };
  }
  const parsed = schema.safeParse(data);
  if (!parsed.success) {
    return {
      ok: false,
      problems: parsed.error.issues.map((issue) => `${path}: ${issue.path.join('.')} ${issue.message}.`),
    };
  }
  const { accounts: accountsPath, ...rest } = parsed.data;
  const accounts = readAccounts(resolve(dirname(path), accountsPath));
  return accounts.ok ? { ok: true, file: { ...rest, accounts: accounts.value } } : accounts;
}

type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly string[] };

function textOf(path: string): Read<string> {
  try {
    return { ok: true, value: readFileSync(path, 'utf8') };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return { ok: false, problems: [`${path} cannot be read (${code}): write it as docs/edge.md says.`] };
  }
}

/** Lines `account password`, as `phones.txt` of the private servers has them; others must not be able to read it. */
function readAccounts(path: string): Read<ReadonlyMap<string, string>> {
  const text = textOf(path);
  if (!text.ok) return text;
  if ((statSync(path).mode & 0o077) !== 0)
    return { ok: false, problems: [`${path} can be read by others: chmod 600 ${path}.`] };
  const found = new Map<string, string>();
  const problems = text.value.split(/\r?\n/).flatMap((line, index) => {
    if (line.trim() === '' || line.startsWith('#')) return [];
    const [account = '', password = '', ...more] = line.trim().split(/\s+/);
    if (!ACCOUNT.test(account) || password === '' || more.length > 0) {
      return [`${path}:${index + 1} must be an account and its password, apart by a space.`];
    }
    if (found.has(account)) return [`${path}:${index + 1} names an account that stands above already.`];
    found.set(account, password);
    return [];
  });
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: found };
}
