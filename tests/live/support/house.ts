import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { LiveStore } from '../../../src/engine/ports/live-store.ts';
import { ensure } from '../../../src/local/debian.ts';
import { type PublicNetwork, startPublicNetwork } from '../../../src/local/public-network.ts';
import { type Redis, type RedisOptions, startRedis } from '../../../src/local/redis.ts';
import { PACKAGES } from '../../../src/local/stack.ts';
import { createRedisLiveStore } from '../../../src/store/redis/live-store.ts';
import { openRegistrations } from '../../../src/store/redis/registrations.ts';
import { systemClock } from '../../../src/system.ts';
import { type Api, apiAt } from './api.ts';
import { type Caller, type CallerStory, type Crowd, startCrowd } from './caller.ts';
import { type CallwrightProcess, startCallwright } from './callwright.ts';
import { crash } from './crash.ts';
import { type Crm, startCrm } from './crm.ts';
import { holdFreeswitch } from './freeswitch-under-test.ts';
import { followJournal, type Journal, latestFrom } from './journal.ts';
import { type Phone, type PhoneStory, plugIn } from './phone.ts';
import { freeUdpPort, HOST } from './sipp.ts';
import { layOutSql } from './sql-template.ts';
import { startSwitch, type SwitchKind, switchUnderTest, type SwitchUnderTest } from './switch-under-test.ts';
import { until } from './until.ts';

/** The agents' phones of the test site, and thirty more at one address, for agents who are added. */
const DESKS = ['1001', '1002', '1003', '1004', '1005', '1006'] as const;
export const CROWD_DESKS: readonly string[] = Array.from({ length: 30 }, (_, index) => String(2001 + index));

type Desk = (typeof DESKS)[number] | 'crowd';

/** A switch, Redis and a Callwright process, with people around them. */
export interface House {
  readonly pbx: SwitchUnderTest;
  /** Where everything of this house lies; that of a private Asterisk in `asterisk`. */
  readonly folder: string;
  readonly redis: { readonly url: string; readonly crash: () => Promise<void>; readonly start: () => Promise<void> };
  readonly live: LiveStore;
  readonly journal: Journal;
  /** The simulated public network, in a house that was opened with one. */
  readonly world: PublicNetwork;
  readonly api: Api;
  readonly callwright: CallwrightProcess;
  readonly adminToken: string;
  /** Folder of the flow and site files, a copy of its own. */
  readonly site: string;
  /** The system outside that its flows ask. */
  readonly crm: Crm;
  /** Starts Callwright again, on the same data. */
  readonly restart: () => Promise<void>;
  readonly phone: (desk: Desk, story: PhoneStory) => Promise<Phone>;
  readonly call: (story: CallerStory) => Promise<Caller>;
  readonly crowd: (stories: readonly CallerStory[], everyMs?: number) => Promise<readonly Caller[]>;
  /** Logs these agents in. Longest idle is who comes first. */
  readonly ready: (...agents: readonly string[]) => Promise<void>;
  /** Everybody goes: callers hang up, agents log out when they are idle, phones are unplugged. */
  readonly goHome: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface HouseWish {
  readonly withWorld?: boolean;
  /** How fast the people of that world are: 1 = as in life, 0.1 = ten times as fast. */
  readonly pace?: number;
  /** On this switch, and not on the one that the setting names. */
  readonly on?: SwitchKind;
  /** A server that other processes share, instead of the embedded store. */
  readonly databaseUrl?: string;
  /** More for the dialplan of its Asterisk. */
  readonly dialplan?: string;
}

export async function openHouse(options: HouseWish = {}): Promise<House> {
  const folder = mkdtempSync(join(tmpdir(), 'cw-live-'));
  const { root } = await ensure({ packages: PACKAGES });
  const ports = new Map<Desk, number>();
  for (const desk of [...DESKS, 'crowd'] as const) ports.set(desk, await freeUdpPort());
  const [carrierPort, fullPort] = [await freeUdpPort(), await freeUdpPort()];
  const more = options.dialplan === undefined ? [] : [join(folder, 'more.conf')];
  for (const file of more) writeFileSync(file, options.dialplan ?? '');
  const redisOptions: RedisOptions = { root, folder: join(folder, 'redis'), port: 0, password: 'only-on-loopback' };
  let redis: Redis;
  const data = join(folder, 'callwright');
  const ownAsterisk = () =>
    startSwitch({
      root,
      folder: join(folder, 'asterisk'),
      ports: { sip: 0, http: 0 },
      ari: { user: 'callwright', password: 'only-on-loopback' },
      phones: phones(ports),
      trunks: [
        { name: 'public', host: HOST, port: carrierPort },
        { name: 'full', host: HOST, port: fullPort },
      ],
      dialplans: [resolve(import.meta.dirname, '../../../dialplans/asterisk/extensions.conf'), ...more],
    });
  const isFreeswitch = (options.on ?? switchUnderTest()) === 'freeswitch';
  const [pbx, firstRedis] = await Promise.all([
    isFreeswitch ? holdFreeswitch(join(data, 'spool')) : ownAsterisk(),
    startRedis(redisOptions),
  ]);
  if (isFreeswitch) await register(phones(ports), firstRedis.url);
  redis = firstRedis;
  const world = options.withWorld
    ? await startPublicNetwork({
        root,
        folder: join(folder, 'w'),
        carrierPort,
        fullPort,
        peer: pbx.sipAddress,
        phones: [],
        pace: options.pace ?? 0.3,
      })
    : undefined;
  const live = await createRedisLiveStore({ url: redis.url, log: SILENT });
  const journal = followJournal(live);
  await layOutSql(data);
  const crm = await startCrm();
  const site = layOutSite(join(folder, 'site'), crm, {
    carrier: carrierPort,
    full: fullPort,
    ear: ports.get('1003') ?? 0,
  });
  const place = {
    switchEnv: { ...pbx.env, ...(options.databaseUrl !== undefined && { DATABASE_URL: options.databaseUrl }) },
    redisUrl: redis.url,
    data,
    flows: site,
    flowEnv: { CRM: crm.url },
  };
  let callwright = await startCallwright(place);
  const token = callwright.adminToken ?? '';
  let api = apiAt(callwright.apiUrl, token);
  const crowds: Crowd[] = [];
  const plugged: Phone[] = [];
  const witness = async (from: string) => ({
    facts: latestFrom(journal, from),
    channels: await pbx.channels().catch(String),
    bridges: await pbx.bridges().catch(String),
  });
  const sippPlace = { root, folder, target: pbx.sipAddress, witness };

  const crowd = async (stories: readonly CallerStory[], everyMs = 50): Promise<readonly Caller[]> => {
    const started = await startCrowd(sippPlace, stories, everyMs);
    crowds.push(started);
    return started.callers;
  };
  return {
    pbx,
    folder,
    redis: {
      url: redis.url,
      crash: () => crash(redisOptions.folder),
      start: async () => {
        redis = await startRedis({ ...redisOptions, port: Number(new URL(place.redisUrl).port) });
      },
    },
    live,
    journal,
    site,
    crm,
    adminToken: token,
    get world() {
      if (!world) throw new Error('this house was opened without a world');
      return world;
    },
    get api() {
      return api;
    },
    get callwright() {
      return callwright;
    },
    restart: async () => {
      callwright = await startCallwright(place);
      api = apiAt(callwright.apiUrl, token);
    },
    phone: async (desk, story) => {
      const phone = await plugIn(sippPlace, ports.get(desk) ?? 0, story);
      plugged.push(phone);
      return phone;
    },
    crowd,
    call: async (story) => {
      const [caller] = await crowd([story]);
      if (!caller) throw new Error('a crowd of nobody');
      return caller;
    },
    ready: async (...agents) => {
      for (const agent of agents) await api.setStatus(agent, 'ready');
    },
    goHome: async () => {
      await Promise.all(crowds.splice(0).map((each) => each.disperse()));
      await logOutAll(api);
      await Promise.all(plugged.splice(0).map((phone) => phone.unplug()));
    },
    close: async () => {
      await Promise.all([...crowds.map((each) => each.disperse()), ...plugged.map((phone) => phone.unplug())]);
      await callwright.end('SIGTERM');
      journal.close();
      await live.close();
      await Promise.all([world?.stop(), pbx.stop(), redis.stop(), crm.down()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The site of the tests, with leave to ask the system outside, and where its trunks are reached over SIP. */
function layOutSite(folder: string, { url }: Crm, ports: Readonly<Record<'carrier' | 'full' | 'ear', number>>): string {
  cpSync(resolve(import.meta.dirname, '../site'), folder, { recursive: true });
  const trunks = join(folder, 'site/trunks.yaml');
  const addressed = readFileSync(trunks, 'utf8').replace(/^(\w+): \{/gm, (_, name: string) => {
    const port = name === 'ear' || name === 'full' ? ports[name] : ports.carrier;
    return `${name}: { address: "${HOST}:${port}",`;
  });
  writeFileSync(trunks, addressed);
  writeFileSync(join(folder, 'site/destinations.yaml'), `hosts: [{ host: "${url}", private: true }]\n`);
  return folder;
}

function phones(ports: ReadonlyMap<Desk, number>) {
  const phone = (name: string, port = 0) => ({
    name,
    password: 'only-on-loopback',
    contact: `sip:${name}@${HOST}:${port}`,
  });
  return [
    ...DESKS.map((name) => phone(name, ports.get(name))),
    ...CROWD_DESKS.map((name) => phone(name, ports.get('crowd'))),
  ];
}

/** FreeSWITCH finds phones where the SIP edge keeps them. */
async function register(all: ReturnType<typeof phones>, url: string): Promise<void> {
  const book = await openRegistrations({ url, clock: systemClock, log: SILENT });
  const expiresAt = Date.now() + 3_600_000;
  await book.setAccounts(all.map(({ name }) => name));
  for (const { name, contact: uri } of all) {
    const contact = { uri, expiresAt, callId: 'plugged-in', cseq: 1, instance: null };
    await book.change(name, { save: [contact], remove: [] });
  }
  await book.close();
}

async function logOutAll(api: Api): Promise<void> {
  const agents = await until(
    'agents to be idle',
    () => api.agents(),
    (all) => all.every(({ state }) => state === 'idle'),
  );
  for (const { profile, status } of agents) if (status !== 'logged-out') await api.setStatus(profile.id, 'logged-out');
}

const quiet = (): void => {};
const SILENT = { debug: quiet, info: quiet, warn: quiet, error: quiet };
