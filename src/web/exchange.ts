import { type ClientRequest, type Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Target } from './guard.ts';
import { AddressRefused } from './pools.ts';

/** A request that has passed the guard. */
export interface Order {
  readonly target: Target;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

export interface Reply {
  readonly status: number;
  readonly type: string;
  readonly encoding: string;
  /** As it came: seconds, or a date (RFC 9110 §10.2.3); empty: none. */
  readonly retryAfter: string;
  /** Null when it was larger than we read. */
  readonly body: Uint8Array | null;
}

/** Why no reply came. */
export type Silence = 'timeout' | 'address not allowed' | 'host not found' | 'certificate not trusted' | 'unreachable';

const LARGEST_ANSWER = 256 * 1_024;

/** One request and its whole reply, or why there is none. Aborting ends it at any point. */
export async function exchange(agent: Agent, order: Order, signal: AbortSignal): Promise<Reply | Silence> {
  try {
    const response = await responseTo(agent, order, signal);
    return {
      status: response.statusCode ?? 0,
      type: response.headers['content-type'] ?? '',
      encoding: response.headers['content-encoding'] ?? 'identity',
      retryAfter: response.headers['retry-after'] ?? '',
      body: await bodyOf(response),
    };
  } catch (error) {
    return signal.aborted ? 'timeout' : silenceOf(error);
  }
}

function responseTo(agent: Agent, order: Order, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { target, method, headers, body } = order;
    const send = target.secure ? httpsRequest : httpRequest;
    const request = send({ agent, method, headers, host: target.host, port: target.port, path: target.path });
    const abort = () => {
      request.destroy();
      // One that still waits for a free connection tells nothing when it is destroyed.
      reject(new Error('deadline'));
    };
    signal.addEventListener('abort', abort);
    request.on('response', resolve);
    request.on('close', () => reject(new Error('closed')));
    request.on('error', (error) => {
      if (!signal.aborted && method === 'GET' && wasStale(request, error)) resolve(responseTo(agent, order, signal));
      else reject(error);
    });
    request.end(body ?? undefined);
  });
}

/** The other side closed a kept connection just as we took it: the next one, at last a new one, will do. */
const wasStale = (request: ClientRequest, error: NodeJS.ErrnoException): boolean =>
  request.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');

/** Leaving the loop early destroys the response and with it the connection. */
async function bodyOf(response: IncomingMessage): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > LARGEST_ANSWER) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** An error's message may hold names and addresses: only its kind is told. */
function silenceOf(error: unknown): Silence {
  if (error instanceof AddressRefused) return 'address not allowed';
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (/^(?:ENOTFOUND|EAI_)/.test(code)) return 'host not found';
  return /CERT|VERIFY/.test(code) ? 'certificate not trusted' : 'unreachable';
}
