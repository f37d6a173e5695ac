import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * Ranges that a rule with `private: true` opens. Link-local stays shut even then: 169.254.169.254 hands out a cloud
 * machine's credentials.
 */
const INSIDE: ReadonlySet<string> = new Set(['private', 'loopback', 'uniqueLocal']);

/**
 * Whether an address may be connected to. Only global unicast, by the special-purpose registers of RFC 6890: addresses that
 * carry another one inside (IPv4-mapped, 6to4, NAT64, Teredo) are refused whatever that one is, and so is IPv6 outside
 * 2000::/3, the only part that is given out.
 */
export function mayConnect(address: string, inside: boolean): boolean {
  if (isIP(address) === 0) return false;
  const parsed = ipaddr.parse(address);
  const range = parsed.range();
  if (INSIDE.has(range)) return inside;
  return range === 'unicast' && (!(parsed instanceof ipaddr.IPv6) || isGivenOut(parsed));
}

const isGivenOut = (address: ipaddr.IPv6): boolean => ((address.parts[0] ?? 0) & 0xe000) === 0x2000;
