import { join } from 'node:path';
import type { Settings } from '../config/settings.ts';
import type { LoadedSite } from '../config/site/load.ts';
import type { Draft } from '../engine/ports/releases.ts';
import { type Stack, type StackOptions, startStack } from '../local/stack.ts';
import { privateFile } from '../local/private-folder.ts';
import { type Callwright, startCallwright } from '../main.ts';
import { createLogBook } from '../telemetry/log.ts';
import { Explained } from './ending.ts';
import type { createProgress } from './progress.ts';
import { releaseMaker } from './release-maker.ts';
import { makeSounds, soundsFolder } from './sounds.ts';

export interface HouseOptions {
  readonly settings: Settings;
  /** Of the folder, or of the last good release. */
  readonly site: LoadedSite;
  readonly draft: Draft;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  readonly progress: ReturnType<typeof createProgress>;
  readonly trunks?: StackOptions['trunks'];
  readonly signal: AbortSignal;
  readonly fenced: (reason: string) => void;
}

export interface House {
  readonly stack: Stack;
  readonly callwright: Callwright;
  readonly logFile: string;
  stop(): Promise<void>;
}

/** Private servers as far as they are needed, prompts, then Callwright on top; all or nothing. */
export async function openHouse(options: HouseOptions): Promise<House> {
  const { settings, site, draft, env, progress, signal } = options;
  const logFile = join(settings.CALLWRIGHT_DATA, 'callwright.log');
  const stack = await startStack({
    dataFolder: settings.CALLWRIGHT_DATA,
    own: {
      asteriskUrl: settings.ASTERISK_URL,
      otherSwitch: settings.FREESWITCH_URL !== undefined,
      redisUrl: settings.REDIS_URL,
      databaseUrl: settings.DATABASE_URL,
    },
    ports: {
      sip: settings.CALLWRIGHT_SIP_PORT,
      ari: settings.CALLWRIGHT_ARI_PORT,
      redis: settings.CALLWRIGHT_REDIS_PORT,
    },
    phones: site.agents.map(({ phone }) => ({ name: phone })),
    ...(options.trunks && { trunks: options.trunks }),
    env,
    progress: progress.step,
    signal,
  });
  if (stack.phones.length > 0) privateFile(join(settings.CALLWRIGHT_DATA, 'phones.txt'), phoneList(stack));
  const logBook = createLogBook({ level: settings.CALLWRIGHT_LOG, showPii: false, file: logFile });
  try {
    signal.throwIfAborted();
    progress.step({ text: 'opening Callwright' });
    const { version, fenced } = options;
    const folders = { flows: settings.CALLWRIGHT_FLOWS, sounds: settings.CALLWRIGHT_SOUNDS };
    const remark = remarkLater(progress, waitingFor(stack, settings));
    const maker = releaseMaker(folders, (words) => {
      remark.pause();
      return makeSounds({ settings, stack, env, progress, signal }, words).finally(() => {
        progress.done();
        remark.resume();
      });
    });
    const sounds = soundsFolder({ settings, env });
    const parts = { settings, servers: stack, site, draft, maker, sounds, logBook, version, signal, fenced };
    const callwright = await startCallwright(parts).finally(remark.end);
    progress.done();
    const stop = async () => {
      await callwright.stop();
      await logBook.flush();
      await stack.stop();
    };
    return { stack, callwright, logFile, stop };
  } catch (error) {
    await logBook.flush();
    await stack.stop();
    throw signal.aborted ? new Explained('Stopped before it was up; nothing is left running.') : error;
  }
}

const phoneList = ({ phones }: Stack): string =>
  [
    '# SIP account and password of each agent’s phone on the private Asterisk',
    ...phones.map(({ name, password }) => `${name} ${password}`),
    '',
  ].join('\n');

/** Longer than any of ours needs; who waits then wants to know for what. */
const SILENCE_MS = 3_000;

/** Says what is waited for, unless something else is told meanwhile. */
function remarkLater(progress: HouseOptions['progress'], text: string) {
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  const pause = () => clearTimeout(timer);
  const resume = () => {
    if (!isOver) timer = setTimeout(() => progress.step({ text }), SILENCE_MS);
  };
  const end = () => {
    isOver = true;
    pause();
  };
  resume();
  return { pause, resume, end };
}

const waitingFor = ({ asteriskUrl }: Stack, { FREESWITCH_URL, DRACHTIO_URL }: Settings): string => {
  const hosts = (urls: readonly string[] = []) => urls.map((url) => new URL(url).host).join(', ');
  const what = FREESWITCH_URL
    ? `FreeSWITCH at ${hosts(FREESWITCH_URL)} and drachtio at ${hosts(DRACHTIO_URL)}`
    : `Asterisk at ${new URL(asteriskUrl).host}`;
  return `waiting for ${what}, or for another Callwright to let go of it (Ctrl-C gives up)`;
};
