import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { SwitchPort } from '../engine/ports/switch.ts';
import { readSecrets } from '../config/secrets.ts';
import { openRegistrations } from '../store/redis/registrations.ts';
import { createAsteriskSwitch } from '../switch/asterisk/switch.ts';
import type { TrunkAddress } from '../switch/freeswitch/routes.ts';
import { createFreeswitchSwitch } from '../switch/freeswitch/switch.ts';
import { systemClock, systemIds } from '../system.ts';
import { type CallwrightOptions, type Closers, SettingsFault } from './options.ts';

/** The switch that the settings name. */
export async function openSwitch(options: CallwrightOptions, closers: Closers): Promise<SwitchPort> {
  const { DRACHTIO_URL: drachtios, FREESWITCH_URL: freeswitches } = options.settings;
  return drachtios && freeswitches
    ? openFreeswitch(options, { drachtios, freeswitches }, closers)
    : openAsterisk(options);
}

function openAsterisk({ settings, servers, site, sounds, logBook }: CallwrightOptions): SwitchPort {
  return createAsteriskSwitch({
    url: servers.asteriskUrl,
    app: 'callwright',
    node: settings.CALLWRIGHT_NODE,
    soundsDir: sounds,
    recordingsDir: recordingsOf(settings),
    trunks: new Map([...site.trunks.values()].map(({ name, endpoint }) => [name, endpoint])),
    allowOld: settings.CALLWRIGHT_ALLOW_OLD_ASTERISK,
    clock: systemClock,
    log: logBook.of('asterisk'),
  });
}

async function openFreeswitch(
  options: CallwrightOptions,
  servers: { readonly drachtios: readonly string[]; readonly freeswitches: readonly string[] },
  closers: Closers,
): Promise<SwitchPort> {
  const { settings, sounds, logBook } = options;
  const log = logBook.of('freeswitch');
  const phones = await openRegistrations({
    url: options.servers.redisUrl,
    clock: systemClock,
    log,
  });
  closers.push(() => phones.close());
  const spoolDir = resolve(settings.CALLWRIGHT_DATA, 'spool');
  mkdirSync(spoolDir, { recursive: true });
  return createFreeswitchSwitch({
    ...servers,
    node: settings.CALLWRIGHT_NODE,
    soundsDir: sounds,
    recordingsDir: recordingsOf(settings),
    spoolDir,
    trunks: trunkAddresses(options),
    phones,
    edges: settings.CALLWRIGHT_EDGES ?? [],
    newLegId: () => systemIds.next('leg'),
    clock: systemClock,
    log,
  });
}

const recordingsOf = (settings: CallwrightOptions['settings']): string => join(settings.CALLWRIGHT_DATA, 'recordings');

/** @throws SettingsFault that names every trunk that cannot be reached, and what to write. */
function trunkAddresses({ site, settings }: CallwrightOptions): ReadonlyMap<string, TrunkAddress> {
  const reading = readSecrets(settings.CALLWRIGHT_SECRETS, process.env);
  if (!reading.ok) throw new SettingsFault(reading.problems.join('\n'));
  const problems: string[] = [];
  const found = [...site.trunks.values()].flatMap(({ name, address, login }): [string, TrunkAddress][] => {
    const password = login && reading.secrets(login.secret);
    if (!address)
      problems.push(`site/trunks.yaml: trunk ${name} has no \`address\`, which FreeSWITCH needs to reach it.`);
    if (login && password === null)
      problems.push(`site/trunks.yaml: trunk ${name} logs in with the secret ${login.secret}, which is not set.`);
    if (!address || (login && password === null)) return [];
    return [[name, { ...address, ...(login && password && { auth: { username: login.user, password } }) }]];
  });
  if (problems.length > 0) throw new SettingsFault(problems.join('\n'));
  return new Map(found);
}
