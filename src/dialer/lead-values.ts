/** 0–9, or undefined when the text is none. */
export function priorityOf(text: string): number | undefined {
  return /^[0-9]$/.test(text) ? Number(text) : undefined;
}

/** BCP 47 in its common forms: `fi`, `sv-FI`, `zh-Hant`. */
export function languageFault(text: string): string | undefined {
  if (/^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/.test(text)) return undefined;
  return `“${text.slice(0, 40)}” is no language; write it like fi or sv-FI`;
}

const known = new Map<string, boolean>();
/** More are not in the time zone database; a list of nonsense must not grow the memory of them. */
const MOST_ZONES = 2_000;

/** Names of the IANA time zone database, such as `Europe/Helsinki`. */
export function zoneFault(text: string): string | undefined {
  const is = known.get(text) ?? isZone(text);
  if (known.size < MOST_ZONES) known.set(text, is);
  return is ? undefined : `“${text.slice(0, 40)}” is no time zone; write it like Europe/Helsinki`;
}

function isZone(text: string): boolean {
  if (!/^[A-Za-z]+(\/[A-Za-z0-9_+-]+)*$/.test(text)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
