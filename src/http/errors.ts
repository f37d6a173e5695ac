import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Answer } from '../engine/ports/service.ts';
import type { Log } from '../engine/ports/time.ts';
import { challengeFor } from './auth.ts';
import { PROBLEMS, Problem, type ProblemCode, problemDocument } from './problem.ts';
import { RequestFaults } from './request-faults.ts';

/** Every way in which a request can fail leads through here and leaves as a problem document. */
export function answerErrors(app: FastifyInstance, log: Log): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const problem = asProblem(error);
    if (problem.code === 'internal') log.error({ err: error, route: request.routeOptions.url }, 'a request failed');
    return sendProblem(problem, request, reply);
  });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.replace(/\?.*/, '');
    const detail = `There is no ${request.method} ${path}; the addresses are listed in /openapi.json.`;
    return sendProblem(new Problem('route.unknown', detail), request, reply);
  });
}

export function sendProblem(problem: Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status } = PROBLEMS[problem.code];
  if (status === 401) reply.header('www-authenticate', challengeFor(request));
  if (problem.retryAfterS !== null) reply.header('retry-after', problem.retryAfterS);
  return reply.code(status).type('application/problem+json').send(problemDocument(problem));
}

const FASTIFY_CODES: ReadonlyMap<string, ProblemCode> = new Map([
  ['FST_ERR_CTP_BODY_TOO_LARGE', 'body.too-large'],
  ['FST_ERR_CTP_INVALID_MEDIA_TYPE', 'body.unsupported'],
]);

/** A fault of ours says nothing of its inside to the outside; the log has it. */
export function asProblem(error: FastifyError): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof RequestFaults) {
    const { validationContext: part = 'request' } = error;
    const faults = error.in(PARTS[part] ?? part);
    return new Problem('request.invalid', faults.map((fault) => `${fault.where}: ${fault.problem}`).join('; '), {
      faults,
    });
  }
  const code = FASTIFY_CODES.get(error.code);
  if (code) return new Problem(code, error.message);
  const clients = error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500;
  return clients
    ? new Problem('request.invalid', error.message)
    : new Problem('internal', 'The fault is in the log of the server.');
}

/** Parts of a request by other names than Fastify's. */
const PARTS: Readonly<Record<string, string>> = { querystring: 'query', params: 'path' };

const REFUSALS = {
  'not-found': 'resource.unknown',
  conflict: 'resource.conflict',
  invalid: 'resource.refused',
} as const;

/** What the engine answered, or its refusal as a problem. */
export function valueOf<T>(answer: Answer<T>): T {
  if (answer.ok) return answer.value;
  throw new Problem(REFUSALS[answer.why], answer.sentence);
}

/** `what` names the thing that was asked for, as `agent alice`. */
export function found<T>(value: T | null, what: string): T {
  if (value !== null) return value;
  throw new Problem('resource.unknown', `There is no ${what}.`);
}

const CLIENT_CODES: ReadonlyMap<string | undefined, ProblemCode> = new Map([
  ['ERR_HTTP_REQUEST_TIMEOUT', 'request.timeout'],
  ['HPE_HEADER_OVERFLOW', 'headers.too-large'],
]);

/** Bytes that are no HTTP request never reach a route; they are answered here and the connection is closed. */
export function answerGarbage(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const code = CLIENT_CODES.get(error.code) ?? 'request.invalid';
  const { status } = PROBLEMS[code];
  const body = JSON.stringify(problemDocument(new Problem(code, 'The connection is closed.')));
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nconnection: close\r\ncontent-type: application/problem+json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
