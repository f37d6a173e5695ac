/** As much of SIP (RFC 3261) as phones and callers on loopback need; each message is read and written whole. */
export interface Message {
  /** Of a request. */
  readonly method: string | null;
  /** Of a response. */
  readonly status: number | null;
  /** Who is asked, `sip:` and host left out; empty for a response. */
  readonly user: string;
  readonly lines: readonly string[];
  readonly callId: string;
  /** Method that the sequence number belongs to. */
  readonly sequence: string;
}

export function readMessage(text: string): Message {
  const lines = text.split('\r\n');
  const [first = ''] = lines;
  const status = /^SIP\/2\.0 (\d{3})/.exec(first)?.[1];
  const request = /^([A-Z]+) sip:(?:([^@;>]*)@)?/.exec(first);
  return {
    method: request?.[1] ?? null,
    status: status === undefined ? null : Number(status),
    user: request?.[2] ?? '',
    lines,
    callId: headerOf(lines, 'Call-ID'),
    sequence: headerOf(lines, 'CSeq').split(' ')[1] ?? '',
  };
}

/** The first header of that name, empty when there is none. */
export function headerOf(lines: readonly string[], name: string): string {
  const start = `${name}: `;
  return lines.find((line) => line.startsWith(start))?.slice(start.length) ?? '';
}

/** User part of the address in a From or To header. */
export const userOf = (header: string): string => /sip:([^@;>]*)@/.exec(header)?.[1] ?? '';

/** Where requests within the dialogue go. */
export const targetOf = ({ lines }: Message): string => /<([^>]+)>/.exec(headerOf(lines, 'Contact'))?.[1] ?? '';

const KEPT = /^(?:Via|From|Call-ID|CSeq|Record-Route):/;

/** Answers a request. @param tag ours, put on its To header when that has none. */
export function response(request: Message, answer: string, tag: string, contact = '', body = ''): string {
  const to = headerOf(request.lines, 'To');
  return written([
    `SIP/2.0 ${answer}`,
    ...request.lines.filter((line) => KEPT.test(line)),
    `To: ${to.includes(';tag=') ? to : `${to};tag=${tag}`}`,
    ...(contact === '' ? [] : [`Contact: <${contact}>`]),
    ...bodied(body),
  ]);
}

export interface Request {
  readonly method: string;
  readonly target: string;
  /** host:port it comes from. */
  readonly own: string;
  readonly from: string;
  readonly to: string;
  readonly callId: string;
  readonly count: number;
  readonly contact: string;
  readonly body?: string;
}

export function request({ method, target, own, from, to, callId, count, contact, body = '' }: Request): string {
  return written([
    `${method} ${target} SIP/2.0`,
    `Via: SIP/2.0/UDP ${own};rport;branch=z9hG4bK${method}${count}${callId}`,
    `From: ${from}`,
    `To: ${to}`,
    `Call-ID: ${callId}`,
    `CSeq: ${count} ${method}`,
    `Contact: <${contact}>`,
    'Max-Forwards: 70',
    ...bodied(body),
  ]);
}

const bodied = (body: string): readonly string[] => [
  ...(body === '' ? [] : ['Content-Type: application/sdp']),
  `Content-Length: ${body.length}`,
  '',
  body,
];

const written = (lines: readonly string[]): string => lines.join('\r\n');

/** Where media is to come, and comes from. */
export const sdp = (host: string, port: number): string =>
  [
    'v=0',
    `o=- 1 1 IN IP4 ${host}`,
    's=-',
    `c=IN IP4 ${host}`,
    't=0 0',
    `m=audio ${port} RTP/AVP 0 101`,
    'a=rtpmap:0 PCMU/8000',
    'a=rtpmap:101 telephone-event/8000',
    'a=fmtp:101 0-15',
    '',
  ].join('\r\n');

/** The far side's port for media, null when it names none. */
export function mediaPort({ lines }: Message): number | null {
  const port = lines.map((line) => /^m=audio (\d+)/.exec(line)?.[1]).find((found) => found !== undefined);
  return port === undefined ? null : Number(port);
}
