import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ComplianceProfile } from '../../engine/site.ts';
import { check } from '../../ivr/check.ts';
import { printProblem } from '../../ivr/problem.ts';
import { readYaml } from '../../ivr/source.ts';
import { profileOf, type WholeProfile, wholeProfile } from './schema.ts';

/** The profiles that come with Callwright, each a file beside this one. */
export const BUILT_IN = ['us-ftc', 'us-fcc', 'uk-ofcom', 'ca-crtc', 'eu-default'] as const;

interface BuiltIn {
  readonly file: WholeProfile;
  readonly profile: ComplianceProfile;
}

let read: ReadonlyMap<string, BuiltIn> | null = null;

/** They are part of the program: read once, and a fault in one is a bug. */
export function builtInProfiles(): ReadonlyMap<string, BuiltIn> {
  read ??= new Map(BUILT_IN.map((name) => [name, readBuiltIn(name)]));
  return read;
}

function readBuiltIn(name: string): BuiltIn {
  const path = `${name}.yaml`;
  const reading = readYaml(readFileSync(join(import.meta.dirname, path), 'utf8'), path);
  const checked = reading.ok ? check(wholeProfile, reading.source) : reading;
  if (!checked.ok)
    throw new Error(`A profile that comes with Callwright is broken: ${checked.problems.map(printProblem).join('; ')}`);
  return { file: checked.value, profile: profileOf(name, `${name}@${checked.value.version}`, checked.value) };
}
