import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { claimPort } from '../../../src/local/ports.ts';
import type { Door } from '../../support/doors.ts';
import { until } from './until.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

interface EdgePlace {
  readonly folder: string;
  readonly door: Door;
  readonly redisUrl: string;
  readonly nodes: readonly { readonly name: string; readonly port: number }[];
  readonly accounts: Readonly<Record<string, string>>;
}

/** `callwright edge` in a process of its own. */
export interface EdgeProcess {
  /** Where phones register. */
  readonly sipPort: number;
  /** A metric as a scrape reads it, e.g. `callwright_edge_node_up{node="one"}`; null when it is not there. */
  metric(name: string): Promise<number | null>;
  said(): string;
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** @throws Error with what it said when it does not open. */
export async function startEdge(place: EdgePlace): Promise<EdgeProcess> {
  const purpose = 'metrics of an edge of the tests';
  const http = await claimPort({ protocol: 'tcp', host: '127.0.0.1', port: 0, purpose, setting: 'nothing' });
  const file = join(place.folder, 'edge.yaml');
  const accounts = Object.entries(place.accounts).map(([name, password]) => `${name} ${password}\n`);
  writeFileSync(join(place.folder, 'accounts.txt'), accounts.join(''), { mode: 0o600 });
  writeFileSync(file, siteFile(place, http));
  const { host, port, secret } = place.door;
  const child = spawn(process.execPath, [join(ROOT, 'src/cli/main.ts'), 'edge', '--file', file], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      DRACHTIO_URL: `drachtio://:${encodeURIComponent(secret)}@${host}:${port}`,
      REDIS_URL: place.redisUrl,
    },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const exited = once(child, 'exit');
  const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null;
  await until('the edge to open', () => said.includes('the edge is open') || isOver(), Boolean, { withinMs: 30_000 });
  const sipPort = Number(/"udp\/[\d.]+:(\d+)"/u.exec(said)?.[1]);
  if (isOver() || !sipPort) throw new Error(`the edge did not open: ${said}`);
  return {
    sipPort,
    metric: async (name) => {
      const text = await (await fetch(`http://127.0.0.1:${http}/metrics`)).text();
      const line = text.split('\n').find((each) => each.startsWith(`${name} `));
      return line === undefined ? null : Number(line.split(' ').at(-1));
    },
    said: () => said,
    end: (signal) => end(child, signal, exited),
  };
}

const siteFile = ({ nodes }: EdgePlace, http: number): string =>
  [
    'realm: live',
    'accounts: accounts.txt',
    'opinion: 127.0.0.1:0',
    `http: 127.0.0.1:${http}`,
    'limits: { failuresPerMinute: 3, requestsPerTenSeconds: 50 }',
    'nodes:',
    ...nodes.map(({ name, port }) => `  - { name: ${name}, address: "127.0.0.1:${port}" }`),
    '',
  ].join('\n');

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL', exited: Promise<unknown>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await exited;
}
