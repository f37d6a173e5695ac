import { judgeNumber } from '../call/destinations.ts';
import type { Flow, Reference } from './flow.ts';
import type { SiteNames } from './lint-site.ts';
import type { LoadedFlow } from './load.ts';
import { type Problem, suggest } from './problem.ts';
import type { Source } from './source.ts';
import { parseTemplate } from './template.ts';

/** Names in a flow that the site does not define, and places outside that it does not allow. */
export function lintReferences({ flow, source }: LoadedFlow, names: SiteNames): readonly Problem[] {
  const languages = flow.languages.supported.flatMap((name, i) =>
    unknown({ what: 'language', name, path: ['languages', 'supported', i] }, names.languages, source),
  );
  const nodes = [...flow.nodes.values()].flatMap(({ refers }) =>
    refers.flatMap((reference) => judge(reference, flow, names, source)),
  );
  return [...languages, ...nodes];
}

function judge(reference: Reference, flow: Flow, names: SiteNames, source: Source): readonly Problem[] {
  switch (reference.what) {
    case 'queue':
      return unknown(reference, names.queues, source);
    case 'calendar':
      return unknown(reference, names.calendars, source);
    case 'trunk':
      return unknown(reference, names.trunks, source);
    case 'box':
      return unknown(reference, names.boxes, source);
    case 'agent':
    case 'team':
    case 'department':
      return unknown(reference, names.owners[reference.what], source);
    case 'skill':
      return unknownSkills(reference, flow, names, source);
    case 'number':
      return refusedNumber(reference, names, source);
    case 'url':
      return refusedUrl(reference, names, source);
    default:
      return []; // languages are those of the flow, flows call each other: judged elsewhere
  }
}

type Defined = 'queue' | 'calendar' | 'trunk' | 'box' | 'skill' | 'language' | 'agent' | 'team' | 'department';

function unknown(
  { what, name, path }: Reference,
  known: ReadonlySet<string> | null,
  source: Source,
): readonly Problem[] {
  if (!known || known.has(name)) return [];
  return [source.problem(`unknown-${what as Defined}`, path, `There is no ${what} \`${name}\`.`, suggest(name, known))];
}

/** Of a name with `${…}` in it every form must be known if skills are listed; otherwise it is enough that agents have one. */
function unknownSkills(
  { what, name, path }: Reference,
  flow: Flow,
  { skills }: SiteNames,
  source: Source,
): readonly Problem[] {
  if (!skills || (!skills.listed && skills.names.size === 0)) return [];
  const forms = formsOf(name, flow);
  const missing = forms.filter((form) => !skills.names.has(form));
  if (missing.length === 0 || (!skills.listed && missing.length < forms.length)) return [];
  return missing.slice(0, 3).flatMap((form) => unknown({ what, name: form, path }, skills.names, source));
}

const MOST_FORMS = 200;

/** What a skill's name can come to in a call: only closed sets may stand in it. */
function formsOf(name: string, { vars, languages }: Flow): readonly string[] {
  return parseTemplate(name).reduce<readonly string[]>(
    (forms, part) => {
      if (typeof part === 'string') return forms.map((form) => form + part);
      const values = part.name === 'call.language' ? languages.supported : (vars.get(part.name)?.values ?? []);
      return forms.flatMap((form) => values.map((value) => form + value)).slice(0, MOST_FORMS);
    },
    [''],
  );
}

const REFUSED = {
  'not-allowed': 'is not among the destinations that are allowed',
  denied: 'is among the destinations that are denied',
  premium: 'is a premium-rate number',
} as const;

const WAY_OUT = {
  'not-allowed': 'Allow it in site/destinations.yaml, like `numbers: ["+358*"]`.',
  denied: 'Choose another, or take it off `deny` in site/destinations.yaml.',
  premium: 'Such numbers are never called: choose another.',
} as const;

function refusedNumber({ name, path }: Reference, { destinations }: SiteNames, source: Source): readonly Problem[] {
  const verdict = destinations ? judgeNumber(name, destinations) : 'allowed';
  if (verdict === 'allowed') return [];
  const { message, cure } = refusedWords(name, verdict);
  return [source.problem('destination-refused', path, message, cure)];
}

/** Why a number is not to be called, and what mends it. */
export const refusedWords = (number: string, verdict: keyof typeof REFUSED) => ({
  message: `${number} ${REFUSED[verdict]}.`,
  cure: WAY_OUT[verdict],
});

/** An address in place of a name; most belong to the house's own network. */
const ADDRESS = /^(?:http:\/\/)?(?:[0-9.]+|\[.*\])(?::[0-9]+)?$/;

/** The host of an address as `hosts` names it: with its port when it is no usual one, and with `http://` when it is asked so. */
const hostOf = (url: string): string => /^(?:https:\/\/)?((?:http:\/\/)?[^/?]+)/.exec(url)?.[1] ?? url;

/** What `${env.…}` stands for is known where the flow runs, and judged there. */
function refusedUrl(
  { name, path }: Reference,
  { destinations, mayAsk }: SiteNames,
  source: Source,
): readonly Problem[] {
  if (!destinations || name.startsWith('${env.') || mayAsk(name.replaceAll(/\$\{[^}]*\}/g, 'x'))) return [];
  const host = hostOf(name);
  const message = `\`${host}\` is not among the hosts that lookups may ask.`;
  const entry = ADDRESS.test(host) ? `{ host: "${host}", private: true }` : `"${host}"`;
  const cure = `Allow it in site/destinations.yaml, like \`hosts: [${entry}]\`.`;
  return [source.problem('destination-refused', path, message, cure)];
}
