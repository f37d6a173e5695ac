import type { Path, Report } from './problem.ts';

/** Names that begin an endpoint on a switch; in an address, `/local/…` is a path like any other. */
const ENDPOINT =
  /(?<![\w/.:-])(?:Local|PJSIP|SIP|IAX2|DAHDI|AudioSocket|WebSocket|Console|Multicast|UnicastRTP|sofia|loopback|verto)\/[^\s/]/i;
/** Dialplan functions and applications that reach a shell, a file or a database. */
const FUNCTION =
  /(?<!\w)(?:SHELL|SYSTEM|TRYSYSTEM|EVAL|EXEC|CURL|ENV|FILE|STAT|DB|DB_DELETE|REALTIME|ODBC_?\w*|AST_CONFIG|AGI)\(/;

/**
 * No text of a node may look like something that a switch would run or dial. Nothing of a flow file reaches a dialplan
 * anyway; this keeps a file from being a loaded gun for whoever changes that one day.
 */
export function lintTexts(value: unknown, path: Path, report: Report): void {
  if (typeof value === 'string') {
    const found = ENDPOINT.exec(value) ?? FUNCTION.exec(value);
    if (!found) return;
    const message = `\`${found[0]}\` is the language of a switch.`;
    const cure = 'A flow names numbers, queues and phones, never endpoints or functions.';
    report('wrong-value', path, message, cure, found.index);
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) lintTexts(item, [...path, index], report);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) lintTexts(item, [...path, key], report);
  }
}
