import { qualified } from '../../acd/queue.ts';
import { RESULT_IS_WORTH } from '../../acd/strategy.ts';
import { judgeNumber } from '../../call/destinations.ts';
import type { Overflow, QueueProfile, Requirement } from '../../call/routing.ts';
import { reachable } from '../../ivr/lint-graph.ts';
import { refusedWords } from '../../ivr/lint-references.ts';
import type { SiteNames } from '../../ivr/lint-site.ts';
import { type Path, type Problem, suggest } from '../../ivr/problem.ts';
import type { Source } from '../../ivr/source.ts';
import type { Parts } from './kinds.ts';
import { unknown } from './lint-parts.ts';

interface Seen {
  readonly parts: Parts;
  readonly names: SiteNames;
  readonly source: Source;
}

/** What queues refer to that is not there, and what they say that cannot be or does nothing. */
export function lintQueues(parts: Parts, names: SiteNames, source: Source): readonly Problem[] {
  const seen: Seen = { parts, names, source };
  return [...parts.queues.values()].flatMap((queue) => [
    ...lintSkills(queue, seen),
    ...lintSteps(queue, seen),
    ...lintOverflow(queue, seen),
    ...lintHours(queue, seen),
    ...lintStrategy(queue, seen),
    ...lintWords(queue, seen),
    ...unknown('trunk', queue.callbacks.trunk ?? '', queue.callbacks.trunk === null ? null : names.trunks, {
      path: [queue.name, 'callbacks', 'trunk'],
      source,
    }),
    ...unknown('box', queue.box ?? '', queue.box === null ? null : names.boxes, { path: [queue.name, 'box'], source }),
    ...lintOtherQueue(queue, queue.escalateTo, [queue.name, 'escalateTo'], seen),
  ]);
}

/** Each list of requirements, and where it stands. */
function requirementsOf({ name, require, relax }: QueueProfile): readonly (readonly [Path, readonly Requirement[]])[] {
  return [
    [[name, 'require'], require],
    ...relax.map((step, i) => [[name, 'relax', i, 'require'], step.require] as const),
  ];
}

function lintSkills(queue: QueueProfile, { names, source }: Seen): readonly Problem[] {
  const known = names.skills?.listed === true ? names.skills.names : null;
  return requirementsOf(queue).flatMap(([path, require]) =>
    require.flatMap(({ skill }, i) => unknown('skill', skill, known, { path: [...path, i, 'skill'], source })),
  );
}

function lintSteps(queue: QueueProfile, { parts, names, source }: Seen): readonly Problem[] {
  const late = queue.relax.flatMap(({ afterMs }, i) => {
    if (afterMs > (queue.relax[i - 1]?.afterMs ?? 0)) return [];
    const message = 'A step must come later than the one before it.';
    return [
      source.problem('wrong-value', [queue.name, 'relax', i, 'after'], message, 'Put the steps in order of time.'),
    ];
  });
  return [...late, ...(parts.broken.has('agents') ? [] : neverMet(queue, parts, { names, source }))];
}

/** Agents may come through the API too, so a queue that nobody of the file serves is left to them; a skill that is unknown is told as such. */
function neverMet(
  queue: QueueProfile,
  { agents }: Parts,
  { names: { skills }, source }: Omit<Seen, 'parts'>,
): readonly Problem[] {
  const isKnown = ({ skill }: Requirement) => skills?.listed !== true || skills.names.has(skill);
  const serving = agents.filter(({ queues }) => queues.includes(queue.name));
  if (serving.length === 0) return [];
  return requirementsOf(queue).flatMap(([path, require]) => {
    const judged = require.length > 0 && [...queue.require, ...require].every(isKnown);
    if (!judged || serving.some((agent) => qualified(agent, queue, require))) return [];
    const message = 'No agent in site/agents.yaml who serves the queue meets this.';
    return [source.problem('never-met', path, message, 'Ask for less, or give an agent the skills.')];
  });
}

const lintOverflow = (queue: QueueProfile, seen: Seen): readonly Problem[] =>
  queue.overflow.flatMap(({ to, when }, i) => {
    const path = [queue.name, 'overflow', i];
    const target = 'queue' in to ? lintOtherQueue(queue, to.queue, [...path, 'to'], seen) : lintSite(to, path, seen);
    return [
      ...target,
      ...(Object.keys(when).length === 0 ? [noReason(path, seen.source)] : []),
      ...(when.closed === true && queue.calendar === null ? [noHours(path, seen.source)] : []),
    ];
  });

/** Queues whose callers may come to one that records every talk without anybody asking for it. */
export function recordedQueues(queues: Parts['queues']): ReadonlySet<string> {
  const before = Map.groupBy(
    [...queues.values()].flatMap(({ name, overflow }) =>
      overflow.flatMap(({ to }) => ('queue' in to ? [{ from: name, to: to.queue }] : [])),
    ),
    ({ to }) => to,
  );
  const always = [...queues.values()].filter(({ recording }) => recording.mode === 'always').map(({ name }) => name);
  return reachable(always, (queue) => (before.get(queue) ?? []).map(({ from }) => from));
}

const noReason = (path: Path, source: Source): Problem =>
  source.problem(
    'wrong-value',
    [...path, 'when'],
    'A queue that overflows needs to know when.',
    'Write it like `when: { waitedOver: 2m }`.',
    'key',
  );

function lintOtherQueue(
  queue: QueueProfile,
  to: string | null,
  path: Path,
  { names, source }: Seen,
): readonly Problem[] {
  if (to === null) return [];
  if (to !== queue.name) return unknown('queue', to, names.queues, { path, source });
  return [source.problem('wrong-value', path, 'The queue leads to itself.', 'Name another queue.')];
}

function lintSite(
  { number, trunk }: Extract<Overflow['to'], { number: string }>,
  path: Path,
  { names, source }: Seen,
): readonly Problem[] {
  const isOutside = number.startsWith('+');
  const verdict = names.destinations && isOutside ? judgeNumber(number, names.destinations) : 'allowed';
  const refused = verdict === 'allowed' ? null : refusedWords(number, verdict);
  return [
    ...(refused
      ? [source.problem('destination-refused', [...path, 'to', 'number'], refused.message, refused.cure)]
      : []),
    ...unknown('trunk', trunk, names.trunks, { path: [...path, 'to', 'trunk'], source }),
  ];
}

const noHours = (path: Path, source: Source): Problem =>
  source.problem(
    'no-effect',
    [...path, 'when', 'closed'],
    'The queue has no hours, so it is never closed.',
    'Name its `calendar`.',
  );

function lintHours({ name, calendar }: QueueProfile, { names, source }: Seen): readonly Problem[] {
  if (calendar !== null) return unknown('calendar', calendar, names.calendars, { path: [name, 'calendar'], source });
  if (!says(source, name, 'closing')) return [];
  const message = 'The queue has no hours, so it never closes.';
  return [source.problem('no-effect', [name, 'closing'], message, 'Name its `calendar`.', 'key')];
}

/** Some strategies have one order, which past results do not change. */
function lintStrategy({ name, strategy, results }: QueueProfile, { source }: Seen): readonly Problem[] {
  const rings = strategy === 'ring-several' || !says(source, name, 'ringAtOnce');
  const ringing = 'Only `ring-several` rings several phones.';
  const weighs = results === null || RESULT_IS_WORTH[strategy] > 0;
  return [
    ...(rings
      ? []
      : [source.problem('no-effect', [name, 'ringAtOnce'], ringing, 'Remove it, or set `strategy: ring-several`.')]),
    ...(weighs
      ? []
      : [
          source.problem(
            'no-effect',
            [name, 'results'],
            `The strategy \`${strategy}\` does not look at results.`,
            'Remove it, or choose another strategy.',
            'key',
          ),
        ]),
  ];
}

/** Is the field written in the file, and not only filled in? */
function says({ data }: Source, queue: string, field: string): boolean {
  const file = (data as Readonly<Record<string, unknown>>)[queue];
  return typeof file === 'object' && file !== null && Object.hasOwn(file, field);
}

function lintWords({ name, comfort, greeting }: QueueProfile, { names, source }: Seen): readonly Problem[] {
  const { prompts, languages } = names;
  if (!prompts) return [];
  const spoken = [...prompts.keys()].filter((tag) => languages?.has(tag) !== false);
  const everywhere = new Set([...prompts.values()].flatMap((words) => [...words]));
  const greeted = greeting !== null && says(source, name, 'greeting');
  const comforting = (comfort?.prompts ?? []).map((prompt, i) => [prompt, [name, 'comfort', 'prompts', i]] as const);
  const said = [...(greeted ? [[greeting, [name, 'greeting']] as const] : []), ...comforting];
  return said.flatMap(([prompt, path]) => {
    const missing = spoken.filter((tag) => prompts.get(tag)?.has(prompt) !== true);
    if (missing.length === 0) return [];
    if (!everywhere.has(prompt)) {
      const message = `There is no prompt \`${prompt}\`.`;
      return [source.problem('unknown-prompt', path, message, suggest(prompt, everywhere))];
    }
    const message = `The prompt \`${prompt}\` has no words in ${missing.join(', ')}.`;
    return [source.problem('prompt-missing', path, message, `Add it to sounds/${missing[0]}/prompts.yaml.`)];
  });
}
