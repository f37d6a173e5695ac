import { test } from 'vitest';
import { type AsteriskOptions, startAsterisk } from '../../../src/local/asterisk.ts';
import { MARK } from '../../support/doors.ts';
import { crash } from './crash.ts';

export type SwitchKind = 'asterisk' | 'freeswitch';

/** The switch of a house, looked at past Callwright's back. */
export interface SwitchUnderTest {
  readonly kind: SwitchKind;
  /** Where it is controlled, with user and password. */
  readonly url: string;
  /** What Callwright is told to find it. */
  readonly env: Readonly<Record<string, string>>;
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

/** What the live tests run on: `CALLWRIGHT_TEST_SWITCH`, Asterisk when nothing is said. */
export const switchUnderTest = (env: NodeJS.ProcessEnv = process.env): SwitchKind => {
  const kind = env['CALLWRIGHT_TEST_SWITCH'] || 'asterisk';
  if (kind === 'asterisk' || kind === 'freeswitch') return kind;
  throw new Error(`CALLWRIGHT_TEST_SWITCH must be asterisk or freeswitch, not "${kind}"`);
};

/** What FreeSWITCH and drachtio cannot do, or these tests cannot do with them, and why. */
const NOT_ON_FREESWITCH = {
  'keeps its callers while Callwright is away': 'drachtio hands no dialog to another process; its callers get a BYE',
  'can be killed': 'the tests use servers that run already, and do not end them',
  'records what a leg hears': 'no real server has shown yet that FreeSWITCH does it as the port promises',
  'is Asterisk': 'the test drives Asterisk itself, past the switch door',
  'asks phones for passwords': 'the SIP edge does that, in front of it',
} as const;

/** As vitest's `test`, for what not every switch can do: skipped with the reason in its name elsewhere. */
export function testWhereItCan(ability: keyof typeof NOT_ON_FREESWITCH): typeof test.skip {
  if (switchUnderTest() === 'asterisk') return test;
  return ((name: string, ...rest: never[]) =>
    test.skip(`${name} [${MARK.cannot}: ${NOT_ON_FREESWITCH[ability]}]`, ...rest)) as typeof test.skip;
}

/** A private Asterisk. */
export async function startSwitch(options: AsteriskOptions): Promise<SwitchUnderTest> {
  let asterisk = await startAsterisk(options);
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
    kind: 'asterisk',
    url,
    env: { ASTERISK_URL: url },
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
