import { InvalidArgumentError } from 'commander';
import type { MakePolicy } from '../dialer/lab/index.ts';
import { createPolicy, createPower, progressive } from '../dialer/pacing/index.ts';

/** A policy by the name somebody asked for it with. */
export interface Contestant {
  readonly name: string;
  readonly make: MakePolicy;
}

/** Reads `predictive,power:2.5`: the code that paces real campaigns. @throws InvalidArgumentError with what there is */
export function contestants(text: string): readonly Contestant[] {
  return text.split(',').map((part) => contestant(part.trim()));
}

function contestant(name: string): Contestant {
  if (name === 'predictive') return { name, make: (config) => createPolicy(config) };
  if (name === 'progressive') return { name, make: () => progressive };
  const [kind, ratio] = name.split(':');
  const level = Number(ratio);
  if (kind === 'power' && level >= 1 && level <= 20) return { name, make: (config) => createPower(config, level) };
  throw new InvalidArgumentError(
    `there is no policy "${name}"; there are predictive, progressive, and power:R with R dials for each idle agent, from 1 to 20`,
  );
}
