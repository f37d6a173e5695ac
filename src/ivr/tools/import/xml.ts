import { XMLParser, XMLValidator } from 'fast-xml-parser';

interface Refused {
  readonly ok: false;
  readonly line: number;
  readonly why: string;
}

/** Reads the XML that other systems are configured by: bounded in depth, without entities of its own. */
export function readXml(text: string): { readonly ok: true; readonly data: unknown } | Refused {
  return refuse(text) ?? { ok: true, data: parser().parse(text) as unknown };
}

/** No file of FreeSWITCH needs entities of its own, and those are what blows parsers up. */
function refuse(text: string): Refused | null {
  const declared = /<!(DOCTYPE|ENTITY)/i.exec(text);
  if (declared) {
    const line = lineAt(text, declared.index);
    return { ok: false, line, why: `<!${declared[1]} is refused: entities can read files and fill the memory` };
  }
  if (depthOf(text) > MOST_DEPTH) return { ok: false, line: 1, why: `Tags are nested more than ${MOST_DEPTH} deep` };
  const valid = XMLValidator.validate(text);
  return valid === true
    ? null
    : { ok: false, line: valid.err.line, why: `It is no XML: ${valid.err.msg.slice(0, 200)}` };
}

const MOST_DEPTH = 30;

function depthOf(text: string): number {
  let [depth, deepest] = [0, 0];
  for (const [tag] of text.replace(/<!--[\s\S]*?-->/g, '').matchAll(/<[/A-Za-z][^<>]*>/g)) {
    if (tag.startsWith('</')) depth -= 1;
    else if (!tag.endsWith('/>')) depth += 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

const parser = () =>
  new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    captureMetaData: true,
    parseAttributeValue: false,
    isArray: (tag) => tag === 'menu' || tag === 'entry',
    maxNestedTags: MOST_DEPTH + 1,
  });

export const lineAt = (text: string, offset: number) => text.slice(0, offset).split('\n').length;

/** Where an element begins, which the parser keeps under a symbol of its own. */
export function lineOf(text: string, element: unknown): number {
  if (typeof element !== 'object' || element === null) return 1;
  const [place] = Object.getOwnPropertySymbols(element).map((symbol): unknown => Reflect.get(element, symbol));
  return lineAt(text, (Object(place) as { startIndex?: number }).startIndex ?? 0);
}
