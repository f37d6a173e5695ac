/** Where a server listens, and the word that it asks for. */
export interface Door {
  readonly host: string;
  readonly port: number;
  readonly secret: string;
}

const KINDS = {
  DRACHTIO_URL: { protocol: 'drachtio:', port: 9022, example: 'drachtio://:SECRET@127.0.0.1:9022' },
  FREESWITCH_URL: { protocol: 'esl:', port: 8021, example: 'esl://:PASSWORD@127.0.0.1:8021' },
} as const;
type Setting = keyof typeof KINDS;

/** What the name of a suite holds that needs them, for who counts what was left out. */
export const MARK = {
  drachtio: 'on drachtio',
  both: 'on drachtio and FreeSWITCH',
  /** A live test that plays on Asterisk alone; the reason follows. */
  cannot: 'not on FreeSWITCH',
} as const;

/**
 * Each address of the setting, comma-separated; none when it is unset.
 *
 * @throws Error with the setting and its form when one of them is no address.
 */
export function doorsOf(setting: Setting, env: NodeJS.ProcessEnv = process.env): readonly Door[] {
  const { protocol, port, example } = KINDS[setting];
  const addresses = (env[setting] ?? '').split(',').filter((address) => address.trim() !== '');
  return addresses.map((address) => {
    const url = URL.canParse(address.trim()) ? new URL(address.trim()) : null;
    if (url?.protocol !== protocol || url.hostname === '' || url.password === '') {
      throw new Error(`${setting} must be ${example}, or several with commas between`);
    }
    return { host: url.hostname, port: Number(url.port || port), secret: decodeURIComponent(url.password) };
  });
}

/** One line a kind of server that was missing: what was not shown, and what would mend it. Empty when nothing was left out. */
export function leftOut(skipped: readonly string[], env: NodeJS.ProcessEnv = process.env): readonly string[] {
  const unset = (['DRACHTIO_URL', 'FREESWITCH_URL'] as const).filter((setting) => doorsOf(setting, env).length === 0);
  const both = skipped.filter((name) => name.includes(MARK.both)).length;
  const edge = skipped.filter((name) => name.includes(MARK.drachtio)).length - both;
  const cannot = skipped.filter((name) => name.includes(MARK.cannot));
  const because = `${unset.join(' and ')} ${unset.length === 1 ? 'is' : 'are'} not set (see docs/freeswitch.md)`;
  return [
    ...(both > 0 && unset.length > 0 ? [`${both} tests on FreeSWITCH skipped: ${because}`] : []),
    ...(edge > 0 && unset.includes('DRACHTIO_URL')
      ? [`${edge} tests on drachtio skipped: DRACHTIO_URL is not set (see docs/freeswitch.md)`]
      : []),
    ...(cannot.length > 0 ? [`${cannot.length} tests ${MARK.cannot}:\n  ${cannot.join('\n  ')}`] : []),
  ];
}
