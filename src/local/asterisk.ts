import { mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { asteriskFiles, type AsteriskFolders, type AsteriskInput, AsteriskSettings } from './asterisk-config.ts';
import { musicFolder } from './music.ts';
import { claimPort } from './ports.ts';
import { privateFile, privateFolder, socketFolder } from './private-folder.ts';
import { adopt, endLeftover, type Launch, launch, leftRunning, type ServerProcess } from './server-process.ts';
import { type Command, programOf } from './unpacked.ts';

export interface AsteriskOptions extends AsteriskInput {
  /** The unpacked tree. */
  readonly root: string;
  /** Configuration, logs and state of this one Asterisk. */
  readonly folder: string;
  /** Port 0 = any free one. */
  readonly ports: { readonly sip: number; readonly http: number };
  /** Names of the settings that move the ports, for the sentence when one is taken. */
  readonly portSettings?: { readonly sip: string; readonly http: string };
}

export interface Asterisk extends ServerProcess {
  /** Address with user and password. */
  readonly url: string;
  readonly sipAddress: { readonly host: string; readonly port: number };
}

/**
 * Starts a private Asterisk, or adopts the one that an earlier Callwright left running in the folder: its calls are
 * still up. It runs as the current user, and listens on loopback unless told otherwise.
 *
 * @throws LocalFault when a port is taken or Asterisk does not come up.
 */
export async function startAsterisk(options: AsteriskOptions): Promise<Asterisk> {
  const folder = privateFolder(options.folder);
  const left = leftRunning(folder);
  if (left) {
    const ports = { sip: options.ports.sip || left.ports['sip'], http: options.ports.http || left.ports['http'] };
    const adopted = await adopt(prepare(options, ports).launch);
    if (adopted) return asterisk(adopted, prepare(options, ports).settings);
  }
  await endLeftover(folder, STOP_WITHIN_MS);
  const { launch: start, settings } = prepare(options, await claimPorts(options));
  writeConfiguration(options, settings);
  return asterisk(await launch(start), settings);
}

/** Time to hang up what is still connected. */
const STOP_WITHIN_MS = 10_000;

const asterisk = (server: ServerProcess, { bind, ports, ari }: AsteriskSettings): Asterisk => ({
  ...server,
  url: `http://${ari.user}:${encodeURIComponent(ari.password)}@${bind}:${ports.http}`,
  sipAddress: { host: bind, port: ports.sip },
});

async function claimPorts(options: AsteriskOptions): Promise<{ sip: number; http: number }> {
  const host = options.bind ?? '127.0.0.1';
  const names = options.portSettings ?? { sip: 'CALLWRIGHT_SIP_PORT', http: 'CALLWRIGHT_ARI_PORT' };
  const { sip, http } = options.ports;
  return {
    sip: await claimPort({ protocol: 'udp', host, port: sip, purpose: 'SIP', setting: names.sip }),
    http: await claimPort({ protocol: 'tcp', host, port: http, purpose: 'ARI', setting: names.http }),
  };
}

function prepare(
  options: AsteriskOptions,
  ports: { readonly sip: number | undefined; readonly http: number | undefined },
): { readonly launch: Launch; readonly settings: AsteriskSettings } {
  const settings = AsteriskSettings.parse({ ...options, ports });
  const { program, args } = asteriskCommand(options.root);
  return {
    settings,
    launch: {
      title: 'Asterisk',
      folder: options.folder,
      command: { program, args },
      args: ['-f', '-n', '-C', join(options.folder, 'etc/asterisk.conf')],
      configuration: JSON.stringify(asteriskFiles(settings, foldersOf(options))),
      ports: settings.ports,
      isReady: () => answers(settings),
      stopWithinMs: STOP_WITHIN_MS,
    },
  };
}

const asteriskCommand = (root: string): Command => programOf(root, 'asterisk');

/** Ready = ARI answers our own user; anything else that might sit on that port would not. */
async function answers({ bind, ports, ari }: AsteriskSettings): Promise<boolean> {
  const authorization = `Basic ${Buffer.from(`${ari.user}:${ari.password}`).toString('base64')}`;
  const reply = await fetch(`http://${bind}:${ports.http}/ari/asterisk/info?only=status`, {
    headers: { authorization },
    signal: AbortSignal.timeout(2_000),
  }).catch(() => undefined);
  await reply?.body?.cancel();
  return reply?.status === 200;
}

function foldersOf({ root, folder }: AsteriskOptions): AsteriskFolders {
  const libraries = join(root, 'usr/lib');
  const family = readdirSync(libraries).find((name) => name.endsWith('-linux-gnu')) ?? '';
  return {
    etc: join(folder, 'etc'),
    modules: join(libraries, family, 'asterisk/modules'),
    data: join(folder, 'data'),
    var: join(folder, 'var'),
    run: socketFolder(folder),
    log: join(folder, 'log'),
  };
}

function writeConfiguration(options: AsteriskOptions, settings: AsteriskSettings): void {
  const folders = foldersOf(options);
  // Asterisk makes no folder for recordings by itself, and fails each of them without.
  const own = ['spool', 'spool/recording', 'cache'].map((name) => join(folders.var, name));
  for (const path of [folders.etc, folders.var, folders.log, ...own]) {
    privateFolder(path);
  }
  for (const [name, content] of Object.entries(asteriskFiles(settings, folders))) {
    privateFile(join(folders.etc, name), content);
  }
  linkData(options, folders.data);
}

/** Asterisk knows one data folder, and finds the English sounds in it as `sounds/en`. */
function linkData({ root }: AsteriskOptions, data: string): void {
  const share = join(root, 'usr/share/asterisk');
  rmSync(data, { recursive: true, force: true });
  mkdirSync(join(data, 'sounds'), { recursive: true, mode: 0o700 });
  for (const name of ['documentation', 'rest-api']) symlinkSync(join(share, name), join(data, name));
  symlinkSync(musicFolder(root), join(data, 'moh'));
  symlinkSync(join(share, 'sounds/en_US_f_Allison'), join(data, 'sounds/en'));
}
