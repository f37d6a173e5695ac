import Srf from 'drachtio-srf';
import type { Log } from '../engine/ports/time.ts';
import type { ProbeAnswer, SipAsk, SipListener, SipServer, Way } from './sip.ts';

/** The only file of this room that says drachtio: SIP itself is drachtio-server's, which asks us about each new request. */

export interface DrachtioDoor {
  readonly host: string;
  readonly port: number;
  readonly secret: string;
}

class DrachtioFault extends Error {
  override readonly name = 'DrachtioFault';
}

const OPEN_WITHIN_MS = 10_000;
const RETRY_MOST_MS = 1_000;
const CRLF = '\r\n';

/** @param door where drachtio's admin port is, and its secret. */
export function drachtioServer(door: DrachtioDoor, log: Log): SipServer {
  const srf = new Srf();
  const events = srf as NodeJS.EventEmitter;
  return {
    open: (listener) => open(srf, door, listener, log),
    probe: (uri, patienceMs) => probe(srf, uri, patienceMs),
    close: () => {
      events.removeAllListeners('close');
      try {
        srf.disconnect();
      } catch {
        // It is away already; drachtio-srf complains, and has stopped to come back.
      }
    },
  };
}

function open(srf: Srf, door: DrachtioDoor, listener: SipListener, log: Log): Promise<readonly string[]> {
  const { promise, resolve, reject } = Promise.withResolvers<readonly string[]>();
  const where = `${door.host}:${door.port}`;
  const late = setTimeout(() => {
    reject(new DrachtioFault(`drachtio at ${where} does not answer: start it, or mend DRACHTIO_URL.`));
  }, OPEN_WITHIN_MS);
  // Without a listener a lost connection is an uncaught exception.
  srf.on('error', (error: Error) =>
    log.debug({ drachtio: where, reason: error.message }, 'connection to drachtio failed'),
  );
  srf.on('connect', (error: Error | null, addresses: string) => {
    clearTimeout(late);
    if (error) return reject(new DrachtioFault(`drachtio at ${where} refuses the secret: mend it in DRACHTIO_URL.`));
    listener.up();
    resolve(addresses.split(','));
  });
  (srf as NodeJS.EventEmitter).on('close', () => listener.down());
  watchRecords(srf, log);
  for (const [verb, method] of VERBS) {
    // `on` would not tell the server that we want them.
    srf.use(verb, (request, response) => listener.asked(askOf(request as Request, response, method)));
  }
  // What ends towards the caller, and every BYE; a node's refusal alone (`network`) ends nothing yet.
  srf.on('cdr:stop', (source, _time, ...rest: unknown[]) => {
    const [why, message] = rest as [string, Srf.SipMessage];
    if (source === 'application' || why === 'normal-release') listener.ended(message.get('call-id'));
  });
  const settings = { ...door, reconnect: { retryMaxDelay: RETRY_MOST_MS, connectTimeout: 0 } };
  void srf.connect(settings);
  return promise;
}

/** Ends of calls are known by drachtio's call records alone; without them a node seems to keep all calls that it ever had. */
function watchRecords(srf: Srf, log: Log): void {
  let isSeen = false;
  srf.on('cdr:attempt', () => {
    isSeen = true;
  });
  let isTold = false;
  srf.use('invite', (_request, _response, next) => {
    if (!isSeen && !isTold) {
      isTold = true;
      const say = (): void => {
        if (!isSeen) log.warn({}, 'drachtio tells no ends of calls: write <cdrs>true</cdrs> into its configuration');
      };
      setTimeout(say, RECORD_WITHIN_MS).unref();
    }
    next();
  });
}

const RECORD_WITHIN_MS = 2_000;

const VERBS = [
  ['invite', 'INVITE'],
  ['register', 'REGISTER'],
  ['options', 'OPTIONS'],
  ['message', 'OTHER'],
  ['subscribe', 'OTHER'],
  ['publish', 'OTHER'],
  ['notify', 'OTHER'],
  ['refer', 'OTHER'],
  ['info', 'OTHER'],
] as const;

/** What drachtio-srf gives every request and its types leave out. */
interface Request extends Srf.SrfRequest {
  readonly stackTxnId: string;
  /** `Request.proxy` tells only the last answer of all; we must know each, to say whether another node may be asked. */
  readonly agent: {
    proxy(
      request: Request,
      options: object,
      heard: (token: readonly string[], raw?: string, meta?: Meta) => void,
    ): void;
  };
}

interface Meta {
  readonly address?: string;
  readonly port?: string;
}

function askOf(request: Request, response: Srf.SrfResponse, method: SipAsk['method']): SipAsk {
  const header = (name: string): string => (request.has(name) ? request.get(name) : '');
  return {
    method,
    verb: request.method,
    user: userOf(request.uri),
    fromUser: userOf(header('from')),
    toUser: userOf(header('to')),
    isInDialog: /;\s*tag=/iu.test(header('to').replace(/^.*>/u, '')),
    callId: header('call-id'),
    cseq: Number.parseInt(header('cseq'), 10) || 0,
    userAgent: header('user-agent'),
    source: { address: request.source_address, port: Number(request.source_port), transport: request.protocol },
    header,
    headerNames: () => Object.keys(request.headers),
    contacts: () => contactsIn(request, header('contact')),
    answer: (status, headers = {}) => response.send(status, { headers: linesOf(headers) }),
    forward: (way) => forward(request, way),
  };
}

/** Of `sip:+358%20@host;x` or `"Name" <sip:user@host>`; empty when there is no user. */
const userOf = (text: string): string => /sips?:([^@<>\s"]*)@/iu.exec(text)?.[1]?.split(';')[0] ?? '';

const LONGEST_INSTANCE = 200;

function contactsIn(request: Request, text: string): ReturnType<SipAsk['contacts']> {
  if (text === '') return [];
  if (text.trim() === '*') return [{ uri: '*', expires: null, instance: null }];
  try {
    return request.getParsedHeader('contact').map(({ uri, params = {} }) => {
      const expires = Number(params['expires']);
      const instance = String(params['+sip.instance'] ?? '').slice(0, LONGEST_INSTANCE);
      return {
        uri,
        expires: params['expires'] !== undefined && Number.isInteger(expires) ? expires : null,
        instance: instance === '' ? null : instance,
      };
    });
  } catch {
    return [{ uri: '', expires: null, instance: null }];
  }
}

/** Several challenges must stand in lines of their own (RFC 3261 §7.3.1); drachtio-srf would join them with a comma. */
const linesOf = (headers: Readonly<Record<string, string | readonly string[]>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => {
      const lines = typeof value === 'string' ? [value] : value;
      return lines.length === 0 ? [] : [[name, lines.join(`${CRLF}${name}: `)]];
    }),
  );

const duration = (ms: number | undefined): string => (ms === undefined ? '' : `${Math.round(ms)}ms`);

function forward(request: Request, way: Way): void {
  const options = {
    destination: [...way.targets],
    headers: way.headers ?? {},
    stackTxnId: request.stackTxnId,
    // Record-Route: later requests of the dialog pass drachtio, and find their node by its Contact.
    remainInDialog: true,
    fullResponse: true,
    followRedirects: way.followsRedirects ?? false,
    simultaneous: way.atOnce ?? false,
    provisionalTimeout: duration(way.patienceMs),
    finalTimeout: '',
  };
  request.agent.proxy(request, options, (token, raw, meta) => {
    if (token[0] === 'NOK') return way.onFailure?.(token[1] ?? 'unknown');
    const status = Number(/^SIP\/2\.0 (\d{3})/u.exec(raw ?? '')?.[1]);
    if (status >= 200) way.onAnswer?.({ status, address: meta?.address ?? '', port: Number(meta?.port) });
  });
}

/** As it is; its types ask for a whole request as options. */
interface Asker {
  request(uri: string, options: object, sent: (error: unknown, request?: Request) => void): void;
}

async function probe(srf: Srf, uri: string, patienceMs: number): Promise<ProbeAnswer> {
  const { promise, resolve } = Promise.withResolvers<ProbeAnswer>();
  const timer = setTimeout(() => resolve({ kind: 'silent' }), patienceMs);
  try {
    (srf as unknown as Asker).request(
      uri,
      { method: 'OPTIONS', headers: { 'User-Agent': 'Callwright' } },
      (error, request) => {
        if (error || !request) return resolve({ kind: 'silent' });
        request.on('response', (response) => {
          if (response) resolve(probed(response));
        });
      },
    );
  } catch {
    resolve({ kind: 'silent' });
  }
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}

/** Whatever a node says, it is there: 404 or 401 too. 5xx is drachtio's own word for a refused packet, or a node's that is ending. */
const probed = ({ status, source_address: address, source_port: port }: Srf.SrfResponse): ProbeAnswer =>
  status >= 500 || status === 408 ? { kind: 'refused' } : { kind: 'answered', address, port: Number(port) };
