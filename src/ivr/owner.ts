import type { z } from 'zod';
import { fault, name, shape } from './words.ts';

const ONE_OWNER = fault('Work goes to one agent, team or department.', 'Write it like `{ team: finance }`.');

/** Who has to keep a promise, as files name him. */
export const ownerFile = shape({
  agent: name.exactOptional(),
  team: name.exactOptional(),
  department: name.exactOptional(),
}).refine((who) => Object.keys(who).length === 1, { error: ONE_OWNER });

/** Null: nobody is named. */
export function ownerIn({ agent, team, department }: z.output<typeof ownerFile> = {}) {
  const named =
    (agent !== undefined && ({ kind: 'agent', id: agent } as const)) ||
    (team !== undefined && ({ kind: 'team', id: team } as const)) ||
    (department !== undefined && ({ kind: 'department', id: department } as const));
  return named || null;
}
