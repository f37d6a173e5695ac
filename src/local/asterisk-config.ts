import { z } from 'zod';

/** Whatever ends up in an Asterisk file is checked here: a line break or a `;` in a name would write configuration. */
const Name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/, 'letters, digits, dot, dash and underscore only');
export const PhoneName = Name.refine((name) => name !== 'anonymous', 'anonymous is the guests’ endpoint');
const Password = z.string().regex(/^[A-Za-z0-9_.~+/=-]{12,128}$/, '12 to 128 letters, digits and _.~+/=-');
const Host = z.string().regex(/^(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])$/, 'an address or host name');
const Port = z.number().int().min(1).max(65_535);
const Path = z.string().regex(/^\/[^\n\r;"]*$/, 'an absolute path without line breaks, quotes and semicolons');

export const AsteriskSettings = z.object({
  /** The address SIP, media and ARI bind to. Guests may call in only while it is a loopback address. */
  bind: Host.default('127.0.0.1'),
  ports: z.object({ sip: Port, http: Port }),
  rtp: z.object({ first: Port, last: Port }).default({ first: 10_000, last: 19_999 }),
  ari: z.object({ user: Name, password: Password }),
  /** Agents' phones. Each registers by name and password; one with a contact is also rung there unregistered. */
  phones: z
    .array(
      z.object({
        name: PhoneName,
        password: Password,
        contact: z
          .string()
          .regex(/^sip:[A-Za-z0-9_.+-]+@[A-Za-z0-9.-]+(?::\d{1,5})?$/, 'sip:name@host:port')
          .optional(),
      }),
    )
    .default([]),
  /** Carriers, known by the address and port they send from. */
  trunks: z.array(z.object({ name: Name, host: Host, port: Port })).default([]),
  app: Name.default('callwright'),
  language: Name.default('en'),
  /** Where callers go who waited too long while Callwright was away: `context,extension,priority`. */
  fallback: z
    .string()
    .regex(/^[A-Za-z0-9_.-]+,[A-Za-z0-9_.+-]+,\d+$/, 'context,extension,priority')
    .optional(),
  /** Dialplan files to include. */
  dialplans: z.array(Path).min(1),
  /** Further global variables of the dialplan. */
  globals: z.record(Name, z.string().regex(/^[\w.-]*$/)).default({}),
  /** Further pjsip objects, written by this room itself. */
  pjsip: z.string().default(''),
});

export type AsteriskSettings = z.infer<typeof AsteriskSettings>;
export type AsteriskInput = z.input<typeof AsteriskSettings>;

/** The folders of one private Asterisk. */
export interface AsteriskFolders {
  readonly etc: string;
  readonly modules: string;
  /** Sounds, music, and the documents that Asterisk reads at its start. */
  readonly data: string;
  readonly var: string;
  /** Short, since the control socket's path may have 107 characters at most. */
  readonly run: string;
  readonly log: string;
}

/** Every configuration file of a private Asterisk: file name → content. Deterministic, so that equal settings compare equal. */
export function asteriskFiles(settings: AsteriskSettings, folders: AsteriskFolders): Record<string, string> {
  return {
    'asterisk.conf': asteriskConf(folders),
    'modules.conf': modulesConf(),
    'logger.conf': '[general]\ndateformat=%F %T.%3q\n[logfiles]\nmessages => notice,warning,error\n',
    'http.conf': httpConf(settings),
    'ari.conf': ariConf(settings),
    'rtp.conf': `[general]\nrtpstart=${settings.rtp.first}\nrtpend=${settings.rtp.last}\nstrictrtp=yes\nicesupport=no\n`,
    'musiconhold.conf': `[default]\nmode=files\ndirectory=${folders.data}/moh\nsort=random\n`,
    'pjsip.conf': pjsipConf(settings),
    'extensions.conf': extensionsConf(settings),
    ...FIXED_FILES,
  };
}

/**
 * Messages that nobody here reads. Asterisk sets some thirty variables in the life of a leg, makes a message of each, and JSON of
 * each message for an application that follows the leg, before any event filter looks at it.
 */
const UNHEARD = [
  'channel_varset',
  'channel_dtmf_begin',
  'channel_moh_start',
  'channel_moh_stop',
  'channel_dial',
  'rtp_rtcp_sent',
  'rtp_rtcp_received',
];

/** Files that Asterisk asks for at its start; records of calls are Callwright's own, so Asterisk writes none. */
const FIXED_FILES: Readonly<Record<string, string>> = {
  'cdr.conf': '[general]\nenable=no\n',
  'cel.conf': '[general]\nenable=no\n',
  'manager.conf': '[general]\nenabled=no\n',
  'amd.conf': '[general]\n',
  'stasis.conf': `[declined_message_types]\n${UNHEARD.map((type) => `decline=ast_${type}_type\n`).join('')}`,
  'indications.conf':
    '[general]\ncountry=us\n[us]\ndescription=United States\nringcadence=2000,4000\ndial=350+440\nring=440+480/2000,0/4000\n' +
    'busy=480+620/500,0/500\ncongestion=480+620/250,0/250\n',
  ...Object.fromEntries(
    ['acl', 'ccss', 'features', 'pjproject', 'udptl', 'websocket_client'].map((name) => [`${name}.conf`, '']),
  ),
};

const asteriskConf = (folders: AsteriskFolders): string => `[directories]
astetcdir => ${folders.etc}
astmoddir => ${folders.modules}
astvarlibdir => ${folders.var}
astdbdir => ${folders.var}
astkeydir => ${folders.var}
astdatadir => ${folders.data}
astagidir => ${folders.var}/agi-bin
astspooldir => ${folders.var}/spool
astcachedir => ${folders.var}/cache
astrundir => ${folders.run}
astlogdir => ${folders.log}
[options]
systemname = callwright
live_dangerously = no
defaultlanguage = en
`;

/** Loopback by default, no status page, and room for many connections: at the default limit 100 idle ones lock ARI. */
const httpConf = ({ bind, ports }: AsteriskSettings): string => `[general]
enabled=yes
bindaddr=${bind}
bindport=${ports.http}
enable_static=no
enable_status=no
sessionlimit=1000
session_inactivity=30000
session_keep_alive=15000
`;

/** The event socket's write limit is 100 ms by default, which cuts a busy controller off. */
const ariConf = ({ ari }: AsteriskSettings): string => `[general]
enabled=yes
pretty=no
websocket_write_timeout=5000
[${ari.user}]
type=user
read_only=no
password=${ari.password}
password_format=plain
`;

const LOOPBACK = /^(127\.|\[::1\]$|localhost$)/;

function pjsipConf(settings: AsteriskSettings): string {
  const { bind, ports } = settings;
  return [
    section('global', { type: 'global', user_agent: 'Callwright', endpoint_identifier_order: 'ip,username,anonymous' }),
    section('udp', { type: 'transport', protocol: 'udp', bind: `${bind}:${ports.sip}` }),
    ...settings.phones.map((phone) => phoneConf(phone)),
    ...settings.trunks.map((trunk) => trunkConf(trunk)),
    // A softphone or SIPp on this machine may call in without an account; from outside nobody may.
    ...(LOOPBACK.test(bind) ? [endpoint('anonymous', { context: 'from-trunk' })] : []),
    settings.pjsip,
    `#tryinclude "${AGENT_PHONES_FILE}"\n`,
  ].join('\n');
}

/** Accounts that come and go while Asterisk runs, beside its other files. */
export const AGENT_PHONES_FILE = 'pjsip-agents.conf';
export const PHONE_REALM = 'asterisk';

/** @param digests phone → MD5 of `phone:realm:password`, in hex. */
export const agentPhonesConf = (digests: Readonly<Record<string, string>>): string =>
  Object.entries(digests)
    .map(([name, digest]) =>
      accountConf(name, { auth_type: 'md5', realm: PHONE_REALM, username: name, md5_cred: digest }),
    )
    .join('\n');

const phoneConf = ({ name, password, contact }: AsteriskSettings['phones'][number]): string =>
  accountConf(name, { auth_type: 'userpass', username: name, password }, contact);

function accountConf(name: string, auth: Record<string, string>, contact?: string): string {
  const aor = { type: 'aor', max_contacts: 1, remove_existing: 'yes', qualify_frequency: 0 };
  return (
    endpoint(name, { context: 'from-phones', auth: `${name}-auth`, aors: name, identify_by: 'username' }) +
    section(`${name}-auth`, { type: 'auth', ...auth }) +
    section(name, { ...aor, ...(contact && { contact }) })
  );
}

const trunkConf = ({ name, host, port }: AsteriskSettings['trunks'][number]): string =>
  endpoint(name, { context: 'from-trunk', aors: name, identify_by: 'ip' }) +
  section(name, { type: 'aor', contact: `sip:${host}:${port}`, qualify_frequency: 0 }) +
  section(name, { type: 'identify', endpoint: name, match: `${host}:${port}`, srv_lookups: 'no' });

/** Keys reach Callwright as RFC 4733 events and as SIP INFO alike; media stays in Asterisk, where it can be recorded. */
const endpoint = (name: string, own: Record<string, string>): string =>
  section(name, {
    type: 'endpoint',
    transport: 'udp',
    disallow: 'all',
    allow: 'ulaw,alaw',
    dtmf_mode: 'auto_info',
    direct_media: 'no',
    rtp_symmetric: 'yes',
    force_rport: 'yes',
    rewrite_contact: 'yes',
    ...own,
  });

const section = (name: string, values: Record<string, string | number>): string =>
  `[${name}]\n${Object.entries(values)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('')}`;

const extensionsConf = ({ app, language, fallback, globals, dialplans }: AsteriskSettings): string => `[general]
static=yes
writeprotect=yes
[globals]
CALLWRIGHT_APP=${app}
CALLWRIGHT_LANGUAGE=${language}
CALLWRIGHT_FALLBACK=${fallback ?? ''}
${Object.entries(globals)
  .map(([name, value]) => `${name}=${value}\n`)
  .join('')}${dialplans.map((file) => `#include "${file}"`).join('\n')}
`;

/** Only what is used: it starts faster, and most past security bugs sat in the rest. */
const modulesConf = (): string =>
  `[modules]\nautoload=no\n${MODULES.flatMap(([prefix, names]) => names.split(' ').map((name) => `load=${prefix}${name}.so\n`)).join('')}`;

const MODULES: readonly (readonly [prefix: string, names: string])[] = [
  ['res_', 'sorcery_config sorcery_memory sorcery_astdb timing_timerfd pjproject http_websocket websocket_client'],
  ['res_', 'musiconhold rtp_asterisk'],
  ['res_pjsip', ' _session _sdp_rtp _registrar _outbound_registration _outbound_authenticator_digest'],
  [
    'res_pjsip_',
    'authenticator_digest acl caller_id dtmf_info dlg_options empty_info header_funcs logger nat path refer',
  ],
  [
    'res_pjsip_',
    'rfc3326 diversion endpoint_identifier_ip endpoint_identifier_user endpoint_identifier_anonymous pubsub',
  ],
  ['chan_', 'pjsip bridge_media'],
  ['bridge_', 'simple softmix native_rtp holding builtin_features'],
  ['codec_', 'ulaw alaw a_mu gsm resample'],
  ['format_', 'wav pcm gsm sln'],
  ['res_', 'stasis stasis_answer stasis_playback stasis_recording stasis_snoop stasis_device_state'],
  ['res_', 'ari ari_model ari_applications ari_asterisk ari_bridges ari_channels ari_device_states ari_endpoints'],
  ['res_', 'ari_events ari_playbacks ari_recordings ari_sounds'],
  [
    'app_',
    'stasis dial playback echo amd record senddtmf playtones milliwatt stack verbose exec transfer waitforsilence',
  ],
  ['func_', 'channel callerid rand timeout hangupcause global strings math logic cut uri devstate volume talkdetect'],
  ['func_', 'pjsip_endpoint pjsip_contact pjsip_aor dialplan'],
  ['pbx_', 'config'],
];
