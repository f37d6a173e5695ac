import type { Finding } from '../engine/ports/releases.ts';

/**
 * Every error of the API is an RFC 9457 problem with one of these codes, which stay the same for good; docs/errors.md says
 * of each what it means and what to do.
 */
export const PROBLEMS = {
  'request.invalid': { status: 400, title: 'The request does not have the documented form' },
  'credential.missing': { status: 401, title: 'A token is needed' },
  'credential.invalid': { status: 401, title: 'The token is not valid' },
  'role.forbidden': { status: 403, title: "The token's role may not do this" },
  'route.unknown': { status: 404, title: 'There is no such address' },
  'resource.unknown': { status: 404, title: 'There is no such thing' },
  'request.timeout': { status: 408, title: 'The request took too long to arrive' },
  'resource.conflict': { status: 409, title: 'The state of things does not allow this' },
  'key.busy': { status: 409, title: 'A request with this Idempotency-Key is being served' },
  'body.too-large': { status: 413, title: 'The body is too large' },
  'body.unsupported': { status: 415, title: 'This kind of body is not understood' },
  'resource.refused': { status: 422, title: 'Well formed, but it cannot be done' },
  'flows.refused': { status: 422, title: 'The flow files have faults' },
  'key.reused': { status: 422, title: 'This Idempotency-Key belongs to another request' },
  'rate.exceeded': { status: 429, title: 'Too many requests' },
  'streams.exceeded': { status: 429, title: 'Too many open event streams' },
  'headers.too-large': { status: 431, title: 'The headers are too large' },
  internal: { status: 500, title: 'A fault in Callwright' },
  unavailable: { status: 503, title: 'Callwright cannot answer now' },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly title: string }>>;

export type ProblemCode = keyof typeof PROBLEMS;

/** One fault in a request: where in it, as `query.limit`, and what is wrong. */
export interface Fault {
  readonly where: string;
  readonly problem: string;
}

interface ProblemMore {
  readonly faults?: readonly Fault[];
  readonly findings?: readonly Finding[];
  readonly retryAfterS?: number;
}

/** The way out of a handler with an error; Fastify takes errors thrown. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly faults: readonly Fault[];
  /** What is wrong in files of the flows. */
  readonly findings: readonly Finding[];
  /** Seconds until it is worth another try. */
  readonly retryAfterS: number | null;

  constructor(code: ProblemCode, detail: string, more: ProblemMore = {}) {
    super(detail);
    this.code = code;
    this.faults = more.faults ?? [];
    this.findings = more.findings ?? [];
    this.retryAfterS = more.retryAfterS ?? null;
  }
}

/** The problem document, RFC 9457 §3.1, extended by our `code` and by the faults found. */
export function problemDocument(problem: Problem) {
  const { status, title } = PROBLEMS[problem.code];
  return {
    type: `urn:callwright:problem:${problem.code}`,
    title,
    status,
    detail: problem.message,
    code: problem.code,
    ...(problem.faults.length > 0 ? { faults: problem.faults } : {}),
    ...(problem.findings.length > 0 ? { findings: problem.findings } : {}),
  };
}
