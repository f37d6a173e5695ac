import type { ParkedEvent, Webhook, WebhookBooks } from '../../src/engine/ports/webhooks.ts';

/** Webhooks in memory; held to the same contract as those in SQL. */
export function createMemoryWebhooks(): WebhookBooks {
  const webhooks = new Map<string, Webhook>();
  const parked = new Map<string, Map<string, ParkedEvent>>();
  const of = (id: string) => {
    const rows = parked.get(id) ?? new Map<string, ParkedEvent>();
    parked.set(id, rows);
    return rows;
  };
  const inOrder = (id: string) => [...of(id).values()].sort((a, b) => (a.cursor < b.cursor ? -1 : 1));
  const alive = (id: string) => inOrder(id).filter(({ nextAt }) => nextAt !== null);
  const deadOf = (id: string) => inOrder(id).filter(({ nextAt }) => nextAt === null);
  return {
    all: async () => [...webhooks.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    put: async (webhook) => {
      const { cursor, failingSince } = webhooks.get(webhook.id) ?? webhook;
      webhooks.set(webhook.id, { ...webhook, cursor: cursor ?? webhook.cursor, failingSince });
    },
    remove: async (id) => {
      parked.delete(id);
      return webhooks.delete(id);
    },
    moveOn: async (id, cursor) => {
      const webhook = webhooks.get(id);
      if (webhook) webhooks.set(id, { ...webhook, cursor });
    },
    fails: async (id, failingSince) => {
      const webhook = webhooks.get(id);
      if (webhook) webhooks.set(id, { ...webhook, failingSince });
    },
    park: async (id, events) => {
      for (const event of events) {
        const before = of(id).get(event.cursor);
        const { tries, nextAt, why } = event;
        of(id).set(event.cursor, before ? { ...before, tries, nextAt, why } : event);
      }
    },
    parkedSubjects: async (id) => new Set(alive(id).map(({ subject }) => subject)),
    due: async (id, now, limit) => {
      const oldest = [...Map.groupBy(alive(id), ({ subject }) => subject).values()].flatMap((each) => each[0] ?? []);
      return oldest.filter(({ nextAt }) => nextAt !== null && nextAt <= now).slice(0, limit);
    },
    settle: async (id, cursor) => void of(id).delete(cursor),
    dead: async (id, limit) => deadOf(id).slice(0, limit),
    revive: async (id, now) => {
      const letters = deadOf(id);
      for (const letter of letters) of(id).set(letter.cursor, { ...letter, nextAt: now, firstAt: now, tries: 0 });
      return letters.length;
    },
    counts: async (id) => ({ parked: alive(id).length, dead: deadOf(id).length }),
  };
}
