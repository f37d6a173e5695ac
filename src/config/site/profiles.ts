import { createHash } from 'node:crypto';
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
  return { ok: true, profile: profileOf(name, idOf(name, checked.value), checked.value) };
}

function readChanged(source: Source, name: string): Read {
  const checked = check(changedProfile([...builtInProfiles().keys()]), source);
  if (!checked.ok) return checked;
  const base = builtInProfiles().get(checked.value.extends);
  if (!base) throw new Error(`There is no profile ${checked.value.extends}, though the schema lets it through.`);
  const file = overlaid(base.file, checked.value);
  return { ok: true, profile: profileOf(name, `${idOf(name, file)}+${base.profile.id}`, file) };
}

/** Digits of a digest that tell two texts of one version apart. */
const DIGITS = 8;

/**
 * `name@version#digest`: whoever changes a rule and forgets the version must not make the records of earlier calls speak of
 * rules that did not hold for them. The digest is of what the profile says in the end, so a comment changes nothing.
 */
function idOf(name: string, file: Parameters<typeof profileOf>[2]): string {
  const digest = createHash('sha256').update(JSON.stringify(file)).digest('hex').slice(0, DIGITS);
  return `${name}@${file.version}#${digest}`;
}

/** A call recorded under `us-ftc` must mean the same everywhere. */
function taken(source: Source, name: string): Problem {
  const message = `The profile \`${name}\` comes with Callwright and cannot be replaced.`;
  return source.problem('reserved-name', [], message, `Name the file otherwise, and write \`extends: ${name}\` in it.`);
}
