import { type Asterisk, type AsteriskOptions, startAsterisk } from '../../../src/local/asterisk.ts';
import { crash } from './crash.ts';

/** The private Asterisk, looked at past Callwright's back. */
export interface SwitchUnderTest {
  readonly url: string;
  readonly sipAddress: { readonly host: string; readonly port: number };
  /** Names of what it holds right now. */
  readonly channels: () => Promise<readonly string[]>;
  readonly bridges: () => Promise<readonly string[]>;
  /** Recordings that lie there. */
  readonly recordings: () => Promise<readonly string[]>;
  /** Killed on the spot: nobody is told. */
  readonly crash: () => Promise<void>;
  /** Up again at the same address after a crash. */
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

export async function startSwitch(options: AsteriskOptions): Promise<SwitchUnderTest> {
  let asterisk: Asterisk = await startAsterisk(options);
  const { url, sipAddress } = asterisk;
  const { origin, username, password, port } = new URL(url);
  const authorization = `Basic ${Buffer.from(`${username}:${decodeURIComponent(password)}`).toString('base64')}`;
  const list = async (
    what: 'channels' | 'bridges' | 'recordings/stored',
  ): Promise<readonly { readonly id: string; readonly name: string }[]> => {
    const reply = await fetch(`${origin}/ari/${what}`, { headers: { authorization } });
    return (await reply.json()) as { id: string; name: string }[];
  };
  return {
    url,
    sipAddress,
    channels: async () => (await list('channels')).map(({ name }) => name),
    bridges: async () => (await list('bridges')).map(({ id }) => id),
    recordings: async () => (await list('recordings/stored')).map(({ name }) => name),
    crash: () => crash(options.folder),
    start: async () => {
      asterisk = await startAsterisk({ ...options, ports: { sip: sipAddress.port, http: Number(port) } });
    },
    stop: () => asterisk.stop(),
  };
}
