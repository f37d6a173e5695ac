/** Why the live store cannot be used; the message is a sentence that says what to do, and holds no password. */
export type RedisFaultCode = 'redis.address' | 'redis.refused' | 'redis.password' | 'redis.forbidden' | 'redis.too-old';

export class RedisFault extends Error {
  readonly code: RedisFaultCode;

  constructor(code: RedisFaultCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'RedisFault';
    this.code = code;
  }
}

/** Brought XRANGE from an id exclusive. */
const OLDEST_REDIS = '6.2';

/** The server a REDIS_URL names, without user and password. */
export function addressOf(url: string): string {
  if (URL.canParse(url)) {
    const { protocol, host } = new URL(url);
    if (/^rediss?:$/.test(protocol) && host !== '') return host;
  }
  const message = 'REDIS_URL is no Redis address; write redis://:password@host:port, or rediss:// for TLS.';
  throw new RedisFault('redis.address', message);
}

/** Refuses a server that lacks what the store builds on. `info` is what INFO says of the server; Valkey tells 7.2. */
export function refuseOld(info: string, address: string): void {
  const version = /^redis_version:((\d+)\.(\d+)\S*)/m.exec(info);
  const [major, minor] = [Number(version?.[2] ?? 0), Number(version?.[3] ?? 0)];
  if (major > 6 || (major === 6 && minor >= 2)) return;
  const found = `Redis ${version?.[1] ?? 'of unknown version'} at ${address}`;
  const message = `${found} is too old; install Redis ${OLDEST_REDIS} or newer, or Valkey.`;
  throw new RedisFault('redis.too-old', message);
}

/** Says in a sentence why the first connection failed. */
export function faultOf(error: unknown, address: string): RedisFault {
  if (error instanceof RedisFault) return error;
  const { message, code } = error as NodeJS.ErrnoException;
  if (/^(WRONGPASS|NOAUTH)|invalid password/.test(message)) {
    const sentence = `Redis at ${address} refused the user or the password of REDIS_URL; correct it.`;
    return new RedisFault('redis.password', sentence, error);
  }
  if (message.startsWith('NOPERM')) {
    const sentence = `The user of REDIS_URL may not use all that is needed at ${address} (${message}); grant it +@all ~* &*.`;
    return new RedisFault('redis.forbidden', sentence, error);
  }
  const sentence = `Redis at ${address} cannot be reached (${code ?? message}); start it, or correct REDIS_URL.`;
  return new RedisFault('redis.refused', sentence, error);
}
