import { type Path, type Problem, suggest } from '../../ivr/problem.ts';
import type { Source } from '../../ivr/source.ts';

/** A name that the site does not define; nothing where what defines it cannot be read (`known` null). */
export function unknown(
  what: 'queue' | 'skill' | 'calendar' | 'trunk' | 'box' | 'language' | 'agent' | 'team' | 'department',
  name: string,
  known: ReadonlySet<string> | null,
  { path, source, where }: { readonly path: Path; readonly source: Source; readonly where?: 'key' },
): readonly Problem[] {
  if (!known || known.has(name)) return [];
  const message = `There is no ${what} \`${name}\`.`;
  return [source.problem(`unknown-${what}`, path, message, suggest(name, known), where)];
}
