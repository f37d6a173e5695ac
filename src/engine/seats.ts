import type { Candidate } from '../acd/queue.ts';

/** Do the agent's calls ring at this phone? Not while he is logged out, and not when he sits elsewhere. */
export function sitsAt({ live: { seat, status }, profile }: Candidate, phone: string): boolean {
  if (status === 'logged-out') return false;
  return seat === null ? profile.phone === phone : seat.kind === 'phone' && seat.phone === phone;
}
