import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';

type Env = Readonly<Record<string, string | undefined>>;

/** Gives a secret by its name, or null. A function, so that whatever holds it can be printed without showing one. */
type Secrets = (name: string) => string | null;

export type SecretsReading =
  | { readonly ok: true; readonly secrets: Secrets }
  | { readonly ok: false; readonly problems: readonly string[] };

const NAME = /^[a-z][a-z0-9_]{0,63}$/;
/** A secret travels in an HTTP header: no spaces, no line breaks. */
const VALUE = /^[\x21-\x7e]{1,4096}$/;
const LARGEST_FILE = 64 * 1_024;
const OVERRIDE = 'CALLWRIGHT_SECRET_';

/**
 * Reads the secrets that flows name (`secret: crm_token`): lines `name=value` of a file that only its owner can read, and
 * `CALLWRIGHT_SECRET_CRM_TOKEN`, which wins. All faults are told at once, with places and never with a value.
 */
export function readSecrets(file: string | undefined, env: Env): SecretsReading {
  const problems: string[] = [];
  const found = new Map<string, string>();
  const fault = (where: string, sentence: string) => void problems.push(`${where} ${sentence}`);
  for (const { where, name, value } of [...(file === undefined ? [] : linesOf(file, fault)), ...overridesIn(env)]) {
    if (!NAME.test(name)) fault(where, 'must begin with a name of small letters, digits and _, as in crm_token=value.');
    else if (!VALUE.test(value)) fault(where, 'must have a value of plain characters without spaces.');
    else found.set(name, value);
  }
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, secrets: (name) => found.get(name) ?? null };
}

interface Line {
  readonly where: string;
  readonly name: string;
  readonly value: string;
}

const overridesIn = (env: Env): Line[] =>
  Object.entries(env).flatMap(([where, value]) =>
    where.startsWith(OVERRIDE) && value ? [{ where, name: where.slice(OVERRIDE.length).toLowerCase(), value }] : [],
  );

function linesOf(file: string, fault: (where: string, sentence: string) => void): Line[] {
  const lines = (privateText(file, fault) ?? '').split(/\r?\n/);
  const seen = new Set<string>();
  return lines.flatMap((line, index) => {
    if (line.trim() === '' || line.startsWith('#')) return [];
    const where = `${file}:${index + 1}`;
    const [, name = '', value = ''] = /^([^=]*)=(.*)$/.exec(line) ?? [];
    if (seen.has(name)) fault(where, 'names a secret that stands above already.');
    seen.add(name);
    return [{ where, name, value }];
  });
}

/** Judges the very file that is read: it is opened first. */
function privateText(file: string, fault: (where: string, sentence: string) => void): string | null {
  let open: number;
  try {
    open = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    fault(file, `cannot be read (${(error as NodeJS.ErrnoException).code}): see CALLWRIGHT_SECRETS.`);
    return null;
  }
  try {
    const stat = fstatSync(open);
    if (!stat.isFile() || stat.size > LARGEST_FILE)
      fault(file, 'must be a file of at most 64 KiB: see CALLWRIGHT_SECRETS.');
    else if ((stat.mode & 0o077) !== 0) fault(file, `can be read by others: chmod 600 ${file}.`);
    else return readFileSync(open, 'utf8');
    return null;
  } finally {
    closeSync(open);
  }
}

const FLOW = 'CALLWRIGHT_FLOW_';

/** What flows may read as `${env.<NAME>}`: the variables `CALLWRIGHT_FLOW_<NAME>`, and nothing else of the environment. */
export function flowEnv(env: Env): ReadonlyMap<string, string> {
  const given = Object.entries(env).flatMap(([name, value]) =>
    name.startsWith(FLOW) && value ? [[name.slice(FLOW.length), value] as const] : [],
  );
  return new Map(given);
}
