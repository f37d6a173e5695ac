/** What may stand in a pattern: a digit, a hyphen as in 2026-12-24, an escaped sign, any digit or a class of digits, each with how many of it. */
const PIECE = /(?:[0-9-]|\\[+*#d]|\[(?:[0-9](?:-[0-9])?|[+*#])+\])(?:\{[0-9]{1,2}(?:,[0-9]{0,2})?\}|[?*+])?/y;

/** Pieces of variable length make a matcher try again; two keep it within the square of a short input. */
const MOST_VARIABLE = 2;

export type Pattern = { readonly ok: true; readonly regex: RegExp } | { readonly ok: false; readonly why: string };

/**
 * Reads a pattern for keyed or dialled digits. Only anchored rows of digit classes pass, as in `^[1-9][0-9]{5,7}$`: no
 * group, no choice, no look-around, no back reference, so none can be made that runs long on a hostile input.
 */
export function readPattern(text: string): Pattern {
  if (text.length > 100) return { ok: false, why: 'it is longer than 100 characters' };
  if (!text.startsWith('^') || !text.endsWith('$'))
    return { ok: false, why: 'it does not begin with ^ and end with $' };
  const body = text.slice(1, -1);
  let variable = 0;
  for (PIECE.lastIndex = 0; PIECE.lastIndex < body.length; ) {
    const from = PIECE.lastIndex;
    const piece = PIECE.exec(body)?.[0];
    if (piece === undefined) return { ok: false, why: `\`${body.slice(from, from + 8)}\` is not a class of digits` };
    if (/([?*+]|,\d*\})$/.test(piece.replace(/^\\./, ''))) variable += 1;
  }
  if (variable > MOST_VARIABLE) return { ok: false, why: `more than ${MOST_VARIABLE} of its pieces vary in length` };
  return compiled(text);
}

function compiled(text: string): Pattern {
  try {
    return { ok: true, regex: new RegExp(text) };
  } catch {
    return { ok: false, why: 'a range or a count in it runs backwards' };
  }
}
