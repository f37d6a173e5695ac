import type { ComplianceProfile } from '../../engine/site.ts';
import { check } from '../../ivr/check.ts';
import type { Problem } from '../../ivr/problem.ts';
import type { Source } from '../../ivr/source.ts';
import { builtInProfiles } from '../profiles/built-in.ts';
import { changedProfile, overlaid, profileOf, wholeProfile } from '../profiles/schema.ts';

/** The profiles that every site has. */
export const shippedProfiles = (): Map<string, ComplianceProfile> =>
  new Map([...builtInProfiles()].map(([name, { profile }]) => [name, profile]));

type Read =
  | { readonly ok: true; readonly profile: ComplianceProfile }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** `site/profiles/<name>.yaml`: with `extends` it says only what it changes, without it says all. */
export function readProfile(source: Source, name: string): Read {
  if (builtInProfiles().has(name)) return { ok: false, problems: [taken(source, name)] };
  const { data } = source;
  const extending = typeof data === 'object' && data !== null && 'extends' in data;
  return extending ? readChanged(source, name) : readWhole(source, name);
}

function readWhole(source: Source, name: string): Read {
  const checked = check(wholeProfile, source);
  if (!checked.ok) return checked;
  return { ok: true, profile: profileOf(name, `${name}@${checked.value.version}`, checked.value) };
}

function readChanged(source: Source, name: string): Read {
  const checked = check(changedProfile([...builtInProfiles().keys()]), source);
  if (!checked.ok) return checked;
  const base = builtInProfiles().get(checked.value.extends);
  if (!base) throw new Error(`There is no profile ${checked.value.extends}, though the schema lets it through.`);
  const id = `${name}@${checked.value.version}+${base.profile.id}`;
  return { ok: true, profile: profileOf(name, id, overlaid(base.file, checked.value)) };
}

/** A call recorded under `us-ftc` must mean the same everywhere. */
function taken(source: Source, name: string): Problem {
  const message = `The profile \`${name}\` comes with Callwright and cannot be replaced.`;
  return source.problem('reserved-name', [], message, `Name the file otherwise, and write \`extends: ${name}\` in it.`);
}
