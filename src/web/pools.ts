import { lookup as systemLookup } from 'node:dns/promises';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { mayConnect } from './address.ts';

/** Addresses of a host, best first. */
export type Resolve = (host: string) => Promise<readonly string[]>;

export const systemResolve: Resolve = async (host) => {
  const found = await systemLookup(host, { all: true });
  return found.map(({ address }) => address);
};

/** The resolver answered with an address that must not be connected to. */
export class AddressRefused extends Error {}

/** A dead system holds at most these sockets; what waits for one is bounded by its own deadline. */
const LIMITS = { keepAlive: true, maxSockets: 32, maxTotalSockets: 128, maxFreeSockets: 8, timeout: 30_000 };

export interface Pools {
  of(target: { readonly secure: boolean; readonly private: boolean }): HttpAgent;
  close(): void;
}

/**
 * Connections by what they may reach: each pool judges the addresses of its sockets while it makes them, so a kept socket
 * never serves a request that might not have opened it.
 */
export function createPools(resolve: Resolve): Pools {
  const make = (inside: boolean) => {
    const options = { ...LIMITS, lookup: guarded(resolve, inside) };
    return { plain: new HttpAgent(options), secure: new HttpsAgent(options) };
  };
  const [outside, inside] = [make(false), make(true)];
  return {
    of(target) {
      const pair = target.private ? inside : outside;
      return target.secure ? pair.secure : pair.plain;
    },
    close() {
      for (const agent of [outside.plain, outside.secure, inside.plain, inside.secure]) agent.destroy();
    },
  };
}

/**
 * Resolves once and hands on just what it has judged, so that a name which changes its address in between (DNS rebinding)
 * gains nothing. One bad address among good ones refuses them all: nobody honest publishes such a name.
 */
function guarded(resolve: Resolve, inside: boolean): LookupFunction {
  return (host, options, done) => {
    resolve(host).then(
      (addresses) => {
        const found = addresses.map((address) => ({ address, family: isIP(address) }));
        const [first] = found;
        if (!first || !addresses.every((address) => mayConnect(address, inside))) done(new AddressRefused(), []);
        else if (options.all) done(null, found);
        else done(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => done(error, []),
    );
  };
}
