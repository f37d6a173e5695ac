import { z } from 'zod';
import type { TrunkGroup } from '../../engine/site.ts';
import type { SiteNames } from '../../ivr/lint-site.ts';
import type { Problem } from '../../ivr/problem.ts';
import type { Source } from '../../ivr/source.ts';
import { name, shape } from '../../ivr/words.ts';
import type { Parts } from './kinds.ts';
import { unknown } from './lint-parts.ts';

const weight = z.int().min(1).max(1_000).default(1);
const tier = z.int().min(0).max(9).default(0);
const use = z.union([name.transform((trunk) => ({ trunk, weight: 1, tier: 0 })), shape({ trunk: name, weight, tier })]);

/** `site/trunk-groups.yaml`: name of the group → the trunks of which each call gets one. */
export const trunkGroupsFile = z.record(
  name,
  shape({ trunks: z.array(use).min(1).max(50), prefer: z.enum(['weight', 'rate']).default('weight') }),
);

export const groupOf = (name: string, file: z.output<typeof trunkGroupsFile>[string]): TrunkGroup => ({
  name,
  ...file,
});

/** What `site/trunk-groups.yaml` names that is not there, or is there twice. */
export function lintTrunkGroups(
  { trunkGroups, trunks, broken }: Parts,
  _names: SiteNames,
  source: Source,
): readonly Problem[] {
  const known = broken.has('trunks') ? null : new Set(trunks.keys());
  return [...trunkGroups.values()].flatMap((group) => [
    ...(known?.has(group.name) ? [taken(group, source)] : []),
    ...group.trunks.flatMap(({ trunk }, i) =>
      unknown('trunk', trunk, known, { path: [group.name, 'trunks', i], source }),
    ),
  ]);
}

const taken = ({ name: group }: TrunkGroup, source: Source): Problem =>
  source.problem(
    'wrong-value',
    [group],
    `\`${group}\` is a trunk of site/trunks.yaml.`,
    'Give the group another name.',
    'key',
  );
