import type { ComplianceProfile } from '../../dialer/compliance/profile.ts';

/** Compliance profiles by name: those that come with Callwright first, then the site's own. */
export type Profiles = ReadonlyMap<string, ComplianceProfile>;

/** Said to who asks for a profile that is not among `profiles`. */
export const noSuchProfile = (name: string, profiles: Profiles): string =>
  `There is no compliance profile '${name}': give one of ${[...profiles.keys()].join(', ')}, or add site/profiles/${name}.yaml.`;
