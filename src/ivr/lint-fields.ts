import { z } from 'zod';
import type { FlowFile } from './flow-file.ts';
import type { Report } from './problem.ts';

/** Faults that show in the fields of one node. Each says by a schema of its own which nodes it looks at. */
export function lintFields({ nodes, vars }: Pick<FlowFile, 'nodes' | 'vars'>, report: Report): void {
  for (const [id, node] of Object.entries(nodes)) {
    lintCard(id, node, vars, report);
  }
}

const collect = z.object({
  type: z.literal('collect'),
  digits: z.object({ min: z.int(), max: z.int() }),
  check: z.unknown().optional(),
  sensitive: z.boolean(),
  save: z.string(),
});

/** Card numbers have 13 to 19 digits (ISO/IEC 7812-1), older ones 12, and the last checks the others (Luhn). */
const isCardLong = (digits: number) => digits >= 13 && digits <= 19;
const SHORTEST_CHECKED = 12;

function lintCard(id: string, node: unknown, vars: FlowFile['vars'], report: Report): void {
  const found = collect.safeParse(node);
  if (!found.success || found.data.sensitive || vars[found.data.save]?.sensitive === true) return;
  const { digits, check } = found.data;
  const checked = check === 'luhn' && digits.max >= SHORTEST_CHECKED;
  if (!isCardLong(digits.min) && !isCardLong(digits.max) && !checked) return;
  const cure = `Declare \`${found.data.save}\` with \`sensitive: true\`, so that no log or event shows it.`;
  report('card-not-sensitive', ['nodes', id, 'digits'], `What \`${id}\` takes may be a card number.`, cure);
}
