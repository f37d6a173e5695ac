import type { Candidate } from '../acd/queue.ts';
import type { SwitchPort } from './ports/switch.ts';

/** Do calls reach the agent at this phone, be it his line? Not while he is logged out, and not when he sits elsewhere. */
export function sitsAt({ live: { seat, status }, profile }: Candidate, phone: string): boolean {
  if (status === 'logged-out') return false;
  if (seat === null) return profile.phone === phone;
  return seat.kind === 'line' ? seat.at === phone : seat.kind === 'phone' && seat.phone === phone;
}

/** Why nobody can be rung at this phone; null: the switch knows it, or cannot say, and then the ring will tell. */
export async function noPhone(port: Pick<SwitchPort, 'knowsPhone'>, phone: string): Promise<string | null> {
  if ((await port.knowsPhone(phone)) !== false) return null;
  return `The switch knows no phone ${phone}; mend the name, or give that phone an account there.`;
}
