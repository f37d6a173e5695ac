export interface Format {
  readonly delimiter: ',' | ';' | '\t';
}

type FormatReading = ({ readonly ok: true } & Format) | { readonly ok: false; readonly sentence: string };

const SAVE_AS_UTF8 = 'save it as “CSV UTF-8” and send it again.';

/** Tells from its first bytes whether a file is CSV in UTF-8, and which delimiter its first line uses most. */
export function detectFormat(head: Uint8Array): FormatReading {
  if (head[0] === 0x50 && head[1] === 0x4b) return bad(`The file is a spreadsheet or an archive; ${SAVE_AS_UTF8}`);
  if (head.includes(0)) return bad(`The file is not UTF-8 text (UTF-16, perhaps); ${SAVE_AS_UTF8}`);
  const text = decode(head);
  if (text === undefined) return bad(`The file is not in UTF-8; ${SAVE_AS_UTF8}`);
  const [firstLine = ''] = text
    .replaceAll(/"[^"]*"/g, '')
    .replace(/^[\r\n]+/, '')
    .split(/[\r\n]/, 1);
  const uses = (delimiter: string) => firstLine.split(delimiter).length;
  const delimiters = [',', ';', '\t'] as const;
  return { ok: true, delimiter: delimiters.reduce((best, next) => (uses(next) > uses(best) ? next : best)) };
}

const bad = (sentence: string): FormatReading => ({ ok: false, sentence });

function decode(head: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
  } catch {
    return undefined;
  }
}
