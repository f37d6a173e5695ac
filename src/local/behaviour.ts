/** What happens at a number of the simulated public network. */
export type Behaviour =
  /** Answers after ringing, says hello, talks, and hangs up. */
  | { readonly kind: 'person'; readonly ringMs: number; readonly talkMs: number }
  /** Answers, and talks until the other side hangs up. */
  | { readonly kind: 'patient'; readonly ringMs: number }
  /** Greeting, beep, and a moment of recording. */
  | { readonly kind: 'machine'; readonly ringMs: number }
  /** Rings for ever. */
  | { readonly kind: 'no-answer' }
  /** Refused with this SIP status, `ringMs` after the call arrived. */
  | {
      readonly kind: 'busy' | 'rejected' | 'unallocated' | 'congestion';
      readonly sipStatus: number;
      readonly ringMs: number;
    };

/**
 * The behaviour at a called number, at normal pace: the last two digits decide, so that a campaign's list foretells its
 * outcome. Of each hundred numbers 60 are people, 10 machines, 10 busy, 12 do not answer, two each decline, do not
 * exist, are unreachable, and talk for ever. The dialplan `dialplans/public-network` does the same.
 */
export function behaviourOf(number: string): Behaviour {
  const last = Number(number.slice(-2));
  if (!/^\+?\d{2,}$/.test(number)) throw new RangeError(`not a number that can be called: ${number}`);
  if (last < 60) return { kind: 'person', ringMs: (2 + (last % 4)) * 1_000, talkMs: (5 + ((last * 7) % 16)) * 1_000 };
  if (last < 70) return { kind: 'machine', ringMs: 3_000 };
  if (last < 80) return { kind: 'busy', sipStatus: 486, ringMs: 0 };
  if (last < 92) return { kind: 'no-answer' };
  if (last < 94) return { kind: 'rejected', sipStatus: 603, ringMs: 2_000 };
  if (last < 96) return { kind: 'unallocated', sipStatus: 404, ringMs: 0 };
  if (last < 98) return { kind: 'congestion', sipStatus: 503, ringMs: 0 };
  return { kind: 'patient', ringMs: 2_000 };
}
