import type { Value } from './expression.ts';
import type { Walk } from './flow.ts';
import { callFacts } from './walk.ts';

/** A text with `${…}` in it, taken apart: plain text, and names of what stands there. */
export type Template = readonly (string | { readonly name: string })[];

export function parseTemplate(text: string): Template {
  const parts = text.split(/\$\{([^}]*)\}/);
  return parts.flatMap((part, index): Template => {
    if (index % 2 === 1) return [{ name: part.trim() }];
    return part === '' ? [] : [part];
  });
}

export const CALL_FACTS = ['call.from', 'call.to', 'call.language', 'call.id'] as const;

/** What a name in a template stands for in this call; a variable that was never set is an empty text. */
export function valueOf(walk: Walk, name: string): Value {
  const { from, to, language } = callFacts(walk);
  switch (name) {
    case 'call.from':
      return from;
    case 'call.to':
      return to;
    case 'call.language':
      return language;
    case 'call.id':
      return walk.world.callId;
    default:
      return name.startsWith('env.') ? (walk.world.env.get(name.slice(4)) ?? '') : (walk.state.vars[name] ?? '');
  }
}

export const fillIn = (walk: Walk, template: Template, encode: (text: string) => string = String): string =>
  template.map((part) => (typeof part === 'string' ? part : encode(String(valueOf(walk, part.name))))).join('');

/** Of a text that is one `${name}` alone the value itself, so that numbers stay numbers. */
export function fillInValue(walk: Walk, template: Template): Value {
  const [only] = template;
  return template.length === 1 && typeof only === 'object' ? valueOf(walk, only.name) : fillIn(walk, template);
}

/** An address: what is filled in is percent-encoded, but for the `${env.…}` that begins it. */
export function fillInUrl(walk: Walk, template: Template): string {
  const [first, ...rest] = template;
  const head = typeof first === 'object' && first.name.startsWith('env.') ? fillIn(walk, [first]) : null;
  if (head === null) return fillIn(walk, template, encodeURIComponent);
  return head.replace(/\/+$/, '') + fillIn(walk, rest, encodeURIComponent);
}
