import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { LoadedSite } from '../../config/site/load.ts';
import type { Callwright } from '../../main.ts';
import { claimPort } from '../../local/ports.ts';
import { type PublicNetwork, startPublicNetwork } from '../../local/public-network.ts';
import { askedToEnd } from '../asked-to-end.ts';
import { settingsOf } from '../check.ts';
import { goodDraft } from '../first-flows.ts';
import { EXIT } from '../ending.ts';
import { type House, openHouse } from '../house.ts';
import { createProgress } from '../progress.ts';
import { api } from './api.ts';
import { board } from './board.ts';
import { shellKeys } from './keys.ts';
import { leadsCsv, letPeopleCall } from './people.ts';
import { type Account, settle, summary } from './summary.ts';

export interface DemoOptions {
  readonly seconds?: number;
  readonly callers: number;
  readonly leads: number;
  readonly version: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const PHONES_WITHIN_MS = 30_000;
const FRAME_MS = 500;
/** On a pipe the board comes as one line now and then. */
const LINE_MS = 5_000;
const MAIN_NUMBER = '+358401234567';

/** `callwright demo`: the product alive, with a second Asterisk as the world; ends with a summary that must add up. */
export async function demo(options: DemoOptions): Promise<number> {
  const over = askedToEnd(process);
  const folder = mkdtempSync(join(tmpdir(), 'callwright-demo-'));
  const closers: (() => Promise<unknown>)[] = [async () => rmSync(folder, { recursive: true, force: true })];
  try {
    return await show(options, folder, over.signal, closers);
  } finally {
    const progress = createProgress(process.stderr);
    progress.step({ text: 'stopping the demo' });
    for (const close of closers.toReversed()) await close().catch((error: unknown) => console.error(error));
    progress.done();
  }
}

async function show(
  options: DemoOptions,
  folder: string,
  signal: AbortSignal,
  closers: (() => Promise<unknown>)[],
): Promise<number> {
  const { house, network } = await raise(options, folder, signal, closers);
  const { callwright } = house;
  const call = api(callwright);
  for (const { profile } of callwright.service.agents()) {
    await call('POST', `/v1/agents/${profile.id}/status`, { status: 'ready', reason: null });
  }
  const keysFile = join(folder, 'env');
  writeFileSync(keysFile, shellKeys(callwright.apiUrl, callwright.adminToken ?? ''), { mode: 0o600 });
  const campaignId = await startCampaign(call, options.leads);
  const people = letPeopleCall(network, MAIN_NUMBER, options.callers);
  const startedAt = Date.now();
  const ends = options.seconds ? AbortSignal.any([signal, AbortSignal.timeout(options.seconds * 1_000)]) : signal;
  await watch({ callwright, campaignId, startedAt, keysFile }, ends);
  return account(callwright, call, people);
}

async function raise(
  options: DemoOptions,
  folder: string,
  signal: AbortSignal,
  closers: (() => Promise<unknown>)[],
): Promise<{ house: House; network: PublicNetwork }> {
  const env = { ...options.env, CALLWRIGHT_DATA: join(folder, 'callwright') };
  const free = {
    CALLWRIGHT_HTTP_PORT: '0',
    CALLWRIGHT_SIP_PORT: '0',
    CALLWRIGHT_ARI_PORT: '0',
    CALLWRIGHT_REDIS_PORT: '0',
  };
  const settings = settingsOf({ ...env, ...free, ASTERISK_URL: '', REDIS_URL: '', DATABASE_URL: '' });
  const draft = await goodDraft(settings);
  const site = alwaysOpen(draft.site);
  const progress = createProgress(process.stderr);
  const carrier = {
    protocol: 'udp',
    host: '127.0.0.1',
    port: 0,
    purpose: 'the simulated carrier',
    setting: '',
  } as const;
  const carrierPort = await claimPort(carrier);
  const trunks = [{ name: 'public', host: '127.0.0.1', port: carrierPort }];
  const fenced = (reason: string) => console.error(reason);
  const house = await openHouse({
    settings,
    site,
    draft: { ...draft, site },
    env,
    version: options.version,
    progress,
    trunks,
    signal,
    fenced,
  });
  closers.push(() => house.stop());
  const { root, sipAddress, phones } = house.stack;
  if (!root || !sipAddress) throw new Error('the demo runs on private servers');
  progress.step({ text: 'starting the simulated public network' });
  const network = await startPublicNetwork({
    root,
    folder: join(folder, 'world'),
    carrierPort,
    peer: sipAddress,
    phones,
  });
  closers.push(() => network.stop());
  await phonesRegistered(house.stack, signal);
  progress.done();
  return { house, network };
}

/** The agents' phones register by themselves, a moment after both sides are up. */
async function phonesRegistered({ asteriskUrl, phones }: House['stack'], signal: AbortSignal): Promise<void> {
  const { origin, username, password } = new URL(asteriskUrl);
  const authorization = `Basic ${Buffer.from(`${username}:${decodeURIComponent(password)}`).toString('base64')}`;
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(PHONES_WITHIN_MS)]);
  for (;;) {
    const reply = await fetch(`${origin}/ari/endpoints/PJSIP`, { headers: { authorization }, signal: deadline });
    const endpoints = (await reply.json()) as { resource: string; state: string }[];
    const online = new Set(endpoints.filter(({ state }) => state === 'online').map(({ resource }) => resource));
    if (phones.every(({ name }) => online.has(name))) return;
    await pause(FRAME_MS, undefined, { signal: deadline });
  }
}

/** Demos are shown at night and on holidays too. */
function alwaysOpen(site: LoadedSite): LoadedSite {
  const allDay = new Map([1, 2, 3, 4, 5, 6, 7].map((day) => [day, [{ from: 0, to: 1_440 }]] as const));
  const open = { weekly: allDay, holidays: new Map(), exceptions: new Map() };
  return {
    ...site,
    calendars: new Map([...site.calendars].map(([name, calendar]) => [name, { ...calendar, ...open }])),
  };
}

async function startCampaign(call: ReturnType<typeof api>, leads: number): Promise<string> {
  const { campaign } = await call<{ campaign: { id: string } }>('POST', '/v1/campaigns', {
    name: 'Demo campaign',
    mode: 'predictive',
    trunk: 'public',
    callerId: '+358401234567',
    language: 'en',
    require: [],
    maxLines: 10,
    cps: 2,
    ringMs: 15_000,
    maxAttempts: 1,
    retryAfterMs: 60_000,
    connectDeadlineMs: 2_000,
    wrapUpMs: 2_000,
    profile: 'simulated',
  });
  await call('POST', `/v1/campaigns/${campaign.id}/leads`, leadsCsv(leads), 'text/csv');
  await call('POST', `/v1/campaigns/${campaign.id}/start`);
  return campaign.id;
}

interface Shown {
  readonly callwright: Callwright;
  readonly campaignId: string;
  readonly startedAt: number;
  readonly keysFile: string;
}

/** Shows the board until it is over: a screen that renews itself, or lines on a pipe. */
async function watch({ callwright, campaignId, startedAt, keysFile }: Shown, ends: AbortSignal): Promise<void> {
  const screen = process.stdout;
  const draw = async () => {
    const { service } = callwright;
    const view = {
      now: Date.now(),
      startedAt,
      keysFile,
      width: screen.columns ?? 120,
      queues: service.queues(),
      agents: service.agents(),
      calls: service.calls(),
      campaign: await service.campaign(campaignId),
    };
    const lines = board(view);
    if (screen.isTTY) screen.write(`\u001b[H${lines.map((line) => `${line}\u001b[K`).join('\n')}\u001b[J`);
    else screen.write(`${lines.filter((line) => line !== '').join('\n')}\n---\n`);
  };
  if (screen.isTTY) screen.write('\u001b[?1049h\u001b[?25l');
  const timer = setInterval(() => void draw().catch(() => undefined), screen.isTTY ? FRAME_MS : LINE_MS);
  try {
    if (!ends.aborted) await once(ends, 'abort');
  } finally {
    clearInterval(timer);
    if (screen.isTTY) screen.write('\u001b[?25h\u001b[?1049l');
  }
}

/** Nobody calls any more, what rings ends, and the books are compared. */
async function account(
  callwright: Callwright,
  call: ReturnType<typeof api>,
  people: { stop(): Promise<number> },
): Promise<number> {
  const progress = createProgress(process.stderr);
  progress.step({ text: 'letting the last calls end' });
  const callers = await settle(callwright, call, people);
  progress.done();
  const found: Account = await summary(call, callers);
  console.log(found.text);
  return found.agrees ? EXIT.fine : EXIT.findings;
}
