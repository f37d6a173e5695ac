/** A message of SIP (RFC 3261 §7) as its parts; names of headers in small letters. */
export interface SipText {
  /** `INVITE sip:… SIP/2.0` or `SIP/2.0 200 OK`. */
  readonly start: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export const REASONS: Readonly<Record<number, string>> = {
  100: 'Trying',
  180: 'Ringing',
  183: 'Session Progress',
  200: 'OK',
  403: 'Forbidden',
  404: 'Not Found',
  480: 'Temporarily Unavailable',
  481: 'Call/Transaction Does Not Exist',
  486: 'Busy Here',
  487: 'Request Terminated',
  488: 'Not Acceptable Here',
  503: 'Service Unavailable',
  603: 'Decline',
};

export function parseSip(text: string): SipText {
  const end = text.indexOf('\r\n\r\n');
  const [head, body] = end < 0 ? [text, ''] : [text.slice(0, end), text.slice(end + 4)];
  const [start = '', ...lines] = head.split('\r\n');
  const pairs = lines
    .filter((line) => line.includes(':'))
    .map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()] as const;
    });
  return { start, headers: Object.fromEntries(pairs), body };
}

export function writeSip(start: string, headers: Readonly<Record<string, string>>, body: string): string {
  const type = body !== '' && !('Content-Type' in headers) ? { 'Content-Type': 'application/sdp' } : {};
  const lines = Object.entries({ ...headers, ...type, 'Content-Length': String(Buffer.byteLength(body)) });
  return `${start}\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`;
}

/** What an application wrote besides what belongs to the server. */
export function extrasOf({ headers }: SipText): Readonly<Record<string, string>> {
  const own = ['via', 'from', 'to', 'call-id', 'cseq', 'contact', 'content-length', 'max-forwards'];
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !own.includes(name))
      .map(([name, value]) => [name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase()), value]),
  );
}

export const methodOf = ({ start }: SipText): string => start.split(' ')[0] ?? '';
export const statusOf = ({ start }: SipText): number => Number(/^SIP\/2\.0 (\d{3})/.exec(start)?.[1] ?? 0);
