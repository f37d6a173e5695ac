import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AGENT_PHONES_FILE, agentPhonesConf, PHONE_REALM, PhoneName } from './asterisk-config.ts';
import type { Asterisk } from './asterisk.ts';
import { LocalFault } from './fault.ts';
import { privateFile } from './private-folder.ts';

interface Place {
  /** That of the private Asterisk. */
  readonly folder: string;
  readonly asterisk: Pick<Asterisk, 'url' | 'sipAddress'>;
  /** Endpoints that the configuration of the start has. */
  readonly taken: ReadonlySet<string>;
}

export interface AgentPhones {
  give(phone: string): Promise<{ readonly server: string; readonly account: string; readonly password: string }>;
  keep(phones: ReadonlySet<string>): Promise<void>;
}

/** Phone → MD5 of `phone:realm:password`, which is all that digest authentication needs (RFC 7616, section 3.4.2). */
const Kept = z.record(PhoneName, z.string().regex(/^[0-9a-f]{32}$/u));
type Kept = z.infer<typeof Kept>;

const RELOADED_WITHIN_MS = 10_000;
const PASSWORD_BYTES = 18;

/** Accounts that phones get and lose while the private Asterisk runs: a file beside its configuration, read again at each change. */
export function agentPhones({ folder, asterisk, taken }: Place): AgentPhones {
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(task: () => Promise<T>): Promise<T> => {
    const done = turn.then(task);
    turn = done.catch(() => undefined);
    return done;
  };
  const change = async (before: Kept, after: Kept): Promise<void> => {
    write(folder, after);
    try {
      await reload(asterisk.url);
    } catch (error) {
      write(folder, before);
      throw error;
    }
  };
  const { host, port } = asterisk.sipAddress;
  return {
    give: (phone) =>
      inTurn(async () => {
        if (taken.has(phone) || !PhoneName.safeParse(phone).success)
          throw new LocalFault('bad-setting', `Asterisk has something else called ${phone}: name the phone otherwise.`);
        const password = randomBytes(PASSWORD_BYTES).toString('base64url');
        const before = read(folder);
        await change(before, { ...before, [phone]: digestOf(phone, password) });
        return { server: `${host}:${port}`, account: phone, password };
      }),
    keep: (phones) =>
      inTurn(async () => {
        const before = read(folder);
        const left = Object.entries(before).filter(([phone]) => phones.has(phone) && !taken.has(phone));
        if (left.length < Object.keys(before).length) await change(before, Object.fromEntries(left));
      }),
  };
}

const digestOf = (phone: string, password: string): string =>
  createHash('md5').update(`${phone}:${PHONE_REALM}:${password}`).digest('hex');

const bookOf = (folder: string): string => join(folder, 'agent-phones.json');

function read(folder: string): Kept {
  const file = bookOf(folder);
  if (!existsSync(file)) return {};
  try {
    return Kept.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const cure = 'remove it, and give the phones of agents who were added over the API new accounts';
    throw new LocalFault('bad-setting', `${file} is damaged: ${cure}.`, error);
  }
}

function write(folder: string, accounts: Kept): void {
  privateFile(bookOf(folder), JSON.stringify(accounts, null, 2));
  privateFile(join(folder, 'etc', AGENT_PHONES_FILE), agentPhonesConf(accounts));
}

async function reload(url: string): Promise<void> {
  const { origin, username, password } = new URL(url);
  const authorization = `Basic ${Buffer.from(`${username}:${decodeURIComponent(password)}`).toString('base64')}`;
  const reply = await fetch(`${origin}/ari/asterisk/modules/res_pjsip.so`, {
    method: 'PUT',
    headers: { authorization },
    signal: AbortSignal.timeout(RELOADED_WITHIN_MS),
  }).catch((error: unknown) => {
    throw new LocalFault(
      'lost',
      'The private Asterisk does not answer, so its accounts are as they were: try again.',
      error,
    );
  });
  await reply.body?.cancel();
  if (!reply.ok)
    throw new LocalFault(
      'lost',
      `The private Asterisk answers ${reply.status}, and its accounts are as they were: try again.`,
    );
}
