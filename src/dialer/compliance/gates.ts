import type { EpochMs } from '../../call/ids.ts';
import { canAbandon } from '../campaign-modes.ts';
import { capVerdict } from './caps.ts';
import type { DialFacts } from './dial-facts.ts';
import { nextOpening, zonesClosed } from './hours.ts';
import { CONSENT_LEVELS, type ConsentLevel } from './profile.ts';

/** Why not, and until when. Null: time alone does not mend it. */
interface Hindrance {
  readonly sentence: string;
  readonly until: EpochMs | null;
}

type Gate = (facts: DialFacts) => Hindrance | null;

const never = (sentence: string): Hindrance => ({ sentence, until: null });
const later = (sentence: string, until: EpochMs): Hindrance => ({ sentence, until });

const running: Gate = ({ campaign: { status } }) =>
  status === 'running' ? null : never(`The campaign is ${status === 'draft' ? 'not started yet' : status}.`);

const ringTime: Gate = ({ campaign, profile: { ring } }) =>
  campaign.ringMs >= ring.minimumMs.value
    ? null
    : never(
        `The campaign lets it ring ${campaign.ringMs / 1000} s; at least ${ring.minimumMs.value / 1000} s are asked for.`,
      );

const callerId: Gate = ({ campaign: { callerId: shown }, profile }) => {
  const { presented, answered, noPremium } = profile.callerId;
  if (shown === null) return presented.value ? never('The campaign shows no caller id.') : null;
  if (!shown.valid) return never('The caller id of the campaign is no number.');
  if (noPremium.value && shown.premium) return never('The caller id of the campaign costs more to call than usual.');
  return answered.value && !shown.answered ? never('Who calls the caller id of the campaign reaches nobody.') : null;
};

const message: Gate = ({ campaign: { mode, message: played }, profile }) => {
  const { says, optOutKey, marketing } = profile.message;
  if (!canAbandon(mode)) return null;
  if (played === null) {
    const nothing = says.value.length === 0 && !optOutKey.value;
    return nothing ? null : never('The campaign has no message for people who get no agent.');
  }
  const missing = says.value.filter((part) => !played.says.includes(part));
  if (missing.length > 0)
    return never(`The message to people who get no agent lacks the ${missing.join(' and the ')}.`);
  if (optOutKey.value && !played.optOutKey)
    return never('The message to people who get no agent has no key to opt out.');
  return marketing.value === 'forbidden' && played.marketing
    ? never('The message to people who get no agent advertises, and it must not.')
    : null;
};

const register: Gate = ({ campaign: { registerImportedAt: at }, profile: { dnc }, now }) => {
  if (!dnc.register.value) return null;
  if (at === null) return never('The national do-not-call register has not been imported.');
  const old = dnc.registerMaxAgeMs.value > 0 && now - at > dnc.registerMaxAgeMs.value;
  return old ? never(`The national do-not-call register was imported ${days(now - at)} days ago.`) : null;
};

const leadOpen: Gate = ({ lead: { status } }) =>
  status === 'pending'
    ? null
    : never(
        { 'in-dial': 'The lead is being dialled.', done: 'The lead is done.', held: 'The lead is held back.' }[status],
      );

const numberAlive: Gate = ({ number }) => (number.dead ? never('The number is no number, or not his.') : null);

const notPremium: Gate = ({ number }) =>
  number.premium ? never('The number is of premium rate, which is never dialled.') : null;

interface Listed {
  readonly profile: Pick<DialFacts['profile'], 'dnc'>;
  readonly lead: Pick<DialFacts['lead'], 'consent'>;
  readonly number: Pick<DialFacts['number'], 'dnc'>;
}

const dnc = ({ number, lead, profile }: Listed): ReturnType<Gate> => {
  const lifts = profile.dnc.consentLifts.value;
  const lifted = lifts !== 'never' && rank(lead.consent) >= rank(lifts);
  const hit = number.dnc.find(({ isRegister }) => !isRegister || !lifted);
  return hit ? never(`The number is not to be called: ${hit.name}.`) : null;
};

const rank = (level: ConsentLevel): number => CONSENT_LEVELS.indexOf(level);

const consent: Gate = ({ campaign: { mode }, lead, number, profile }) => {
  const { agentless, toAgent, mobileToAgent } = profile.consent;
  const [needed, call] =
    mode === 'agentless'
      ? [agentless, 'a call by a flow']
      : number.kind === 'fixed'
        ? [toAgent, 'a call by an agent to a fixed line']
        : [mobileToAgent, 'a call by an agent to a number that may be mobile'];
  return rank(lead.consent) >= rank(needed.value)
    ? null
    : never(`Profile ${profile.id} asks for ${needed.value} consent to ${call}; the lead has ${lead.consent}.`);
};

const lockOut: Gate = ({ number, profile: { lockOut: rules }, agentGuaranteed, now }) => {
  if (agentGuaranteed && rules.unlessAgentGuaranteed.value) return null;
  const abandoned = (number.abandonedAt ?? Number.NEGATIVE_INFINITY) + rules.afterAbandonedMs.value;
  const machine = (number.takenForMachineAt ?? Number.NEGATIVE_INFINITY) + rules.afterMachineMs.value;
  const until = Math.max(abandoned, machine);
  if (until <= now) return null;
  return abandoned >= machine
    ? later(`The number was abandoned less than ${hours(rules.afterAbandonedMs.value)} ago.`, until)
    : later(`The number was taken for a machine less than ${hours(rules.afterMachineMs.value)} ago.`, until);
};

const attempts: Gate = ({ number, profile, now }) => {
  const verdict = capVerdict(profile.attempts.caps.value, number.attempts, now);
  if (verdict.ok) return null;
  const { most, withinMs } = verdict.cap;
  return later(
    `The number may be dialled ${most} times within ${hours(withinMs)}, by all campaigns together.`,
    verdict.until,
  );
};

const due: Gate = ({ lead, now }) =>
  lead.notBefore > now ? later('It is not yet time for the lead.', lead.notBefore) : null;

const zoneKnown: Gate = ({ number }) =>
  number.zones.length > 0 ? null : never('It is not known in which time zone the person is; give the lead an address.');

const callingHours: Gate = ({ number: { zones }, profile, hours: book, now }) => {
  const [closed] = zonesClosed(profile.hours, zones, now, book);
  if (closed === undefined) return null;
  const until = nextOpening(profile.hours, zones, now, book);
  const several = zones.length > 1 ? `, one of ${zones.length} zones where the person may be` : '';
  return { sentence: `It is no hour to call in ${closed}${several}.`, until };
};

const days = (ms: number) => Math.floor(ms / 86_400_000);
const hours = (ms: number) => (ms % 86_400_000 === 0 && ms > 259_200_000 ? `${days(ms)} days` : `${ms / 3_600_000} h`);

/**
 * Every rule, in the order in which they are asked: first what holds for the whole campaign, then what holds for this lead
 * for good, then what passes with time. The first that forbids is the one that is told.
 */
export const GATES = {
  'campaign-not-running': running,
  'ring-too-short': ringTime,
  'caller-id': callerId,
  'abandoned-message': message,
  'dnc-register-missing': register,
  'lead-not-open': leadOpen,
  'number-dead': numberAlive,
  'premium-rate': notPremium,
  dnc,
  consent,
  'locked-out': lockOut,
  'attempts-cap': attempts,
  'not-yet-due': due,
  'zone-unknown': zoneKnown,
  'calling-hours': callingHours,
} as const satisfies Readonly<Record<string, Gate>>;
