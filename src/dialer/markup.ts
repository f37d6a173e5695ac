const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it may stand in a page: names are chosen by people. */
export const escaped = (raw: string): string => raw.replaceAll(/[&<>"']/g, (sign) => escapes[sign] ?? sign);
