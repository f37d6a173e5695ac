import type { AgentId } from '../call/ids.ts';
import { nameOf } from './call/guests.ts';
import { recordingView } from './call/recording-talk.ts';
import { isOnHold } from './call/seating.ts';
import type { CallState } from './call/state.ts';
import type { Guest } from './call/talk-state.ts';
import type { GuestView, ParkedView, TalkView } from './ports/talk.ts';

/** Flows by id, as far as one must know what of their variables may be seen. */
export type FlowVariables = ReadonlyMap<
  string,
  { readonly vars: ReadonlyMap<string, { readonly sensitive: boolean }> }
>;

export function parkedView({ id, parked, handed, place }: CallState): ParkedView | null {
  if (!parked) return null;
  const { slot, by, at, until } = parked;
  return { slot, callId: id, queue: place?.request.queue ?? null, by, note: handed?.note ?? null, at, until };
}

/** The call as an agent in it is to see it. */
export function talkView(state: CallState, agentId: AgentId, flows: FlowVariables): TalkView {
  const { id, phase, talk, ani, dnis, language, record, handed, flow } = state;
  const guest = state.guests.find((each) => each.agentId === agentId);
  return {
    callId: id,
    phase,
    part: partOf(state, agentId),
    leader: talk?.agentId ?? null,
    ani,
    dnis,
    language,
    queue: record.queue,
    held: isOnHold(state),
    muted: guest?.muted ?? talk?.muted ?? false,
    side: talk?.side ?? 'customer',
    recording: recordingView(state).state,
    guests: state.guests.map(guestView),
    handed,
    tags: flow?.tags ?? [],
    variables: seen(state, flows),
    since: talk?.since ?? null,
  };
}

const guestView = ({ id, role, phase, to, agentId, muted, since }: Guest): GuestView => ({
  id,
  role,
  phase,
  to: nameOf(to),
  agentId,
  muted,
  since,
});

function partOf({ talk, guests }: CallState, agentId: AgentId): TalkView['part'] {
  if (talk?.agentId === agentId) return 'leader';
  const role = guests.find((each) => each.agentId === agentId && each.phase === 'in')?.role;
  return role === 'consult' || role === 'member' || role === 'listen' || role === 'whisper' ? role : 'rung';
}

/** Without what the flow keeps from everybody, and without what it does not declare. */
function seen({ flow }: CallState, flows: FlowVariables): TalkView['variables'] {
  const declared = flows.get(flow?.flowId ?? '')?.vars;
  if (!flow || !declared) return {};
  return Object.fromEntries(Object.entries(flow.vars).filter(([name]) => declared.get(name)?.sensitive === false));
}
