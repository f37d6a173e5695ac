import { connect } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import { claimPort } from './ports.ts';
import { privateFile, privateFolder } from './private-folder.ts';
import { adopt, endLeftover, type Launch, launch, leftRunning, type ServerProcess } from './server-process.ts';
import { programOf } from './unpacked.ts';

export interface RedisOptions {
  readonly root: string;
  readonly folder: string;
  /** 0 = any free one. */
  readonly port: number;
  readonly password: string;
}

export interface Redis extends ServerProcess {
  /** Address with password. */
  readonly url: string;
}

const HOST = '127.0.0.1';

/** Time to write the last second of the log. */
const STOP_WITHIN_MS = 10_000;

const Settings = z.object({
  folder: z.string().regex(/^\/[^\n\r"]*$/),
  port: z.number().int().min(1).max(65_535),
  password: z.string().regex(/^[A-Za-z0-9_-]{16,128}$/),
});

/**
 * Starts a private Redis on loopback, or adopts the one that an earlier Callwright left running in the folder. What it
 * acknowledges survives its own death, and all but the last second survives the machine's.
 *
 * @throws LocalFault when the port is taken or Redis does not come up.
 */
export async function startRedis(options: RedisOptions): Promise<Redis> {
  const folder = privateFolder(options.folder);
  const left = leftRunning(folder);
  if (left) {
    const port = options.port || (left.ports['redis'] ?? 0);
    const adopted = await adopt(prepare({ ...options, port }));
    if (adopted) return { ...adopted, url: urlOf({ ...options, port }) };
  }
  await endLeftover(folder, STOP_WITHIN_MS);
  const wish = { protocol: 'tcp', host: HOST, purpose: 'Redis', setting: 'CALLWRIGHT_REDIS_PORT' } as const;
  const port = await claimPort({ ...wish, port: options.port });
  const start = prepare({ ...options, port });
  privateFile(join(folder, 'redis.conf'), start.configuration);
  return { ...(await launch(start)), url: urlOf({ ...options, port }) };
}

function prepare(options: RedisOptions): Launch {
  const { folder, port, password } = Settings.parse(options);
  return {
    title: 'Redis',
    folder,
    command: programOf(options.root, 'redis-server'),
    args: [join(folder, 'redis.conf')],
    configuration: redisConf({ folder, port, password }),
    ports: { redis: port },
    isReady: () => answersPing(port, password),
    stopWithinMs: STOP_WITHIN_MS,
  };
}

const urlOf = ({ port, password }: RedisOptions): string => `redis://:${password}@${HOST}:${port}`;

export const redisConf = ({ folder, port, password }: z.infer<typeof Settings>): string => `bind ${HOST}
port ${port}
requirepass ${password}
dir "${folder}"
daemonize no
save ""
appendonly yes
appendfsync everysec
maxmemory-policy noeviction
`;

/** The right password is asked for too, so that a stranger's Redis on this port is not taken for ours. */
function answersPing(port: number, password: string): Promise<boolean> {
  return new Promise((resolve) => {
    let reply = '';
    const socket = connect({ port, host: HOST, timeout: 1_000 });
    socket.on('connect', () => socket.write(`AUTH ${password}\r\nPING\r\n`));
    socket.on('data', (chunk) => {
      reply += chunk.toString();
      if (reply.split('\r\n').length > 2) socket.destroy();
    });
    socket.on('timeout', () => socket.destroy());
    socket.on('error', () => {});
    socket.on('close', () => resolve(reply.includes('+PONG')));
  });
}
