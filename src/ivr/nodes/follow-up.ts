import { z } from 'zod';
import { askWorld, SERVICE_MS } from '../ask.ts';
import { payload, payloadOf } from '../exchange.ts';
import type { Walk } from '../flow.ts';
import { kind } from '../kind.ts';
import { ownerFile, ownerIn } from '../owner.ts';
import type { NodeScope } from '../scope.ts';
import { fillIn } from '../template.ts';
import { failed } from '../walk.ts';
import { duration, fault, name } from '../words.ts';

/** Lengths in characters. What a caller or another system said is cut to them: a promise is not lost for a long word. */
const MOST = { fields: 32, text: 500 } as const;

const WORK_KIND = fault(
  'No kind of follow-up.',
  'Use small letters, digits and `-`, like `refund`; `callback` is none.',
);
const FIELDS = fault(
  `There are ${MOST.fields} fields at most, each named by a letter and up to 39 letters, digits, \`_\` and \`-\`.`,
  'Write it like `orderId`.',
);
const fits = (data: object) =>
  Object.keys(data).length <= MOST.fields &&
  Object.keys(data).every((key) => /^[A-Za-z][A-Za-z0-9_-]{0,39}$/.test(key));

const fields = {
  kind: z.string().regex(/^(?!callback$)[a-z][a-z0-9-]{0,39}$/, { error: WORK_KIND }),
  owner: ownerFile,
  within: duration('1m', '365d').optional(),
  at: z.string().min(1).max(200).optional(),
  reason: z.string().trim().min(1).max(MOST.text),
  data: payload.refine(fits, { error: FIELDS }).default({}),
  priority: z.int().min(0).max(9).default(0),
  next: name.optional(),
};
type File = z.output<z.ZodObject<typeof fields>>;

/** Leaves work to somebody: what was promised is written down before the flow goes on, also when the caller hangs up meanwhile. */
export const followUp = kind({
  type: 'followUp',
  fields,
  outcomes: [],
  fails: true,
  build(file, scope) {
    const error = scope.failure(file.outcomes);
    const owner = ownerOf(file, scope);
    const dueIn = dueOf(file, scope);
    const reason = scope.template(file.reason, ['reason'], ['string', 'enum', 'int', 'bool']);
    const dataIn = payloadOf(file.data, ['data'], scope);
    const done = { outcome: 'done', to: scope.edge('done', file.next ?? null, ['next']) };
    return {
      stages: ['asking'],
      enter(walk) {
        const dueAt = dueIn(walk);
        if (dueAt === null) return failed({ error });
        const rows = Object.entries(dataIn(walk)).map(([field, value]) => [field, cut(String(value))]);
        const about = { reason: cut(fillIn(walk, reason)) || file.kind, data: Object.fromEntries(rows) };
        const { kind: work, priority } = file;
        const request = { kind: 'follow-up', flow: walk.flow.id, work, owner, dueAt, priority, ...about } as const;
        return askWorld(walk, { request, timeoutMs: SERVICE_MS, filler: [] });
      },
      answered: (_walk, outcome) => (outcome === 'ok' ? done : failed({ error })),
    };
  },
});

const cut = (text: string): string => text.trim().slice(0, MOST.text).toWellFormed();

function ownerOf(file: File, scope: NodeScope) {
  const owner = ownerIn(file.owner) ?? { kind: 'agent' as const, id: '' };
  scope.refer(owner.kind, owner.id, ['owner', owner.kind]);
  return owner;
}

/** When it is due, ms since 1970; null when what `at` comes to is no time. */
function dueOf({ within, at }: File, scope: NodeScope): (walk: Walk) => number | null {
  if ((within === undefined) === (at === undefined)) {
    const message = 'A follow-up has one due time.';
    scope.report('missing-field', [], message, 'Write `within: 4h`, or `at: "${payBy}"`.', 'key');
  }
  if (at === undefined) return (walk) => walk.now + (within ?? 0);
  const template = scope.template(at, ['at'], ['string', 'enum']);
  if (!at.includes('${') && momentOf(at) === null) {
    const cure = 'Write it with its zone, like `2026-12-24T15:00:00+02:00`.';
    scope.report('wrong-value', ['at'], `\`${at}\` is no moment.`, cure);
  }
  return (walk) => momentOf(fillIn(walk, template));
}

function momentOf(text: string): number | null {
  try {
    return Temporal.Instant.from(text.trim()).epochMilliseconds;
  } catch {
    return null; // RangeError is the only way to ask
  }
}
