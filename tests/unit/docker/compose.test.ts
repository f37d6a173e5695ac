import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { SETTINGS } from '../../../src/config/settings.ts';

const at = (path: string): URL => new URL(`../../../${path}`, import.meta.url);
const read = (path: string): string => readFileSync(at(path), 'utf8');

interface Service {
  readonly profiles?: readonly string[];
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly image?: string;
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: readonly string[];
  readonly networks?: Readonly<Record<string, { readonly ipv4_address?: string }>>;
}
interface Composition {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, object>>;
  readonly networks: { readonly sip: { readonly ipam: { readonly config: readonly [{ readonly subnet: string }] } } };
}

const text = read('docker/compose.yaml');
const { services, volumes, networks } = parse(text, { merge: true }) as Composition;
const named = Object.entries(services);
const service = (name: string): Service => services[name] ?? {};
const environment = (name: string): Readonly<Record<string, string | number>> => service(name).environment ?? {};

describe.each(named)(
  'the service %s',
  (_name, { build, image, volumes: mounts = [], depends_on: needs = [], profiles }) => {
    it('is built from a file that is there, or of an image with a version', () => {
      if (build) expect(existsSync(at(build.dockerfile)), build.dockerfile).toBe(true);
      else expect(image).toMatch(/:[v\d]/);
    });

    it('mounts files that are there, and volumes that are named', () => {
      for (const mount of mounts) {
        const [from = ''] = mount.split(':');
        if (from.startsWith('./')) expect(existsSync(at(`docker/${from.slice(2)}`)), from).toBe(true);
        else expect(Object.keys(volumes)).toContain(from);
      }
    });

    it('needs nobody who is not started with it', () => {
      for (const need of needs) {
        expect(Object.keys(services)).toContain(need);
        expect(service(need).profiles ?? profiles).toEqual(profiles);
      }
    });
  },
);

it('copies only what is there into its images', () => {
  const files = named.flatMap(([, { build }]) => build?.dockerfile ?? []);
  for (const file of new Set(files)) {
    const copied = read(file).matchAll(/^COPY (?!--from)(.+) \S+$/gm);
    for (const path of [...copied].flatMap(([, paths = '']) => paths.split(' ')))
      expect(existsSync(at(path)), path).toBe(true);
  }
});

it('asks for secrets that its README makes', () => {
  const asked = [...text.matchAll(/\$\{([A-Z_]+)/g)].map(([, name = '']) => name);
  const made = read('docker/README.md').replace(/for name in ((?:[A-Z]+ ?)+);/, (_all, names: string) =>
    names
      .split(' ')
      .map((name) => `${name}_PASSWORD`)
      .join(' '),
  );
  expect([...new Set(asked)].filter((name) => !made.includes(name))).toEqual([]);
});

it('tells Callwright only of settings that it has, and of one switch', () => {
  const known = Object.keys(SETTINGS);
  for (const name of ['callwright', 'callwright-freeswitch']) {
    expect(Object.keys(environment(name)).filter((setting) => !known.includes(setting))).toEqual([]);
  }
  expect(Object.keys(environment('callwright'))).not.toContain('FREESWITCH_URL');
  expect(Object.keys(environment('callwright-freeswitch'))).not.toContain('ASTERISK_URL');
});

describe('FreeSWITCH and drachtio', () => {
  const addressOf = (name: string) => service(name).networks?.['sip']?.ipv4_address ?? '';
  const inVariables = [
    ...read('dialplans/freeswitch/variables.xml').matchAll(/(?:=\$|printenv )(FREESWITCH_[A-Z_]+)/g),
  ].map(([, name = '']) => name);

  it('stand where the others look for them', () => {
    const urls = environment('callwright-freeswitch');
    expect(String(urls['DRACHTIO_URL'])).toMatch(new RegExp(`@${addressOf('drachtio')}:9022$`));
    expect(String(urls['FREESWITCH_URL'])).toMatch(new RegExp(`@${addressOf('freeswitch')}:8021$`));
    const { FREESWITCH_SIP_IP: sip, FREESWITCH_ESL_IP: esl } = environment('freeswitch');
    expect([sip, esl]).toEqual([addressOf('freeswitch'), addressOf('freeswitch')]);
    const { DRACHTIO_ADMIN_ADDRESS: admin, SIP_IP: contact, SIP_LOCAL_NET: net } = environment('drachtio');
    expect([admin, contact]).toEqual([addressOf('drachtio'), addressOf('drachtio')]);
    expect(networks.sip.ipam.config).toEqual([{ subnet: net }]);
  });

  it('let in drachtio and Callwright alone', () => {
    const { FREESWITCH_DRACHTIO: edge, FREESWITCH_CONTROLLERS: controllers } = environment('freeswitch');
    expect([edge, controllers]).toEqual([`${addressOf('drachtio')}/32`, `${addressOf('callwright-freeswitch')}/32`]);
  });

  it('publish the ports of sound, and none by which they are ordered about', () => {
    const { FREESWITCH_RTP_START: first, FREESWITCH_RTP_END: last } = environment('freeswitch');
    expect(service('freeswitch').ports).toEqual([`${first}-${last}:${first}-${last}/udp`]);
    expect(service('drachtio').ports).toEqual(['5060:5060/udp', '5060:5060/tcp']);
  });

  it('know every variable that is set for them, and each of them is told of', () => {
    const set = Object.keys(environment('freeswitch'));
    expect(set.filter((name) => !inVariables.includes(name))).toEqual([]);
    const readme = read('dialplans/freeswitch/README.md').replace(/, `_/g, ', `FREESWITCH_');
    expect(inVariables.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
  });

  it('never take an empty password, for which FreeSWITCH would put its own that everybody knows', () => {
    expect(read('dialplans/freeswitch/variables.xml')).toContain(
      'cmd="exec-set" data="esl_password=printenv FREESWITCH_PASSWORD | grep . || cat /proc/sys/kernel/random/uuid"',
    );
  });

  it('keep recordings and prompts under the paths by which Callwright names them', () => {
    const mine = service('callwright-freeswitch').volumes ?? [];
    for (const mount of service('freeswitch').volumes ?? []) {
      expect(mine).toContain(mount.replace(/:ro$/, ''));
    }
    expect(read('docker/freeswitch/Dockerfile')).toContain('"-recordings", "/data/spool"');
  });
});
