import { Environment } from '@marcbachmann/cel-js';
import type { NewLead } from '../dialer/lead.ts';

type Filter =
  | { readonly ok: true; readonly passes: (lead: NewLead) => boolean }
  | { readonly ok: false; readonly sentence: string };

/** Comprehensions would make the cost of a filter depend on the lead; without them it is bounded by its length. */
const LIMITS = { maxAstNodes: 300, maxDepth: 32, maxListElements: 500, maxMapEntries: 10, maxCallArguments: 8 };
const REFUSED = /\.\s*(?:all|exists|exists_one|map|filter|bind|matches)\s*\(/;

const NAMES = '`name`, `number`, `kind`, `language`, `country`, `region`, `postalCode`, `priority` and `fields.column`';

/**
 * Reads the filter of a list: CEL (github.com/google/cel-spec) over what the list says of a lead. A lead that lacks a field the
 * filter asks for does not pass; `has(fields.city)` asks for one that may be missing.
 */
export function leadFilter(source: string): Filter {
  const environment = new Environment({ limits: LIMITS }).registerVariable('fields', 'map<string, string>');
  for (const name of TEXTS) environment.registerVariable(name, 'string');
  environment.registerVariable('priority', 'int');
  if (REFUSED.test(source)) {
    return {
      ok: false,
      sentence: 'The filter uses a function that takes as long as its input; compare values, or use `in`.',
    };
  }
  const checked = environment.check(source);
  if (!checked.valid || checked.type !== 'bool') {
    const said = checked.valid ? `it gives ${String(checked.type)}` : (checked.error?.summary ?? 'it cannot be read');
    return {
      ok: false,
      sentence: `The filter is no condition (${said}). Write it in CEL over ${NAMES}, like \`fields.city == "Turku"\`.`,
    };
  }
  const program = environment.parse(source);
  const passes = (lead: NewLead): boolean => {
    try {
      return program(wordsOf(lead)) === true;
    } catch {
      // A field that is not there.
      return false;
    }
  };
  return { ok: true, passes };
}

const TEXTS = ['name', 'number', 'kind', 'language', 'country', 'region', 'postalCode'] as const;

const wordsOf = ({ name, number, kind = '', language = '', address = {}, priority = 0, fields }: NewLead) => ({
  name: name ?? '',
  number,
  kind,
  language,
  country: address.country ?? '',
  region: address.region ?? '',
  postalCode: address.postalCode ?? '',
  priority: BigInt(priority),
  fields,
});
