import { z } from 'zod';
import { figureNames, figureOf, type Threshold, type ThresholdScope } from '../../engine/site.ts';
import { suggest } from '../../ivr/problem.ts';
import { duration, fault, name, shape, title } from '../../ivr/words.ts';
import { share } from './words.ts';

/** Of campaigns the id or the name; of follow-ups the owner, `team:finance` where a department has the name too. */
const text = z.string().trim().min(1).max(120);
const names = z
  .union([text, z.array(text).min(1).max(500)])
  .transform((written): readonly string[] => [written].flat());
const list = z.array(name).min(1).max(200);
const SCOPES = ['queue', 'campaign', 'agent', 'trunk', 'followUps'] as const satisfies readonly ThresholdScope[];

const fields = shape({
  title,
  severity: z.enum(['warning', 'alarm']).default('warning'),
  queue: names.exactOptional(),
  campaign: names.exactOptional(),
  agent: names.exactOptional(),
  trunk: names.exactOptional(),
  followUps: names.exactOptional(),
  except: z.array(text).max(500).exactOptional(),
  team: z
    .union([name, list])
    .transform((written): readonly string[] => [written].flat())
    .exactOptional(),
  reasons: list.exactOptional(),
  figure: z.string(),
  above: z.unknown().exactOptional(),
  below: z.unknown().exactOptional(),
  clear: z.unknown().exactOptional(),
  for: duration('0s', '24h').default(0),
  clearFor: duration('0s', '24h').exactOptional(),
  again: duration('1m', '7d').exactOptional(),
  atLeast: z.int().min(1).max(1_000_000).exactOptional(),
  window: z.union([z.literal('day'), duration('1m', '24h')]).exactOptional(),
});

type Fields = z.output<typeof fields>;

interface Fault {
  readonly at: readonly (keyof Fields)[];
  readonly message: string;
  readonly cure: string;
}

const USUAL_WINDOW_MS = 30 * 60_000;
/** A figure that goes up and down by single calls is not called well at once; what one agent does is plain to see. */
const USUAL_CLEAR_FOR_MS = 60_000;

/** `site/thresholds.yaml`: name → rule. */
export const thresholdsFile = z.record(
  name,
  fields.superRefine((file, context) => {
    for (const { at, message, cure } of faultsOf(file)) {
      context.addIssue({ code: 'custom', path: [...at], message: fault(message, cure), input: file });
    }
  }),
);

/** A rule of the file, which was found to be without fault. */
export function thresholdOf(rule: string, file: Fields): Threshold {
  const [of = 'queue'] = scopesOf(file);
  const figure = figureOf(of, file.figure);
  const direction = file.above === undefined ? 'below' : 'above';
  const level = (written: unknown) => levelIn(file, written).value ?? 0;
  const written = file[of] ?? ['*'];
  return Object.freeze({
    name: rule,
    title: file.title,
    severity: file.severity,
    of,
    names: written.includes('*') ? ('all' as const) : new Set(written),
    except: new Set(file.except),
    teams: file.team ? new Set(file.team) : null,
    reasons: file.reasons ? new Set(file.reasons) : null,
    figure: file.figure,
    direction,
    level: level(file[direction]),
    forMs: file.for,
    clear: level(file.clear ?? file[direction]),
    clearForMs: file.clearFor ?? (of === 'agent' ? 0 : USUAL_CLEAR_FOR_MS),
    againMs: file.again ?? null,
    atLeast: file.atLeast ?? figure?.sample?.atLeast ?? 0,
    window: figure?.windowed === true ? (file.window ?? USUAL_WINDOW_MS) : null,
  });
}

const scopesOf = (file: Fields): readonly ThresholdScope[] => SCOPES.filter((scope) => file[scope] !== undefined);

function faultsOf(file: Fields): readonly Fault[] {
  const [of, other] = scopesOf(file);
  if (of === undefined || other !== undefined) {
    const message = of === undefined ? 'The rule does not say what it watches.' : 'A rule watches one kind of thing.';
    const at = other === undefined ? [] : [other];
    return [{ at, message, cure: `Give one of ${SCOPES.join(', ')}, as \`queue: support\` or \`queue: "*"\`.` }];
  }
  const figure = figureOf(of, file.figure);
  if (!figure) {
    const message = `There is no figure \`${file.figure}\` of ${of}.`;
    return [{ at: ['figure'], message, cure: suggest(file.figure, figureNames(of)) }];
  }
  return [...levelFaults(file), ...misplaced(file, of, figure)];
}

function levelFaults(file: Fields): readonly Fault[] {
  const { above, below, clear } = file;
  if ((above === undefined) === (below === undefined)) {
    const message = above === undefined ? 'The rule has no level.' : 'A rule has one level.';
    const at = above === undefined ? [] : (['below'] as const);
    return [{ at, message, cure: 'Give either `above` or `below`, and where it is well again as `clear`.' }];
  }
  const at = above === undefined ? 'below' : 'above';
  const [level, cleared] = [levelIn(file, file[at]), levelIn(file, clear ?? file[at])];
  if (level.fault) return [{ at: [at], ...level.fault }];
  if (cleared.fault) return [{ at: ['clear'], ...cleared.fault }];
  const isRight = at === 'above' ? cleared.value <= level.value : cleared.value >= level.value;
  if (isRight) return [];
  const message = `What is well again would still be ${at} the level.`;
  const cure = `Choose \`clear\` ${at === 'above' ? 'not above' : 'not below'} \`${at}\`.`;
  return [{ at: ['clear'], message, cure }];
}

type Level =
  | { readonly value: number; readonly fault?: undefined }
  | { readonly value?: undefined; readonly fault: Pick<Fault, 'message' | 'cure'> };

const count = z
  .int({ error: fault('The level of this figure is a whole number.', 'Write it like `10`.') })
  .min(0, { error: fault('A number of things is not below 0.', 'Write it like `10`.') });
const LEVELS = { share, ms: duration('0s', '90d'), count } as const;

/** A level in the unit of the figure. */
function levelIn(file: Fields, written: unknown): Level {
  const [of = 'queue'] = scopesOf(file);
  const read = LEVELS[figureOf(of, file.figure)?.unit ?? 'count'].safeParse(written);
  if (read.success) return { value: read.data };
  const [message = '', cure = ''] = (read.error.issues[0]?.message ?? '').split('\n');
  return { fault: { message: message.replace('The time must', 'The level must'), cure } };
}

/** What is written and would do nothing is a misunderstanding. */
function misplaced(
  file: Fields,
  of: ThresholdScope,
  figure: NonNullable<ReturnType<typeof figureOf>>,
): readonly Fault[] {
  const wrong = (at: keyof Fields, is: boolean, message: string, cure = 'Remove it.'): readonly Fault[] =>
    file[at] === undefined || is ? [] : [{ at: [at], message, cure }];
  return [
    ...wrong('window', figure.windowed, `The figure \`${file.figure}\` is of the moment and has no window.`),
    ...wrong('atLeast', figure.sample !== null, `The figure \`${file.figure}\` is not counted from calls or the like.`),
    ...wrong('team', of === 'agent', 'Only agents are watched by team.', 'Remove it, or watch `agent: "*"`.'),
    ...wrong('reasons', file.figure.startsWith('break'), 'Only breaks have reasons.'),
    ...wrong('except', file[of]?.includes('*') === true, `Only \`${of}: "*"\` has exceptions.`),
  ];
}
