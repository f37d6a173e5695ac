import type { EpochMs } from '../../call/ids.ts';
import type { DialFacts } from './dial-facts.ts';
import { GATES } from './gates.ts';

/** A rule that can forbid a dial; `docs/compliance.md` says what each means. */
export type DialRule = keyof typeof GATES;

export const DIAL_RULES = Object.keys(GATES) as readonly DialRule[];

/**
 * Rules whose time another profile, or another version of it, may shorten: who waits for one of them is asked anew by the new one.
 * The rest after an abandoned call is not among them: it is kept as it was given.
 */
export const ASKED_ANEW = ['calling-hours', 'attempts-cap'] as const satisfies readonly DialRule[];

export type MayDial =
  | { readonly allowed: true }
  | {
      readonly allowed: false;
      readonly rule: DialRule;
      /** Names no person and no number. */
      readonly sentence: string;
      /** When this rule lets go, and the others are to be asked; null: not by waiting. */
      readonly until: EpochMs | null;
    };

/**
 * The one question before every dial: may this number be dialled now? Rules are asked in the order of `DIAL_RULES`, and the
 * first that forbids answers. Whether the limits of abandonment leave room is the pacing's to say, not this function's.
 */
export function mayDial(facts: DialFacts): MayDial {
  for (const rule of DIAL_RULES) {
    const hindrance = GATES[rule](facts);
    if (hindrance) return { allowed: false, rule, ...hindrance };
  }
  return { allowed: true };
}

/** A call back that was promised, and what is known of the number. */
export interface Promised {
  readonly profile: Pick<DialFacts['profile'], 'dnc'>;
  /** `express` where the person asked for it, or was promised it, in a call. */
  readonly consent: DialFacts['lead']['consent'];
  readonly dnc: DialFacts['number']['dnc'];
}

/**
 * May a person be rung back to whom it was promised? Of the rules of a campaign one is asked, who must not be called: the house's own
 * lists forbid, above the country's register stands the consent that the profile names in `dnc.consentLifts`. Hours are those of the queue
 * that calls back, and caps and lock-outs are of calls that nobody had asked for.
 */
export function mayCallBack({ profile, consent, dnc }: Promised): MayDial {
  const hindrance = GATES.dnc({ profile, lead: { consent }, number: { dnc } });
  return hindrance ? { allowed: false, rule: 'dnc', ...hindrance } : { allowed: true };
}

export interface GateSeen {
  readonly rule: DialRule;
  readonly pass: boolean;
  readonly sentence: string | null;
  readonly until: EpochMs | null;
}

/** All rules and how each stands, for "why is it not dialing". */
export const gates = (facts: DialFacts): readonly GateSeen[] =>
  DIAL_RULES.map((rule) => {
    const hindrance = GATES[rule](facts);
    return { rule, pass: hindrance === null, sentence: hindrance?.sentence ?? null, until: hindrance?.until ?? null };
  });
