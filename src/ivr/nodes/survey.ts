import { z } from 'zod';
import { askWorld, RECALL_MS } from '../ask.ts';
import type { Exit, InputSettings, Move, Recorded, Speech, Walk } from '../flow.ts';
import { kind } from '../kind.ts';
import { lastWords, leaveSaying, leavingBy } from '../last-words.ts';
import { input, speech } from '../parts.ts';
import { ask, choice, inputSettings, prompts, type Question, questioning } from '../question.ts';
import type { NodeScope } from '../scope.ts';
import { speak } from '../speak.ts';
import { keep, leave } from '../walk.ts';
import { duration } from '../words.ts';
import { beginRecording, heardIn, keepRecording, madeHere, recordingKey } from './recording.ts';
import { answersTo, END, scaleKeys, type SurveyQuestion, surveyQuestion } from './survey-questions.ts';

const fields = {
  questions: z.array(surveyQuestion).min(1).max(10),
  /** `asked`: the caller may say no first. */
  optIn: z.enum(['always', 'asked']).default('always'),
  /** A caller is asked no more than once in so long. */
  every: duration('1h', '365d').optional(),
  thanks: speech.default(['survey.thanks']),
  ...input,
};
type File = z.output<z.ZodObject<typeof fields>>;

interface Item {
  readonly id: string;
  /** Longest spoken answer; null when it is keyed. */
  readonly voiceMs: number | null;
  readonly question: Question;
}

interface Survey {
  readonly exits: readonly Exit[];
  readonly items: readonly Item[];
  readonly optIn: Question | null;
  readonly everyMs: number | null;
  /** What is remembered of a caller who was asked. */
  readonly memory: string;
  readonly thanks: Speech;
}

/**
 * Asks one question after the other. Each answer is told of at once, so that a hang-up loses none. `partial`: a question
 * stayed without an answer; `declined`: the caller said no, or was asked lately. A survey that fails troubles nobody: what
 * cannot be remembered or recorded is passed over.
 */
export const survey = kind({
  type: 'survey',
  fields,
  outcomes: ['done', 'partial', 'declined'],
  fails: false,
  build(file, scope) {
    const mayDecline = file.optIn === 'asked' || file.every !== undefined;
    scope.outcomes(file.outcomes, ['done', 'partial', ...(mayDecline ? ['declined'] : [])]);
    lintIds(file, scope);
    const plan = planOf(file, scope);
    const keyed = questioning((walk) => openQuestion(walk, plan));
    return lastWords(scope.exits, {
      ...keyed,
      stages: [...keyed.stages, 'asking', 'recording'],
      enter: (walk) => (plan.everyMs === null ? begin(walk, plan) : recall(walk, plan)),
      key(walk, digit) {
        if (walk.state.stage === 'recording') return recordingKey(walk, END, digit);
        return isVoice(walk, plan) ? takeDown(walk, plan) : (keyed.key?.(walk, digit) ?? null);
      },
      said: (walk, completed) => (isVoice(walk, plan) ? takeDown(walk, plan) : (keyed.said?.(walk, completed) ?? null)),
      recorded: (walk, event) => recorded(walk, plan, event),
      answered(walk, outcome) {
        if (placeOf(walk) !== null) return keptVoice(walk, plan, outcome);
        return outcome === 'ok' ? leave(scope.exits, 'declined') : begin(walk, plan);
      },
      callerLeft(walk) {
        const place = placeOf(walk);
        if (place !== null && leavingBy(walk) === null) noteFinished(walk, place === OPT_IN ? 'declined' : 'partial');
      },
    });
  },
});

/** Place of the question whether the caller will answer any. */
const OPT_IN = -1;
const [YES, NO] = ['1', '2'];
/** A silence of that length ends a spoken answer. */
const SILENCE_MS = 3_000;

function lintIds({ questions }: File, scope: NodeScope): void {
  questions.forEach(({ id }, i) => {
    if (questions.findIndex((other) => other.id === id) === i) return;
    scope.report('wrong-value', ['questions', i, 'id'], `Two questions are called \`${id}\`.`, 'Rename one.');
  });
}

function planOf(file: File, scope: NodeScope): Survey {
  const settings = inputSettings(file, scope);
  const plan: Survey = {
    exits: scope.exits,
    items: file.questions.map((question, i) => itemOf(question, i, { scope, settings, plan: () => plan })),
    optIn: file.optIn === 'asked' ? optInOf(settings, scope, () => plan) : null,
    everyMs: file.every ?? null,
    memory: `survey.${scope.flow.file.id}.${scope.id}`,
    thanks: scope.speech(file.thanks, ['thanks']),
  };
  return plan;
}

interface Around {
  readonly scope: NodeScope;
  readonly settings: InputSettings;
  readonly plan: () => Survey;
}

function itemOf(file: SurveyQuestion, i: number, { scope, settings, plan }: Around): Item {
  const answers = answersTo(file);
  return {
    id: file.id,
    voiceMs: file.voice ?? null,
    question: {
      ...prompts(file.prompt, scope, ['questions', i, 'prompt']),
      input: settings,
      shown: 'plain',
      key: scaleKeys(answers),
      end: END,
      take(walk, keyed) {
        const answer = answers.get(keyed);
        return answer === undefined ? 'wrong' : answered(walk, plan(), answer);
      },
      spent: (walk) => finish(walk, plan(), 'partial'),
    },
  };
}

function optInOf(settings: InputSettings, scope: NodeScope, plan: () => Survey): Question {
  const words = scope.speech(['survey.optin'], ['optIn']);
  return choice(words, {
    input: settings,
    take(walk, pressed) {
      if (pressed === YES) return put(walk, plan(), 0);
      return pressed === NO ? finish(walk, plan(), 'declined') : 'wrong';
    },
    spent: (walk) => finish(walk, plan(), 'declined'),
  });
}

/** Which question is open; null before the first. */
function placeOf({ state }: Walk): number | null {
  const { at } = state.local;
  return typeof at === 'number' ? at : null;
}

const itemAt = (walk: Walk, { items }: Survey): Item | undefined => items[placeOf(walk) ?? OPT_IN];
const isVoice = (walk: Walk, plan: Survey) => (itemAt(walk, plan)?.voiceMs ?? null) !== null;

function openQuestion(walk: Walk, plan: Survey): Question {
  const question = itemAt(walk, plan)?.question ?? plan.optIn ?? plan.items[0]?.question;
  if (!question) throw new Error('a survey without questions passed the schema');
  return question;
}

const recall = (walk: Walk, { memory }: Survey): null =>
  askWorld(walk, { request: { kind: 'recall', what: memory }, timeoutMs: RECALL_MS, filler: [] });

/** From here on the caller counts as asked, though he hang up at the first word. */
function begin(walk: Walk, plan: Survey): Move | null {
  const { everyMs, memory, optIn } = plan;
  if (everyMs !== null) {
    walk.commands.push({ type: 'remember', what: memory, value: 'asked', until: walk.now + everyMs });
  }
  if (!optIn) return put(walk, plan, 0);
  keep(walk, { at: OPT_IN });
  return ask(walk, optIn);
}

function put(walk: Walk, plan: Survey, at: number): Move | null {
  keep(walk, { at });
  const item = plan.items[at];
  if (!item) return finish(walk, plan, 'done');
  if (item.voiceMs === null) return ask(walk, item.question);
  return speak(walk, item.question.first) ? null : takeDown(walk, plan);
}

const next = (walk: Walk, plan: Survey): Move | null => put(walk, plan, (placeOf(walk) ?? OPT_IN) + 1);

const takeDown = (walk: Walk, plan: Survey): null =>
  beginRecording(walk, { max: itemAt(walk, plan)?.voiceMs ?? 0, silence: SILENCE_MS, beep: true });

function recorded(walk: Walk, plan: Survey, event: Recorded): Move | null {
  return heardIn(event) === 'done' ? keepRecording(walk, event) : next(walk, plan);
}

function keptVoice(walk: Walk, plan: Survey, outcome: string): Move | null {
  const made = madeHere(walk);
  return outcome === 'ok' && made ? answered(walk, plan, made.recordingId) : next(walk, plan);
}

/** `answer`: a number of the scale, yes or no, or the name of a recording. */
function answered(walk: Walk, plan: Survey, answer: number | boolean | string): Move | null {
  const { flow, state, facts } = walk;
  const question = itemAt(walk, plan)?.id ?? '';
  facts.push({ type: 'survey.answered', data: { flow: flow.id, node: state.nodeId, question, answer } });
  keep(walk, { answered: answersSoFar(walk) + 1 });
  return next(walk, plan);
}

const answersSoFar = ({ state }: Walk) => Number(state.local['answered'] ?? 0);

function noteFinished(walk: Walk, outcome: string): void {
  const { flow, state, facts } = walk;
  const data = { flow: flow.id, node: state.nodeId, outcome, answered: answersSoFar(walk) };
  facts.push({ type: 'survey.finished', data });
}

function finish(walk: Walk, plan: Survey, outcome: 'done' | 'partial' | 'declined'): Move | null {
  noteFinished(walk, outcome);
  return outcome === 'done' ? leaveSaying(walk, plan.thanks, plan.exits, outcome) : leave(plan.exits, outcome);
}
