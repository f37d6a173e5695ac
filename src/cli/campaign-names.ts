import { z } from 'zod';
import { askServer } from './flow/server.ts';

type Env = Readonly<Record<string, string | undefined>>;

const QUEUE = 'campaign:';
const answer = z.object({ items: z.array(z.object({ campaign: z.object({ id: z.string(), name: z.string() }) })) });

/**
 * What to call a queue: of a campaign its name, with the ID where another has the same. Whoever may not read campaigns, and a
 * campaign that is no more, is shown the ID.
 */
export async function queueNames(queues: readonly string[], env: Env): Promise<(queue: string) => string> {
  if (!queues.some((queue) => queue.startsWith(QUEUE))) return (queue) => queue;
  const reply = await askServer(env, { method: 'GET', path: '/v1/campaigns', answer });
  return namesOf(reply.ok ? reply.value.items.map(({ campaign }) => campaign) : []);
}

export function namesOf(campaigns: readonly { readonly id: string; readonly name: string }[]) {
  const names = new Map(campaigns.map(({ id, name }) => [QUEUE + id, name]));
  const times = Map.groupBy(names.values(), (name) => name);
  return (queue: string): string => {
    const name = names.get(queue);
    if (name === undefined) return queue;
    const besides = (times.get(name)?.length ?? 0) > 1 ? ` (${queue.slice(QUEUE.length)})` : '';
    return `campaign '${name}'${besides}`;
  };
}
