import { cpSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ensure } from '../../../src/local/debian.ts';
import { PACKAGES } from '../../../src/local/stack.ts';
import { type Api, apiAt } from './api.ts';
import { type CallerStory, type Crowd, startCrowd } from './caller.ts';
import { startCallwright } from './callwright.ts';
import type { House } from './house.ts';
import { latestFrom } from './journal.ts';
import { startSwitch } from './switch-under-test.ts';

/** Another Callwright with an Asterisk of its own, around the Redis and the database of a house. */
export interface SecondProcess {
  readonly api: Api;
  readonly call: (story: CallerStory) => Promise<Crowd>;
  readonly channels: () => Promise<readonly string[]>;
  readonly log: () => string;
  readonly stop: () => Promise<void>;
}

/** Its folder of flows is a copy of that of the house, as it is now. */
export async function startSecond(house: House, databaseUrl: string): Promise<SecondProcess> {
  const { root } = await ensure({ packages: PACKAGES });
  const folder = join(house.folder, 'second');
  const flows = join(folder, 'site');
  cpSync(house.site, flows, { recursive: true });
  const pbx = await startSwitch({
    root,
    folder: join(folder, 'asterisk'),
    ports: { sip: 0, http: 0 },
    ari: { user: 'callwright', password: 'only-on-loopback' },
    dialplans: [resolve(import.meta.dirname, '../../../dialplans/asterisk/extensions.conf')],
  });
  const callwright = await startCallwright({
    switchEnv: { ...pbx.env, DATABASE_URL: databaseUrl, CALLWRIGHT_NODE: 'asterisk-2' },
    redisUrl: house.redis.url,
    data: join(folder, 'callwright'),
    flows,
    flowEnv: { CRM: house.crm.url },
  });
  const witness = async (from: string) => latestFrom(house.journal, from);
  return {
    api: apiAt(callwright.apiUrl, house.adminToken),
    call: (story) => startCrowd({ root, folder, target: pbx.sipAddress, witness }, [story], 50),
    channels: pbx.channels,
    log: () => callwright.log(),
    stop: async () => {
      await callwright.end('SIGTERM');
      await pbx.stop();
    },
  };
}
