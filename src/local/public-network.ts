import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Asterisk, startAsterisk } from './asterisk.ts';
import { type CallEnd, type CallerStory, createCallers } from './callers.ts';
import { claimPort } from './ports.ts';

export interface PublicNetworkOptions {
  /** The unpacked tree. */
  readonly root: string;
  readonly folder: string;
  /** SIP port of the carrier's side, the one that the peer's trunk names; 0 = any free one. */
  readonly carrierPort: number;
  /** SIP port of another link of the carrier, on which no circuit is ever free: 503 to every call. Left out: there is none. */
  readonly fullPort?: number;
  /** The Asterisk that this world calls and is called by. */
  readonly peer: { readonly host: string; readonly port: number };
  /** Accounts of agents' phones at the peer. */
  readonly phones: readonly { readonly name: string; readonly password: string }[];
  /** 1 = as in life; 0.1 = ten times as fast. */
  readonly pace?: number;
}

export interface PublicNetwork {
  /** The carrier's address: the peer's trunk. */
  readonly address: { readonly host: string; readonly port: number };
  /** Somebody calls; resolves when the call is over. */
  call(story: CallerStory): Promise<CallEnd>;
  /** Every number that was dialled here, once for each time, in order: what the carrier saw. */
  dialled(): readonly string[];
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';

/** The carrier's endpoint for the peer. */
const PEER = 'callwright';

/**
 * A second private Asterisk that plays the world: the numbers that campaigns dial (see behaviour.ts), the phones of the
 * agents, and the people who call in. Phones register at the peer within ten seconds: Asterisk spreads first registrations.
 *
 * @throws LocalFault when it does not come up.
 */
export async function startPublicNetwork(options: PublicNetworkOptions): Promise<PublicNetwork> {
  const probe = { protocol: 'udp', host: HOST, port: 0, purpose: 'the simulated phones', setting: 'any' } as const;
  const asterisk = await startAsterisk({
    root: options.root,
    folder: options.folder,
    ports: { sip: options.carrierPort, http: 0 },
    portSettings: { sip: 'CALLWRIGHT_CARRIER_PORT', http: 'CALLWRIGHT_CARRIER_ARI_PORT' },
    rtp: { first: 20_000, last: 29_999 },
    ari: { user: 'world', password: randomBytes(24).toString('base64url') },
    app: 'world',
    trunks: [{ name: PEER, ...options.peer }],
    pjsip: phonesConf(options, await claimPort(probe)) + fullConf(options),
    globals: {
      PACE_PERCENT: String(Math.max(1, Math.round((options.pace ?? 1) * 100))),
      FULL_PORT: String(options.fullPort ?? 'none'),
    },
    dialplans: [resolve(import.meta.dirname, '../../dialplans/public-network/extensions.conf')],
  });
  const callers = await createCallers(asterisk.url, PEER).catch(async (error: unknown) => {
    await asterisk.stop();
    throw error;
  });
  return {
    address: asterisk.sipAddress,
    call: (story) => callers.call(story),
    dialled: () => dialledIn(readFileSync(join(options.folder, 'log/messages'), 'utf8')),
    stop: () => stop(asterisk, callers),
  };
}

const dialledIn = (log: string): string[] =>
  [...log.matchAll(/ dialled (\+?\d+)$/gmu)].map(([, number = '']) => number);

async function stop(asterisk: Asterisk, callers: { close(): void }): Promise<void> {
  callers.close();
  await asterisk.stop();
}

const fullConf = ({ fullPort }: PublicNetworkOptions): string =>
  fullPort === undefined ? '' : `\n[full]\ntype=transport\nprotocol=udp\nbind=${HOST}:${fullPort}\n`;

/** Phones have a port of their own, since the peer takes everything from the carrier's port for the carrier's. */
const phonesConf = ({ phones, peer }: PublicNetworkOptions, port: number): string =>
  [
    `[desks]\ntype=transport\nprotocol=udp\nbind=${HOST}:${port}\n`,
    ...phones.map(
      ({ name, password }) => `[desk-${name}]
type=registration
transport=desks
outbound_auth=desk-${name}-auth
server_uri=sip:${peer.host}:${peer.port}
client_uri=sip:${name}@${peer.host}:${peer.port}
contact_user=desk${name}
expiration=120
retry_interval=1
forbidden_retry_interval=5
fatal_retry_interval=5
auth_rejection_permanent=no
max_retries=1000000
[desk-${name}-auth]
type=auth
auth_type=userpass
username=${name}
password=${password}
`,
    ),
  ].join('\n');
