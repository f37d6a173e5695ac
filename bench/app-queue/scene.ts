import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AsteriskOptions } from '../../src/local/asterisk.ts';
import type { FloorPorts } from './floor.ts';
import { HOST } from './wire.ts';

/** The same queue twice: as Callwright has it, and as app_queue does. */
export interface Scene {
  /** Folder of flow and site files. */
  readonly site: string;
  readonly dialplan: string;
  readonly phones: NonNullable<AsteriskOptions['phones']>;
  readonly trunks: NonNullable<AsteriskOptions['trunks']>;
  /** Agents' ids. */
  readonly agents: readonly string[];
  /** Content of app_queue's file. */
  readonly queuesConf: string;
}

export const NUMBERS = { callwright: '620', appQueue: 'native' } as const;

const PASSWORD = 'never-asked-for';
const RING_S = 20;
const MOST_WAITING = 10_000;
const FIRST_PHONE = 10_001;

/** Writes the files of a floor with so many agents. */
export function layOut(folder: string, members: number, ports: FloorPorts): Scene {
  const names = Array.from({ length: members }, (_, index) => String(FIRST_PHONE + index));
  const site = join(folder, 'site');
  mkdirSync(join(site, 'site'), { recursive: true });
  cpSync(join(import.meta.dirname, 'flows'), join(site, 'flows'), { recursive: true });
  const agents = names.map((name) => [`a${name}`, { name, phone: name, queues: ['bench'] }]);
  const queue = {
    title: 'Bench',
    wrapUp: '0s',
    ring: `${RING_S}s`,
    maxWaiting: MOST_WAITING,
    announce: { position: false },
    greeting: 'none',
  };
  // YAML holds JSON.
  writeFileSync(join(site, 'site/agents.yaml'), JSON.stringify(Object.fromEntries(agents)));
  writeFileSync(join(site, 'site/queues.yaml'), JSON.stringify({ bench: queue }));
  writeFileSync(join(site, 'site/trunks.yaml'), '{}');
  const dialplan = join(folder, 'native.conf');
  writeFileSync(dialplan, DIALPLAN);
  return {
    site,
    dialplan,
    phones: names.map((name) => ({ name, password: PASSWORD, contact: `sip:${name}@${HOST}:${ports.phones}` })),
    trunks: ports.carriers.map((port, at) => ({ name: `carrier${at + 1}`, host: HOST, port })),
    agents: names.map((name) => `a${name}`),
    queuesConf: queuesConf(names),
  };
}

const DIALPLAN = `[from-trunk]
exten => ${NUMBERS.appQueue},1,Answer()
 same => n,Queue(bench)
 same => n,Hangup()
`;

/** The longest idle first, all who wait served at once, a phone in use not rung, as soon again as app_queue can. */
const queuesConf = (names: readonly string[]): string => `[general]
persistentmembers=no
autofill=yes
[bench]
strategy=leastrecent
musicclass=default
autofill=yes
ringinuse=no
timeout=${RING_S}
retry=1
wrapuptime=0
joinempty=yes
leavewhenempty=no
maxlen=0
announce-frequency=0
${names.map((name) => `member => PJSIP/${name}\n`).join('')}`;
