import { createHmac } from 'node:crypto';
import { join, resolve } from 'node:path';
import { type AgentPhones, agentPhones } from './agent-phones.ts';
import { type Asterisk, type AsteriskOptions, startAsterisk } from './asterisk.ts';
import { ensure, type Progress } from './debian.ts';
import { lockData } from './lock.ts';
import { privateFolder } from './private-folder.ts';
import { SPEECH_PACKAGES } from './prompts.ts';
import { startRedis } from './redis.ts';
import { type Secrets, secretsIn } from './secrets.ts';
import { startSql } from './sql.ts';

/** All that Callwright runs privately, SIPp for the tests included: one tree, fetched once. */
export const PACKAGES = [
  'asterisk',
  'asterisk-core-sounds-en-wav',
  'asterisk-moh-opsound-wav',
  'redis-server',
  'sip-tester',
  ...SPEECH_PACKAGES,
] as const;

export interface StackOptions extends Pick<AsteriskOptions, 'trunks' | 'language' | 'fallback' | 'rtp'> {
  /** State, logs and secrets. One Callwright at a time works on it. */
  readonly dataFolder: string;
  /** Servers of one's own, used instead of private ones. */
  readonly own?: {
    readonly asteriskUrl?: string | undefined;
    readonly redisUrl?: string | undefined;
    readonly databaseUrl?: string | undefined;
    /** Calls go through another switch: no Asterisk is needed. */
    readonly otherSwitch?: boolean;
  };
  /** 0 = any free port. */
  readonly ports: { readonly sip: number; readonly ari: number; readonly redis: number };
  readonly phones?: readonly { readonly name: string; readonly password?: string; readonly contact?: string }[];
  /** The unpacked tree, when the caller has one already. */
  readonly root?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
}

export interface Stack {
  /** `http://user:password@host:port` */
  readonly asteriskUrl: string;
  /** Where to call; unknown for an Asterisk of one's own. */
  readonly sipAddress: { readonly host: string; readonly port: number } | undefined;
  readonly redisUrl: string;
  readonly databaseUrl: string;
  /** How many connections a pool may open. The embedded store bears one, a server as many as it is set up for. */
  readonly databaseConnections: number | undefined;
  readonly phones: readonly { readonly name: string; readonly password: string }[];
  /** Accounts that phones get and lose while it runs; undefined for an Asterisk of one's own. */
  readonly accounts: AgentPhones | undefined;
  /** Which of the servers are private ones, and which of these an earlier Callwright had left running. */
  readonly owned: { readonly asterisk: Ownership; readonly redis: Ownership; readonly sql: Ownership };
  /** The unpacked tree, when one was needed. */
  readonly root: string | undefined;
  /** Ends every private server. */
  stop(): Promise<void>;
}

type Ownership = 'own' | 'started' | 'adopted';

/**
 * Starts whichever of Asterisk, Redis and the SQL store are not given, all at once.
 *
 * @throws LocalFault in one clear sentence; nothing is left running then.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const folder = privateFolder(resolve(options.dataFolder));
  const release = await lockData(folder);
  const cleanUp: (() => Promise<void>)[] = [];
  try {
    return await compose(options, folder, cleanUp, release);
  } catch (error) {
    await Promise.all(cleanUp.map((stop) => stop()));
    release();
    throw error;
  }
}

async function compose(
  options: StackOptions,
  folder: string,
  cleanUp: (() => Promise<void>)[],
  release: () => void,
): Promise<Stack> {
  const own = options.own ?? {};
  const secrets = secretsIn(folder);
  const phones = (options.phones ?? []).map((phone) => ({ password: phonePassword(secrets, phone.name), ...phone }));
  const hasSwitch = Boolean(own.asteriskUrl) || own.otherSwitch === true;
  const root = options.root ?? (hasSwitch && own.redisUrl ? undefined : await fetchTree(options));
  const started = <T extends { stop(): Promise<void> }>(part: T): T => {
    cleanUp.push(() => part.stop());
    return part;
  };
  options.progress?.({ text: 'starting Asterisk, Redis and the SQL store' });
  const absent = Promise.resolve(undefined);
  const [asterisk, redis, sql] = await allOrFirstFault([
    hasSwitch || !root
      ? absent
      : startAsterisk(asteriskOptions(options, { folder, root, secrets, phones })).then(started),
    own.redisUrl || !root ? absent : startRedis({ ...redisOptions(options, folder, secrets), root }).then(started),
    own.databaseUrl ? absent : startSql({ folder: join(folder, 'sql') }).then(started),
  ]);
  options.signal?.throwIfAborted();
  return {
    asteriskUrl: asterisk?.url ?? own.asteriskUrl ?? '',
    sipAddress: asterisk?.sipAddress,
    redisUrl: redis?.url ?? own.redisUrl ?? '',
    databaseUrl: sql?.url ?? own.databaseUrl ?? '',
    databaseConnections: sql ? 1 : undefined,
    phones: phones.map(({ name, password }) => ({ name, password })),
    accounts: asterisk && accountsOf(asterisk, folder, phones, options),
    owned: { asterisk: ownership(asterisk), redis: ownership(redis), sql: sql ? 'started' : 'own' },
    root,
    stop: async () => {
      await Promise.all(cleanUp.splice(0).map((stop) => stop()));
      release();
    },
  };
}

function accountsOf(
  asterisk: Asterisk,
  folder: string,
  phones: readonly { readonly name: string }[],
  { trunks = [] }: StackOptions,
): AgentPhones {
  const taken = new Set([...phones, ...trunks].map(({ name }) => name));
  return agentPhones({ folder: asteriskIn(folder), asterisk, taken });
}

const asteriskIn = (folder: string): string => join(folder, 'asterisk');

/** Waits for all, so that nothing is still starting when one has failed. */
async function allOrFirstFault<A, B, C>(parts: [Promise<A>, Promise<B>, Promise<C>]): Promise<[A, B, C]> {
  const failed = (await Promise.allSettled(parts)).find((part) => part.status === 'rejected');
  if (failed) throw failed.reason;
  return Promise.all(parts);
}

async function fetchTree({ env, progress, signal }: StackOptions): Promise<string> {
  const tree = await ensure({
    packages: PACKAGES,
    ...(env && { env }),
    ...(progress && { progress }),
    ...(signal && { signal }),
  });
  return tree.root;
}

function asteriskOptions(
  { trunks, language, fallback, rtp, ports }: StackOptions,
  parts: {
    folder: string;
    root: string;
    secrets: Secrets;
    phones: { name: string; password: string; contact?: string }[];
  },
): AsteriskOptions {
  return {
    root: parts.root,
    folder: asteriskIn(parts.folder),
    ports: { sip: ports.sip, http: ports.ari },
    ari: { user: 'callwright', password: parts.secrets.ariPassword },
    phones: parts.phones,
    dialplans: [resolve(import.meta.dirname, '../../dialplans/asterisk/extensions.conf')],
    ...(trunks && { trunks }),
    ...(language && { language }),
    ...(fallback && { fallback }),
    ...(rtp && { rtp }),
  };
}

const redisOptions = ({ ports }: StackOptions, folder: string, secrets: Secrets) => ({
  folder: join(folder, 'redis'),
  port: ports.redis,
  password: secrets.redisPassword,
});

const ownership = (part: { readonly adopted: boolean } | undefined): Ownership =>
  part === undefined ? 'own' : part.adopted ? 'adopted' : 'started';

/** A phone keeps its password over restarts without a list to keep. */
const phonePassword = ({ phoneKey }: Secrets, name: string): string =>
  createHmac('sha256', phoneKey).update(name).digest('base64url').slice(0, 24);
