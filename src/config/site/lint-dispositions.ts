import type { SiteNames } from '../../ivr/lint-site.ts';
import type { Path, Problem } from '../../ivr/problem.ts';
import type { Source } from '../../ivr/source.ts';
import { FIELD_TYPES, MEANINGS } from './dispositions.ts';
import type { Parts } from './kinds.ts';
import { unknown } from './lint-parts.ts';

/** Names that fields of their own meaning have already. */
const TAKEN = { callback: ['at', 'for'], payment: ['amount', 'due'] } as const;

type Row = Readonly<Record<string, unknown>>;

/** What dispositions leave out that they need, say for nothing, or name that is not there. */
export function lintDispositions({ dispositions }: Parts, names: SiteNames, source: Source): readonly Problem[] {
  const rows = source.data as Readonly<Record<string, Row>>;
  return [...dispositions.values()].flatMap(({ name, meaning, fields, labels, followUp }) => [
    ...(followUp?.owner
      ? unknown(followUp.owner.kind, followUp.owner.id, names.owners[followUp.owner.kind], {
          path: [name, 'followUp', 'to', followUp.owner.kind],
          source,
        })
      : []),
    ...lintWords(MEANINGS, meaning.kind, rows[name] ?? {}, [name], source),
    ...lintLanguages(Object.keys(labels), [name, 'label'], names, source),
    ...fields.flatMap((field) => {
      const path = [name, 'fields', field.name];
      const written = (rows[name]?.['fields'] as Readonly<Record<string, Row>> | undefined)?.[field.name] ?? {};
      return [
        ...lintWords(FIELD_TYPES, field.type, written, path, source),
        ...lintLanguages(Object.keys(field.labels), [...path, 'label'], names, source),
        ...taken(meaning.kind, field.name, path, source),
      ];
    }),
  ]);
}

type Words = Readonly<Record<string, { readonly may: readonly string[]; readonly must: readonly string[] }>>;

/** What the kind does not read does nothing; what it cannot do without has to be written. */
function lintWords(words: Words, kind: string, written: Row, path: Path, source: Source): readonly Problem[] {
  const { may = [], must = [] } = words[kind] ?? {};
  const all = new Set(Object.values(words).flatMap((each) => each.may));
  const idle = Object.keys(written).filter((key) => all.has(key) && !may.includes(key));
  const missing = must.filter((key) => written[key] === undefined);
  return [
    ...missing.map((key) => {
      const message = `\`${key}\` is missing: \`${kind}\` needs it.`;
      return source.problem('missing-field', path, message, `Add \`${key}:\`.`, 'key');
    }),
    ...idle.map((key) => {
      const message = `\`${key}\` does nothing for \`${kind}\`.`;
      return source.problem('no-effect', [...path, key], message, 'Remove it.', 'key');
    }),
  ];
}

const lintLanguages = (languages: readonly string[], path: Path, names: SiteNames, source: Source) =>
  languages.flatMap((language) =>
    unknown('language', language, names.languages, { path: [...path, language], source, where: 'key' }),
  );

function taken(kind: string, field: string, path: Path, source: Source): readonly Problem[] {
  const own: readonly string[] = Object.hasOwn(TAKEN, kind) ? TAKEN[kind as keyof typeof TAKEN] : [];
  if (!own.includes(field)) return [];
  const message = `A \`${kind}\` has a field \`${field}\` of its own.`;
  return [source.problem('reserved-name', path, message, 'Give it another name.', 'key')];
}
