import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);
const flag = z.enum(['0', '1']).transform((value) => value === '1');
const url = (...protocols: string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    error: `must be a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  });

const urls = (protocol: string) =>
  z
    .string()
    .transform((text) => text.split(',').map((one) => one.trim()))
    .refine((all) => all.every((one) => URL.canParse(one) && new URL(one).protocol === protocol), {
      error: `must be one or more URLs that begin with ${protocol}//, with commas between`,
    });

/** Every setting, from the environment. The README lists the same ones; a test holds the two together. */
export const SETTINGS = {
  ASTERISK_URL: url('http:', 'https:')
    .optional()
    .describe('Asterisk of your own, `http://user:password@host:8088`; without it a private one is run'),
  DRACHTIO_URL: urls('drachtio:')
    .optional()
    .describe(
      'drachtio servers, `drachtio://:secret@host:9022`, several with commas between; with FREESWITCH_URL: calls go through them instead of Asterisk',
    ),
  FREESWITCH_URL: urls('esl:')
    .optional()
    .describe('FreeSWITCH servers, `esl://:password@host:8021`, several with commas between'),
  CALLWRIGHT_EDGES: z
    .string()
    .transform((text) => text.split(',').map((one) => one.trim()))
    .refine((all) => all.every((one) => isIP(one) !== 0), { error: 'must be IP addresses with commas between' })
    .optional()
    .describe('addresses of SIP edges in front of drachtio: what they say of who calls is believed'),
  REDIS_URL: url('redis:', 'rediss:').optional().describe('Redis or Valkey of your own, ≥ 6.2'),
  DATABASE_URL: url('postgres:', 'postgresql:').optional().describe('PostgreSQL of your own, ≥ 14'),
  CALLWRIGHT_DATA: z.string().min(1).default('.callwright').describe('folder for state, logs and secrets'),
  CALLWRIGHT_CACHE: z.string().optional().describe('folder for the unpacked programs; default ~/.cache/callwright'),
  CALLWRIGHT_FLOWS: z.string().min(1).default('ivr-flows').describe('folder of flow and site files'),
  CALLWRIGHT_SOUNDS: z.string().min(1).default('sounds').describe('folder of prompt texts and recordings'),
  CALLWRIGHT_HTTP_HOST: z.string().min(1).default('127.0.0.1').describe('address of the API'),
  CALLWRIGHT_HTTP_PORT: port.default(8080).describe('port of the API; 0 takes any free one'),
  CALLWRIGHT_PUBLIC: flag.default(false).describe('1 lets the API listen on more than loopback without TLS'),
  CALLWRIGHT_SIP_PORT: port.default(5070).describe('SIP port of the private Asterisk (UDP)'),
  CALLWRIGHT_ARI_PORT: port.default(8088).describe('HTTP port of the private Asterisk'),
  CALLWRIGHT_REDIS_PORT: port.default(6390).describe('port of the private Redis'),
  CALLWRIGHT_DEBIAN_MIRROR: z.string().optional().describe('where Debian packages come from; default: as apt has it'),
  CALLWRIGHT_ALLOW_OLD_ASTERISK: flag.default(false).describe('1 runs with an Asterisk older than 22.10.1'),
  CALLWRIGHT_NODE: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/, 'must be small letters, digits and dashes')
    .default('asterisk-1')
    .describe('name of the switch in metrics, leases and events; freeswitch-1 where that is the switch'),
  CALLWRIGHT_COUNTRY: z
    .string()
    .regex(/^[A-Z]{2}$/, 'must be two capital letters, e.g. FI')
    .optional()
    .describe('country of numbers that are written without +'),
  CALLWRIGHT_MAX_CALLS: z.coerce.number().int().positive().default(2_000).describe('more than this get a polite 503'),
  CALLWRIGHT_MAX_SETUP_MS: z.coerce
    .number()
    .int()
    .positive()
    .default(1_000)
    .describe('new calls get a polite 503 while the p99 of the switch is slower'),
  CALLWRIGHT_SECRETS: z
    .string()
    .optional()
    .describe('private file of `name=value` lines that flows name; CALLWRIGHT_SECRET_<NAME> overrides one'),
  CALLWRIGHT_API: url('http:', 'https:')
    .optional()
    .describe(
      'where `callwright flow load` and its like find the running server; default: this machine, the port above',
    ),
  CALLWRIGHT_TOKEN: z.string().optional().describe('API token of these commands'),
  CALLWRIGHT_JOURNAL_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(3_650)
    .default(90)
    .describe('events are kept for so many days: the last hour in Redis, all in the database'),
  CALLWRIGHT_FOLLOW_UP_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(3_650)
    .default(365)
    .describe('closed follow-ups are kept for so many days'),
  CALLWRIGHT_QUEUE_LOG: z
    .string()
    .min(1)
    .optional()
    .describe("file that is written like Asterisk's `queue_log`; set it for one process of a house"),
  CALLWRIGHT_LOG: z.enum(['debug', 'info', 'warn', 'error']).default('info').describe('least level that is logged'),
} as const;

const schema = z.object(SETTINGS);

/** Variables that an operator names: secrets, and what flows may read as `${env.<NAME>}`. */
const OWN_NAMES = /^CALLWRIGHT_(?:SECRET|FLOW)_./;

export type Settings = Readonly<z.output<typeof schema>>;

export type SettingsReading =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly problems: readonly string[] };

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

/** Reads the settings once; all faults are told at once, each with its name. */
export function readSettings(env: Readonly<Record<string, string | undefined>>): SettingsReading {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const ours = Object.keys(given).filter((name) => name.startsWith('CALLWRIGHT_') && !OWN_NAMES.test(name));
  const unknown = ours.filter((name) => !(name in SETTINGS));
  const problems = unknown.map((name) => `${name} is not a setting of Callwright${near(name)}.`);
  const parsed = schema.safeParse(given);
  if (!parsed.success)
    problems.push(...parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}.`));
  else if (!LOOPBACK.has(parsed.data.CALLWRIGHT_HTTP_HOST) && !parsed.data.CALLWRIGHT_PUBLIC) {
    problems.push('CALLWRIGHT_HTTP_HOST is not loopback: put TLS in front, then set CALLWRIGHT_PUBLIC=1.');
  }
  problems.push(...switchProblems(given));
  if (!parsed.success || problems.length > 0) return { ok: false, problems };
  const { CALLWRIGHT_DATA, CALLWRIGHT_FLOWS, CALLWRIGHT_SOUNDS, CALLWRIGHT_SECRETS, CALLWRIGHT_QUEUE_LOG } =
    parsed.data;
  const folders = {
    CALLWRIGHT_DATA: resolve(CALLWRIGHT_DATA),
    CALLWRIGHT_FLOWS: resolve(CALLWRIGHT_FLOWS),
    CALLWRIGHT_SOUNDS: resolve(CALLWRIGHT_SOUNDS),
    ...(given['FREESWITCH_URL'] && !given['CALLWRIGHT_NODE'] && { CALLWRIGHT_NODE: 'freeswitch-1' }),
    ...(CALLWRIGHT_SECRETS !== undefined && { CALLWRIGHT_SECRETS: resolve(CALLWRIGHT_SECRETS) }),
    ...(CALLWRIGHT_QUEUE_LOG !== undefined && { CALLWRIGHT_QUEUE_LOG: resolve(CALLWRIGHT_QUEUE_LOG) }),
  };
  return { ok: true, settings: Object.freeze({ ...parsed.data, ...folders }) };
}

/** One switch, and all of it. */
function switchProblems({
  DRACHTIO_URL,
  FREESWITCH_URL,
  ASTERISK_URL,
}: Readonly<Record<string, unknown>>): readonly string[] {
  if (!DRACHTIO_URL !== !FREESWITCH_URL) {
    const missing = DRACHTIO_URL ? 'FREESWITCH_URL' : 'DRACHTIO_URL';
    return [`${missing} is not set: FreeSWITCH is driven through drachtio, so both must be set or none.`];
  }
  return DRACHTIO_URL && ASTERISK_URL
    ? ['ASTERISK_URL is set together with FREESWITCH_URL: one Callwright drives one kind of switch; unset one of them.']
    : [];
}

/** The setting that was probably meant. */
function near(name: string): string {
  const sameStart = (other: string) => {
    let length = 0;
    while (length < name.length && name[length] === other[length]) length += 1;
    return length;
  };
  const best = Object.keys(SETTINGS).toSorted((a, b) => sameStart(b) - sameStart(a))[0];
  return best && sameStart(best) > 'CALLWRIGHT_'.length ? `; did you mean ${best}` : '';
}
