import { setTimeout as pause } from 'node:timers/promises';
import { type Asterisk, startAsterisk } from '../../../src/local/asterisk.ts';
import { LocalFault } from '../../../src/local/fault.ts';
import { crash } from './crash.ts';

/** An Asterisk behind an edge, with no Callwright of its own. */
export interface EdgeNodeUnderTest {
  readonly port: number;
  /** Names of its channels; none while it is down. */
  channels(): Promise<readonly string[]>;
  crash(): Promise<void>;
  /** Up again at the same address after a crash. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

interface Wish {
  readonly root: string;
  readonly folder: string;
  readonly dialplan: string;
  readonly pjsip: string;
}

export async function startNode({ root, folder, dialplan, pjsip }: Wish): Promise<EdgeNodeUnderTest> {
  const ari = { user: 'callwright', password: 'only-on-loopback' };
  const launch = (ports: { readonly sip: number; readonly http: number }) =>
    startAsterisk({ root, folder, ports, ari, dialplans: [dialplan], pjsip });
  let asterisk: Asterisk = await launch({ sip: 0, http: 0 });
  const { port } = asterisk.sipAddress;
  const { origin, port: http } = new URL(asterisk.url);
  const authorization = `Basic ${Buffer.from(`${ari.user}:${ari.password}`).toString('base64')}`;
  return {
    port,
    channels: async () => {
      const reply = await fetch(`${origin}/ari/channels`, { headers: { authorization } }).catch(() => null);
      return reply ? ((await reply.json()) as { name: string }[]).map(({ name }) => name) : [];
    },
    crash: () => crash(folder),
    start: async () => {
      asterisk = await retried(() => launch({ sip: port, http: Number(http) }));
    },
    stop: () => asterisk.stop(),
  };
}

const PATIENCE_MS = 10_000;

/** Somebody's short-lived connection may have been given the very port meanwhile. */
async function retried<T>(act: () => Promise<T>): Promise<T> {
  const limit = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await act();
    } catch (error) {
      const isTaken = error instanceof LocalFault && error.code === 'port-taken';
      if (!isTaken || performance.now() > limit) throw error;
      await pause(200);
    }
  }
}
