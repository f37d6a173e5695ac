export { ATTEMPT_OUTCOMES, type AttemptOutcome, outcomeOf } from './outcome.ts';

/**
 * One dial of one lead.
 *
 *     dialing ──ringing──▶ ringing ──answered──▶ waiting ──connected──▶ talking ──ended──▶ over
 *        │                    │                  ▲    └──deadline──▶ abandoned ──ended──▶ over
 *        │                    └──detect──▶ detecting ──machine──▶ machine ──ended──▶ over
 *        ├──── answered, detect: as from ringing
 *        └──── ended (from every phase) ──▶ over
 *
 * `detecting`: somebody or something picked up, and a detector listens which; `answered` is then its word for a person.
 * `machine`: judged to be nobody (a machine, a fax, silence). `waiting`: a person is on the line and no agent yet.
 * `abandoned`: none came within the campaign's deadline, and the person hears the message; an agent who comes now comes too
 * late. The deadline also ends the listening: whoever is there is then taken for a person.
 */
export type AttemptPhase =
  | 'dialing'
  | 'ringing'
  | 'detecting'
  | 'machine'
  | 'waiting'
  | 'talking'
  | 'abandoned'
  | 'over';

export type AttemptInput = 'ringing' | 'detect' | 'answered' | 'machine' | 'connected' | 'deadline' | 'ended';

/** What each input leads to; an input that is missing has no meaning in the phase and leaves it as it is. */
const NEXT: Readonly<Record<AttemptPhase, Readonly<Partial<Record<AttemptInput, AttemptPhase>>>>> = {
  dialing: { ringing: 'ringing', detect: 'detecting', answered: 'waiting', ended: 'over' },
  ringing: { detect: 'detecting', answered: 'waiting', ended: 'over' },
  detecting: { answered: 'waiting', machine: 'machine', deadline: 'abandoned', ended: 'over' },
  // A machine may be let through after all (by sample, or by a person who speaks up): then it is as a person.
  machine: { answered: 'waiting', ended: 'over' },
  waiting: { connected: 'talking', deadline: 'abandoned', ended: 'over' },
  talking: { ended: 'over' },
  abandoned: { ended: 'over' },
  over: {},
};

export const ATTEMPT_PHASES = Object.keys(NEXT) as readonly AttemptPhase[];

/** Inputs that have no meaning in a phase (a late 180, an agent after the message began) leave it as it is. */
export function attemptStep(phase: AttemptPhase, input: AttemptInput): AttemptPhase {
  return NEXT[phase][input] ?? phase;
}
