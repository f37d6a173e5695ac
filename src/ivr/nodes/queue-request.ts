import { z } from 'zod';
import type { QueueRequest, Requirement } from '../../call/routing.ts';
import type { Walk } from '../flow.ts';
import type { Path } from '../problem.ts';
import type { NodeScope } from '../scope.ts';
import { fillIn, type Template } from '../template.ts';
import { callFacts } from '../walk.ts';
import { duration, key, level, name, promptName, shape } from '../words.ts';

const points = z.int().min(-86_400).max(86_400);
export const requirements = z.array(shape({ skill: z.string().min(1).max(100), level })).max(20);
export const queueFields = {
  queue: name,
  priority: z
    .union([
      points.transform((base) => ({ base, add: [] })),
      shape({ base: points.default(0), add: z.array(shape({ when: z.string(), points })).default([]) }),
    ])
    .default({ base: 0, add: [] }),
  customerType: z.string().min(1).max(100).optional(),
  require: requirements.default([]),
  relax: z
    .array(shape({ after: duration('1s', '4h'), require: requirements }))
    .max(10)
    .default([]),
  prefer: shape({
    lastAgent: shape({ within: duration('1h', '365d'), waitUpTo: duration('1s', '1h') }).optional(),
    owner: shape({ waitUpTo: duration('1s', '1h') }).optional(),
  }).optional(),
  announce: shape({
    position: z.enum(['always', 'onlyIfImproved', 'never']).default('onlyIfImproved'),
    estimate: z.enum(['range', 'never']).default('never'),
    every: duration('10s', '30m').optional(),
    music: name.optional(),
  }).optional(),
  exitKeys: z.record(key, name).default({}),
  offerCallback: shape({
    key,
    prompt: promptName.default('callback.offer'),
    whenEstimateOver: duration('0s', '4h').default(0),
    keepPlace: z.boolean().default(true),
    within: duration('15m', '7d').default(4 * 3_600_000),
  }).optional(),
  maxWait: duration('1s', '4h').optional(),
};
export type QueueFile = z.output<z.ZodObject<typeof queueFields>>;

/** What the node asks of the queue; null when one of its conditions cannot be told. */
export function requestOf(file: QueueFile, scope: NodeScope): (walk: Walk) => QueueRequest | null {
  const { announce, offerCallback, prefer } = file;
  const add = file.priority.add.map(({ when, points: more }, i) => ({
    when: scope.condition(when, ['priority', 'add', i, 'when']),
    points: more,
  }));
  const customerType = file.customerType === undefined ? null : typeOf(file.customerType, scope);
  const require = skillsOf(file.require, ['require'], scope);
  const relax = file.relax.map((step, i) => ({
    afterMs: step.after,
    require: skillsOf(step.require, ['relax', i, 'require'], scope),
  }));
  const fixed = {
    queue: file.queue,
    maxWaitMs: file.maxWait ?? null,
    exitKeys: Object.keys(file.exitKeys),
    announce: announce
      ? {
          position: announce.position,
          estimate: announce.estimate,
          everyMs: announce.every ?? null,
          music: announce.music ?? null,
        }
      : null,
    offerCallback: offerCallback
      ? {
          key: offerCallback.key,
          prompt: Object.hasOwn(scope.flow.file.prompts, offerCallback.prompt)
            ? `${scope.flow.file.id}.${offerCallback.prompt}`
            : offerCallback.prompt,
          whenEstimateOverMs: offerCallback.whenEstimateOver,
          keepPlace: offerCallback.keepPlace,
        }
      : null,
    preferLastAgent: prefer?.lastAgent
      ? { withinMs: prefer.lastAgent.within, waitUpToMs: prefer.lastAgent.waitUpTo }
      : null,
    preferOwner: prefer?.owner ? { waitUpToMs: prefer.owner.waitUpTo } : null,
  };
  return (walk) => {
    const told = add.map(({ when, points: more }) => ({ holds: when.of(callFacts(walk), walk.state.vars), more }));
    if (told.some(({ holds }) => holds === null)) return null;
    return {
      ...fixed,
      ...(customerType && { customerType: fillIn(walk, customerType) }),
      language: walk.state.language,
      priority: told.reduce((sum, { holds, more }) => sum + (holds === true ? more : 0), file.priority.base),
      require: filled(require, walk),
      relax: relax.map(({ afterMs, require: weaker }) => ({ afterMs, require: filled(weaker, walk) })),
    };
  };
}

/** As with skills, only closed sets may stand in it, so that queues can know every type there is. */
function typeOf(text: string, scope: NodeScope): Template {
  const template = scope.template(text, ['customerType'], ['enum'], ['call.customerType'], false);
  const plain = template.map((part) => (typeof part === 'string' ? part : 'x')).join('');
  if (/^[a-z0-9][a-z0-9-]{0,62}$/.test(plain)) return template;
  const message = 'A type is made of small letters, digits and `-`.';
  scope.report('wrong-value', ['customerType'], message, 'Write it like `vip` or "${tier}".');
  return template;
}

export interface SkillTemplate {
  readonly skill: Template;
  readonly level: number;
}

export const filled = (skills: readonly SkillTemplate[], walk: Walk): readonly Requirement[] =>
  skills.map(({ skill, level: least }) => ({ skill: fillIn(walk, skill), level: least }));

/** Only closed sets may stand in a skill's name, so that what is asked for can be known from the file. */
export function skillsOf(
  skills: z.output<typeof requirements>,
  path: Path,
  scope: NodeScope,
): readonly SkillTemplate[] {
  return skills.map(({ skill, level: least }, i) => {
    const here = [...path, i, 'skill'];
    const template = scope.template(skill, here, ['enum'], ['call.language'], false);
    const plain = template.map((part) => (typeof part === 'string' ? part : 'x')).join('');
    if (!/^[a-z][a-z0-9-]{0,40}(:[A-Za-z0-9-]{1,80})?$/.test(plain)) {
      const message = 'A skill is a name, or a kind and a name.';
      scope.report('wrong-value', here, message, 'Write it like "topic:${topic}" or "lang:fi".');
    } else scope.refer('skill', skill, here);
    return { skill: template, level: least };
  });
}
