import type { Candidate } from '../acd/queue.ts';

/** Do calls reach the agent at this phone, be it his line? Not while he is logged out, and not when he sits elsewhere. */
export function sitsAt({ live: { seat, status }, profile }: Candidate, phone: string): boolean {
  if (status === 'logged-out') return false;
  if (seat === null) return profile.phone === phone;
  return seat.kind === 'line' ? seat.at === phone : seat.kind === 'phone' && seat.phone === phone;
}
