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

export const CALL_FACTS = ['call.from', 'call.to', 'call.language', 'call.customerType', 'call.id'] as const;

/** What a name in a template stands for in this call; a variable that was never set is an empty text. */
export function valueOf(walk: Walk, name: string): Value {
  const { from, to, language, customerType } = callFacts(walk);
  switch (name) {
    case 'call.from':
      return from;
    case 'call.to':
      return to;
    case 'call.language':
      return language;
    case 'call.customerType':
      return customerType;
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

const HOST = /^https?:\/\/[A-Za-z0-9.-]+(:[0-9]{1,5})?([/?]|$)/;
const STRANGE = /[^!-~]|["'<>\\^`{|}#@]/;

/** What is wrong with an address: only its author and `${env.…}` may say which host is asked. */
export function urlFault(template: Template): string | null {
  const [first, second] = template;
  if (template.slice(1).some((part) => isEnv(part))) return '`${env.…}` may stand only where the address begins.';
  const path = template.map((part) => (typeof part === 'string' ? part : 'x')).join('');
  if (template.some((part) => typeof part === 'string' && STRANGE.test(part))) {
    return 'The address holds a character that belongs in none.';
  }
  if (/\/\.\.?([/?]|$)/.test(path)) return 'The address leads up by `..` or stays by `.`.';
  if (isEnv(first)) {
    if (second === undefined || (typeof second === 'string' && /^[/?]/.test(second))) return null;
    return 'What follows `${env.…}` begins with `/` or `?`.';
  }
  const [, , end] = (typeof first === 'string' && HOST.exec(first)) || [];
  if (end === undefined) return 'The address begins with neither https:// and a host nor `${env.…}`.';
  return end === '' && second !== undefined ? 'The host ends with a `/` before anything is filled in.' : null;
}

const isEnv = (part: Template[number] | undefined) => typeof part === 'object' && part.name.startsWith('env.');

/** A value may come from anywhere, half characters included, which cannot be encoded. */
const encoded = (text: string) => encodeURIComponent(text.toWellFormed());

/**
 * An address: what is filled in is percent-encoded, but for the `${env.…}` that begins it. Null when a value that is empty,
 * `.` or `..` would make it the address of something else.
 */
export function fillInUrl(walk: Walk, template: Template): string | null {
  const [first] = template;
  const head = isEnv(first) ? fillIn(walk, template.slice(0, 1)).replace(/\/+$/, '') : '';
  const rest = isEnv(first) ? template.slice(1) : template;
  const query = rest.findIndex((part) => typeof part === 'string' && part.includes('?'));
  const inPath = query < 0 ? rest : rest.slice(0, query);
  if (inPath.some((part) => typeof part === 'object' && valueOf(walk, part.name) === '')) return null;
  const filled = fillIn(walk, rest, encoded);
  return /\/\.\.?([/?]|$)/.test(filled) ? null : head + filled;
}
