import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { startAsterisk } from '../../../src/local/asterisk.ts';
import { type CallOptions, unused, unusedNumber } from './world.ts';

/** The world's numbers. Whoever answers is then in the hands of this test. */
const DIALPLAN = `[from-trunk]
exten => 1000,1,Answer()
 same => n,Stasis(far)
exten => 1001,1,Ringing()
 same => n,Wait(1)
 same => n,Answer()
 same => n,Stasis(far)
exten => 1100,1,Ringing()
 same => n,Wait(60)
exten => 1200,1,Hangup(17)
exten => 1300,1,Hangup(21)
exten => 1400,1,Hangup(34)
`;

/** An endpoint that sends its keys as SIP INFO. */
const INFO_ENDPOINT = `[by-info]
type=endpoint
transport=udp
disallow=all
allow=ulaw
dtmf_mode=info
direct_media=no
context=from-trunk
`;

const farEvent = z.object({
  type: z.string(),
  recording: z.object({ name: z.string() }).optional(),
  channel: z.object({ id: z.string(), caller: z.object({ number: z.string() }) }).optional(),
  digit: z.string().optional(),
  cause: z.number().optional(),
  tech_cause: z.number().optional(),
});
type FarEvent = z.output<typeof farEvent>;

/** A second Asterisk that plays the public network: real SIP and real sound at the other end of every leg. */
export interface FarAsterisk {
  readonly root: string;
  readonly sipPort: number;
  readonly events: readonly FarEvent[];
  /** Null: there is no such thing. */
  ask(method: 'GET' | 'POST' | 'DELETE', path: string, query?: Readonly<Record<string, string>>): Promise<unknown>;
  file(path: string): Promise<Buffer>;
  /** Dials a user and host; the name of the channel that does. */
  call(address: string, options: CallOptions): Promise<string>;
  stop(): Promise<void>;
}

export async function farAsterisk(root: string): Promise<FarAsterisk> {
  const folder = mkdtempSync(join(tmpdir(), 'callwright-far-'));
  const dialplan = join(folder, 'far.conf');
  writeFileSync(dialplan, DIALPLAN);
  const ari = { user: 'far', password: 'far-end-password' };
  const ports = { sip: 0, http: 0 };
  const server = await startAsterisk({ root, folder, ports, ari, dialplans: [dialplan], pjsip: INFO_ENDPOINT });
  const url = new URL(server.url);
  const events: FarEvent[] = [];
  const socket = new WebSocket(`ws://${url.host}/ari/events?app=far&subscribeAll=true&api_key=far:${ari.password}`);
  socket.addEventListener('message', ({ data }) => events.push(farEvent.parse(JSON.parse(String(data)))));
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', reject);
  });
  const authorization = `Basic ${Buffer.from(`far:${ari.password}`).toString('base64')}`;
  const ask: FarAsterisk['ask'] = async (method, path, query = {}) => {
    const target = `http://${url.host}/ari/${path}?${new URLSearchParams(query).toString()}`;
    const reply = await fetch(target, { method, headers: { authorization } });
    const text = await reply.text();
    if (reply.status === 404) return null;
    if (!reply.ok) throw new Error(`far end: ${method} ${path} → ${reply.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  };
  return {
    root,
    sipPort: server.sipAddress.port,
    events,
    ask,
    file: async (path) => {
      const reply = await fetch(`http://${url.host}/ari/${path}`, { headers: { authorization } });
      return Buffer.from(await reply.arrayBuffer());
    },
    call: async (address, { from = unusedNumber(), keys = 'rfc4733' }) => {
      const channelId = unused('caller');
      await ask('POST', 'channels', {
        endpoint: `PJSIP/${keys === 'info' ? 'by-info' : 'anonymous'}/sip:${address}`,
        channelId,
        app: 'far',
        timeout: '30',
        callerId: from === null ? 'anonymous <anonymous>' : `<${from}>`,
      });
      return channelId;
    },
    stop: async () => {
      socket.close();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
