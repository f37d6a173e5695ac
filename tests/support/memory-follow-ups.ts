import type {
  Backlog,
  FollowUp,
  FollowUpEvent,
  FollowUpQuery,
  FollowUpStore,
  Plan,
} from '../../src/engine/ports/follow-ups.ts';

interface Row {
  followUp: FollowUp;
  plan: Plan;
  readonly facts: { readonly event: FollowUpEvent; told: boolean }[];
}

/** Follow-ups in memory; held to the same contract as those in SQL. */
export function createMemoryFollowUps(): FollowUpStore {
  const rows = new Map<string, Row>();
  const untoldOf = ({ facts }: Row) => facts.filter(({ told }) => !told);
  const remove = (gone: (followUp: FollowUp) => boolean) => {
    const ids = [...rows.values()].filter(({ followUp }) => gone(followUp)).map(({ followUp }) => followUp.id);
    for (const id of ids) rows.delete(id);
    return ids;
  };
  const open = () => [...rows.values()].filter(({ followUp }) => followUp.state === 'open');
  return {
    add: async (followUp, events, plan) => {
      if (rows.has(followUp.id)) return false;
      rows.set(followUp.id, { followUp, plan, facts: events.map((event) => ({ event, told: false })) });
      return true;
    },
    save: async (followUp, seen, events, plan) => {
      const row = rows.get(followUp.id);
      if (row?.followUp.seq !== seen) return false;
      Object.assign(row, { followUp, plan });
      row.facts.push(...events.map((event) => ({ event, told: false })));
      return true;
    },
    one: async (id) => rows.get(id)?.followUp ?? null,
    list: async (query) =>
      listed(
        [...rows.values()].map(({ followUp }) => followUp),
        query,
      ),
    history: async (id) => (rows.get(id)?.facts ?? []).map(({ event }) => event),
    backlog: async (now) => {
      const byOwner = Map.groupBy(open(), ({ followUp: { owner } }) => `${owner.kind} ${owner.id}`);
      const all = [...byOwner.values()].map((each) =>
        backlogOf(
          each.map(({ followUp }) => followUp),
          now,
        ),
      );
      return all.sort((a, b) => a.oldestAt - b.oldestAt);
    },
    waking: async (now, rules, limit) =>
      open()
        .filter(({ plan }) => plan.rules !== rules || (plan.wakeAt !== null && plan.wakeAt <= now))
        .sort(
          (a, b) =>
            (a.plan.wakeAt ?? Infinity) - (b.plan.wakeAt ?? Infinity) || (a.followUp.id < b.followUp.id ? -1 : 1),
        )
        .slice(0, limit)
        .map(({ followUp }) => followUp),
    untold: async (id) => {
      const row = rows.get(id);
      return row ? untoldOf(row).map(({ event }) => event) : [];
    },
    untoldBefore: async (at, limit) => {
      const old = [...rows].flatMap(([id, row]) => untoldOf(row).map(({ event }) => ({ id, at: event.at })));
      const late = old.filter((each) => each.at < at).sort((a, b) => a.at - b.at);
      return [...new Set(late.slice(0, limit).map(({ id }) => id))];
    },
    told: async (id, seq) => {
      for (const fact of rows.get(id)?.facts ?? []) if (fact.event.seq <= seq) fact.told = true;
    },
    trim: async (before) =>
      remove(({ state, closedAt }) => state === 'closed' && (closedAt ?? Infinity) < before).length,
  };
}

function listed(all: readonly FollowUp[], query: FollowUpQuery): readonly FollowUp[] {
  const { state, owners, dueBefore, callId, kind, order, limit, after } = query;
  const at = ({ dueAt, createdAt }: FollowUp) => (order === 'due' ? dueAt : createdAt);
  const inOrder = (a: FollowUp, b: FollowUp) => at(a) - at(b) || Number(a.id > b.id) - Number(a.id < b.id);
  const wanted = all
    .filter((each) => state === undefined || each.state === state)
    .filter((each) => !owners || owners.some((who) => who.kind === each.owner.kind && who.id === each.owner.id))
    .filter((each) => dueBefore === undefined || each.dueAt < dueBefore)
    .filter((each) => callId === undefined || each.callId === callId)
    .filter((each) => kind === undefined || each.kind === kind)
    .sort(inOrder);
  const seen = after === undefined ? undefined : all.find(({ id }) => id === after);
  const rest = after === undefined ? wanted : wanted.filter((each) => seen !== undefined && inOrder(each, seen) > 0);
  return rest.slice(0, limit);
}

function backlogOf(followUps: readonly FollowUp[], now: number): Backlog {
  const [first] = followUps;
  if (!first) throw new Error('a backlog of nothing');
  return {
    owner: first.owner,
    open: followUps.length,
    overdue: followUps.filter(({ dueAt }) => dueAt <= now).length,
    oldestAt: Math.min(...followUps.map(({ createdAt }) => createdAt)),
    nextDueAt: Math.min(...followUps.map(({ dueAt }) => dueAt)),
  };
}
