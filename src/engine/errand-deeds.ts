import type { Deed } from './call/deeds.ts';
import type { CallState } from './call/state.ts';
import type { CallSession } from './call-session.ts';
import type { CallTrunks } from './call-trunks.ts';
import { faultName } from './flow-services.ts';
import { insist } from './insist.ts';
import type { CallbackRequest, FlowStore } from './ports/flow-store.ts';
import type { Clock, Log } from './ports/time.ts';
import { within } from './within.ts';

interface ErrandRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly flows: FlowStore;
  /** Whether he has asked not to be called since he was promised it. */
  readonly isUnwanted: (callback: CallbackRequest) => boolean;
  /** Calls off a callback, and tells so. */
  readonly callOff: (id: string, by: string) => Promise<unknown>;
  /** Lines of trunks, for calls that keep a promise. */
  readonly trunkLines: () => Pick<CallTrunks, 'takeFor' | 'giveBack'>;
}

type Of<T extends Deed['type']> = Extract<Deed, { type: T }>;

/** An agent waits in silence meanwhile, so a store that is away is not waited for. */
const LEAVE_MS = 5_000;

/**
 * Asks the store whether the errand is this call's to do, and tells the call. Whoever gets no answer rings nobody: it would be
 * the second call for one promise.
 */
export async function askLeave(rooms: ErrandRooms, session: CallSession, deed: Of<'errand.try'>): Promise<void> {
  const { clock, log } = rooms;
  if (!(await lineFor(rooms, session))) return session.post({ type: 'errand', news: 'no-line' });
  const asked = mayTry(rooms, session.id, deed).catch((error: unknown) => {
    log.warn({ callId: session.id, fault: faultName(error) }, 'store away: an errand is put back in line');
    return false;
  });
  const isOurs = await within(clock, LEAVE_MS, asked, false);
  if (!isOurs) rooms.trunkLines().giveBack(session.id);
  session.post({ type: 'errand', news: isOurs ? 'go' : 'gone' });
}

/** The agent hears what it is about meanwhile; a line that another call gives back is his. */
const LINE_MS = 5_000;
const LINE_LOOK_MS = 250;

/** A line and a call start of the errand's trunk; false: there was none in time. An errand without a trunk is told so later. */
async function lineFor({ clock, trunkLines }: ErrandRooms, session: CallSession): Promise<boolean> {
  const until = clock.now() + LINE_MS;
  for (;;) {
    const { id, errand, phase } = session.state;
    if (!errand || errand.trunk === null || errand.number === null || phase !== 'briefing') return true;
    if (trunkLines().takeFor(id, errand.trunk, errand.number)) return true;
    if (clock.now() >= until) return false;
    await new Promise<void>((over) => void clock.at(clock.now() + LINE_LOOK_MS, over));
  }
}

/** Nobody is rung who has changed his mind: his callback is called off. */
async function mayTry(rooms: ErrandRooms, callId: string, { kind, id, tries }: Of<'errand.try'>): Promise<boolean> {
  const { flows, isUnwanted, callOff } = rooms;
  const callback = kind === 'callback' ? await flows.callback(id) : null;
  if (callback && isUnwanted(callback)) {
    await callOff(id, NOT_TO_BE_CALLED);
    return false;
  }
  return flows.tryErrand(kind, id, callId, tries);
}

const NOT_TO_BE_CALLED = 'do-not-call';

/** Writes down what became of an errand; doing it twice is harmless. */
export async function settleErrand(
  rooms: ErrandRooms,
  { id: callId }: CallState,
  deed: Of<'errand.heard' | 'errand.end'>,
): Promise<void> {
  const { clock, flows } = rooms;
  if (deed.type === 'errand.heard') {
    return insist(rooms, 'a message that was heard', async () => {
      const message = await flows.voicemail(deed.id);
      if (message?.state === 'new') await flows.moveVoicemail(deed.id, 'heard', deed.agentId, clock.now());
    });
  }
  return insist(rooms, 'end of an errand', () => endErrand(rooms, callId, deed));
}

async function endErrand({ flows, clock }: ErrandRooms, callId: string, end: Of<'errand.end'>): Promise<unknown> {
  const { kind, id, outcome, notBefore, agentId } = end;
  if (kind === 'callback' && outcome !== 'again') {
    return flows.closeCallback(id, outcome, clock.now(), agentId || callId);
  }
  if (kind === 'voicemail' && outcome === 'done') return flows.moveVoicemail(id, 'done', agentId, clock.now());
  return flows.putOffErrand(kind, id, callId, outcome === 'failed' ? NEVER : notBefore);
}

/** A message whose caller cannot be reached is not offered to agents any more; people find it in its box. */
const NEVER = Number.MAX_SAFE_INTEGER;
