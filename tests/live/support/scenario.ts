/**
 * The pieces of SIPp scenarios: XML that SIPp reads, made from a few words. A log line is `<call number> <word> <rest>`, and
 * is what a test waits for.
 */

/** SIPp numbers the places that a scenario jumps to. */
export type Label = number;

export const log = (words: string): string => `<log message="[call_number] ${words}"/>`;

export const label = (id: Label): string => `<label id="${id}"/>`;

export const scenario = (name: string, steps: readonly string[]): string =>
  `<?xml version="1.0" encoding="ISO-8859-1"?>\n<scenario name="${name}">\n${steps.join('\n')}\n</scenario>\n`;

interface Step {
  readonly next?: Label;
  readonly actions?: readonly string[];
}

interface Receive extends Step {
  readonly optional?: boolean;
  /** Keeps the route set and the contact of the far side for what is sent later. */
  readonly keepRoute?: boolean;
  /** Keeps the challenge, for `[authentication …]` in what is sent next. */
  readonly challenge?: boolean;
  /** Takes only the answer to the request that was sent under this name; without it, any answer to such a method. */
  readonly answersTo?: string;
  /** Goes on at `goTo` when nothing has come for so long; without it the call is aborted. */
  readonly patience?: { readonly ms: number; readonly goTo?: Label };
}

export function receive(what: { readonly request: string } | { readonly status: number }, step: Receive = {}): string {
  const { optional, keepRoute, challenge, answersTo, patience, next } = step;
  const attributes = {
    ...('request' in what ? { request: what.request } : { response: what.status }),
    ...(optional && { optional: true }),
    ...(keepRoute && { rrs: true }),
    ...(challenge && { auth: true }),
    ...(answersTo !== undefined && { response_txn: answersTo }),
    ...(patience && { timeout: patience.ms }),
    ...(patience?.goTo !== undefined && { ontimeout: patience.goTo }),
    ...(next !== undefined && { next }),
  };
  return element('recv', attributes, actions(step));
}

interface Send extends Step {
  /** Sent again until it is answered, as UDP asks of requests and of the answer to an INVITE (RFC 3261 §17). */
  readonly again?: boolean;
  /** A name for this request, which `answersTo` refers to. */
  readonly request?: string;
}

export function send(lines: readonly string[], step: Send = {}): string {
  const { again, request, next } = step;
  const attributes = {
    ...(again && { retrans: 500 }),
    ...(request !== undefined && { start_txn: request }),
    ...(next !== undefined && { next }),
  };
  return element('send', attributes, `<![CDATA[\n\n${lines.join('\n')}\n\n]]>${actions(step)}`);
}

/** Media as every phone here offers it: G.711, and keys as RFC 4733 events. */
export const sdp = (port: number | '[media_port]'): readonly string[] => [
  'Content-Type: application/sdp',
  'Content-Length: [len]',
  '',
  'v=0',
  'o=- 1 1 IN IP4 [media_ip]',
  's=-',
  'c=IN IP4 [media_ip]',
  't=0 0',
  `m=audio ${port} RTP/AVP 0 101`,
  'a=rtpmap:0 PCMU/8000',
  'a=rtpmap:101 telephone-event/8000',
  'a=fmtp:101 0-15',
];

export const NO_BODY: readonly string[] = ['Content-Length: 0'];

/** Keeps a header of the message just received in a variable. */
export const keep = (header: string, variable: string): string =>
  `<ereg regexp=".*" search_in="hdr" header="${header}:" assign_to="${variable}"/>`;

const actions = ({ actions: list = [] }: Step): string => (list.length > 0 ? `<action>${list.join('')}</action>` : '');

const element = (name: string, attributes: Readonly<Record<string, string | number | boolean>>, body: string): string =>
  `<${name}${Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${value}"`)
    .join('')}>${body}</${name}>`;
