import { z } from 'zod';
import type { FlowRequest } from '../../call/request.ts';
import { askWorld } from '../ask.ts';
import { keepOf, payload, payloadOf, saves, savesOf } from '../exchange.ts';
import type { Walk } from '../flow.ts';
import { kind } from '../kind.ts';
import { filler } from '../parts.ts';
import type { NodeScope } from '../scope.ts';
import { fillInUrl } from '../template.ts';
import { failed, leave } from '../walk.ts';
import { duration, fault, shape } from '../words.ts';

const secretName = z.string().regex(/^[a-z][a-z0-9_]{0,62}$/, {
  error: fault('A secret is named, never written out.', 'Write its name, like `crm_token`.'),
});

const fields = {
  request: shape({
    method: z.enum(['GET', 'POST']).default('GET'),
    url: z.string().min(1).max(2_000),
    secret: secretName.optional(),
    body: payload.optional(),
  }),
  timeout: duration('100ms', '10s').optional(),
  filler,
  cache: duration('1s', '1d').optional(),
  save: saves.default({}),
};
type File = z.output<z.ZodObject<typeof fields>>;

const OUTCOMES = ['ok', 'notFound', 'timeout'] as const;

/**
 * Asks a system outside over HTTP and keeps parts of its JSON answer. An address that cannot be made, for a caller without
 * a number for instance, finds nothing.
 */
export const lookup = kind({
  type: 'lookup',
  fields,
  outcomes: OUTCOMES,
  fails: true,
  build(file, scope) {
    const error = scope.failure(file.outcomes);
    scope.outcomes(file.outcomes, OUTCOMES);
    const requestIn = requestOf(file, scope);
    const kept = savesOf(file.save, ['ok'], scope);
    const words = scope.speech(file.filler, ['filler']);
    return {
      stages: ['asking'],
      enter(walk) {
        const request = requestIn(walk);
        if (!request) return leave(scope.exits, 'notFound');
        return askWorld(walk, { request, timeoutMs: request.timeoutMs, filler: words });
      },
      answered(walk, outcome, data) {
        if (outcome === 'notFound' || outcome === 'timeout') return leave(scope.exits, outcome);
        return outcome === 'ok' && keepOf(walk, kept, data) ? leave(scope.exits, outcome) : failed({ error });
      },
    };
  },
});

type Lookup = Extract<FlowRequest, { kind: 'lookup' }>;

function requestOf({ request: file, timeout, cache }: File, scope: NodeScope): (walk: Walk) => Lookup | null {
  if (timeout === undefined) {
    const message = 'A lookup without a time-out could keep the caller waiting for ever.';
    scope.report('lookup-timeout', [], message, 'Add one of at most 10 s, like `timeout: 1500ms`.');
  }
  if (file.body && file.method === 'GET') {
    scope.report('wrong-value', ['request', 'body'], 'A GET sends no body.', 'Write `method: POST`.', 'key');
  }
  const url = scope.url(file.url, ['request', 'url']);
  const bodyIn = file.body ? payloadOf(file.body, ['request', 'body'], scope, false) : () => null;
  const fixed = { kind: 'lookup', method: file.method, secret: file.secret ?? null, cacheMs: cache ?? null } as const;
  return (walk) => {
    const filled = fillInUrl(walk, url);
    return filled === null ? null : { ...fixed, url: filled, body: bodyIn(walk), timeoutMs: timeout ?? 0 };
  };
}
