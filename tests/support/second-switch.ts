import { afterAll, beforeAll, describe } from 'vitest';
import { lock, type Release } from '../../src/local/lock.ts';
import { type Door, doorsOf, MARK } from './doors.ts';

/** Running servers that tests may use and restart: one test run at a time has them. */
export interface SecondSwitch {
  readonly drachtio: readonly [Door, ...Door[]];
  readonly freeswitch: readonly [Door, ...Door[]];
}

/** The servers that DRACHTIO_URL and FREESWITCH_URL name; null when one of the two is unset. */
export function secondSwitch(env: NodeJS.ProcessEnv = process.env): SecondSwitch | null {
  const [firstEdge, ...moreEdges] = doorsOf('DRACHTIO_URL', env);
  const [firstMedia, ...moreMedia] = doorsOf('FREESWITCH_URL', env);
  if (!firstEdge || !firstMedia) return null;
  return { drachtio: [firstEdge, ...moreEdges], freeswitch: [firstMedia, ...moreMedia] };
}

/** A suite on real servers, skipped where there are none: the last lines of the run say so, and how many tests that was. */
export function describeOnSecondSwitch(what: string, suite: (servers: SecondSwitch) => void): void {
  const servers = secondSwitch();
  describeAlone(`${what} ${MARK.both}`, servers !== null, () => suite(servers ?? PLACEHOLDER));
}

/** As above, for what needs no FreeSWITCH. */
export function describeOnDrachtio(what: string, suite: (doors: SecondSwitch['drachtio']) => void): void {
  const [first, ...more] = doorsOf('DRACHTIO_URL');
  describeAlone(`${what} ${MARK.drachtio}`, first !== undefined, () => suite([first ?? NOWHERE, ...more]));
}

function describeAlone(name: string, isThere: boolean, suite: () => void): void {
  describe.skipIf(!isThere)(name, () => {
    let release: Release = () => {};
    beforeAll(async () => {
      release = await holdSecondSwitch();
    }, TURN_WITHIN_MS);
    afterAll(() => release());
    suite();
  });
}

/** Files run beside each other, but one alone may end the calls of these servers. */
export const holdSecondSwitch = (): Promise<Release> =>
  lock(`drachtio ${process.env['DRACHTIO_URL']} freeswitch ${process.env['FREESWITCH_URL']}`);
/** How long the others may take before. */
export const TURN_WITHIN_MS = 15 * 60_000;

const NOWHERE: Door = { host: '127.0.0.1', port: 0, secret: '' };
/** A skipped suite is still read, to count its tests. */
const PLACEHOLDER: SecondSwitch = { drachtio: [NOWHERE], freeswitch: [NOWHERE] };
