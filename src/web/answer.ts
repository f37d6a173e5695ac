import type { WebAnswer } from '../engine/ports/web.ts';
import type { Reply, Silence } from './exchange.ts';
import { readJson } from './json.ts';

/** What a reply means to a flow. */
export function answerOf(reply: Reply | Silence): WebAnswer {
  if (reply === 'timeout') return { outcome: 'timeout' };
  if (typeof reply === 'string') return failed(reply);
  const { status, body } = reply;
  if (status === 404 || status === 410) return { outcome: 'notFound' };
  if (status === 204 || status === 205) return { outcome: 'ok', status, body: null };
  if (status >= 300 && status < 400) return failed('redirect');
  if (status < 200 || status > 299) return failed(`status ${status}`);
  if (reply.encoding.toLowerCase() !== 'identity') return failed('answer is compressed');
  if (body === null) return failed('answer too large');
  const read = JSON_TYPE.test(reply.type) ? readJson(body) : undefined;
  return read === undefined ? failed('answer is not JSON') : { outcome: 'ok', status, body: read };
}

/** JSON is UTF-8 whatever else is claimed (RFC 8259, 8.1); `+json` is any format built on it (RFC 6839). */
const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i;

export const failed = (why: string): WebAnswer => ({ outcome: 'error', why });
