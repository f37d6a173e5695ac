/** One entry of the machine's package sources, as far as it matters here. */
export interface AptSource {
  readonly uris: readonly string[];
  readonly suites: readonly string[];
  readonly components: readonly string[];
}

/** Reads the classic format, one source a line: `deb [options] uri suite component…`. See sources.list(5). */
export function parseSourceLines(text: string): AptSource[] {
  return text.split('\n').flatMap((line) => {
    const [, uri, suite, components] =
      /^\s*deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s*(.*)$/.exec(line.replace(/#.*/, '')) ?? [];
    return uri && suite ? [{ uris: [uri], suites: [suite], components: words(components) }] : [];
  });
}

/** Reads the deb822 format: stanzas of `Field: value`, continued by an indented line. See sources.list(5). */
export function parseSourceStanzas(text: string): AptSource[] {
  const withoutComments = text.replace(/^#.*\n?/gm, '');
  return withoutComments.split(/\n\s*\n/).flatMap((stanza) => {
    const fields = new Map<string, string>();
    for (const [, name = '', value = ''] of stanza.matchAll(/^([A-Za-z-]+):((?:.*)(?:\n[ \t]+.*)*)/gm)) {
      fields.set(name.toLowerCase(), value);
    }
    const usable =
      words(fields.get('types')).includes('deb') && !/^\s*(no|false|0)\s*$/i.test(fields.get('enabled') ?? '');
    const source = {
      uris: words(fields.get('uris')),
      suites: words(fields.get('suites')),
      components: words(fields.get('components')),
    };
    return usable && source.uris.length > 0 ? [source] : [];
  });
}

/**
 * The mirrors of Debian's main archive among the sources: those that carry `main`, are not a security or third-party
 * archive, and whose path is the archive's root (`…/debian`) or a mirror list of it (`…/debian.list`, on cloud images).
 */
export function debianMirrors(sources: readonly AptSource[]): string[] {
  const mirrors = sources
    .filter((source) => source.components.includes('main'))
    .flatMap((source) => source.uris)
    .filter((uri) => /^[a-z+]+:.*\/debian(\.list)?\/?$/i.test(uri));
  return [...new Set(mirrors.map((uri) => uri.replace(/\/$/, '')))];
}

const words = (text: string | undefined): string[] => text?.split(/\s+/).filter(Boolean) ?? [];
