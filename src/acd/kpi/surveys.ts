import type { JournalEvent } from '../../call/journal.ts';
import { ratio, sum } from './spread.ts';
import type { SurveyFigure } from './words.ts';

type Of<T extends JournalEvent['type']> = Extract<JournalEvent, { type: T }>;

const nodeOf = ({ flow, node }: { readonly flow: string; readonly node: string }) => `${flow} ${node}`;

/** What callers answered in surveys, and how many of those who were asked did. */
export class Surveys {
  /** By question and the node that put it. */
  readonly answers = new Map<string, Map<string, number[]>>();
  /** How often each node asked somebody. */
  readonly asked = new Map<string, number>();
  /** Who is in a survey at this moment, and has been counted. */
  readonly #inside = new Set<string>();

  answered({ subject, data }: Of<'survey.answered'>): void {
    const node = nodeOf(data);
    const inside = `${subject} ${node}`;
    if (!this.#inside.has(inside)) this.#ask(node);
    this.#inside.add(inside);
    if (typeof data.answer !== 'number') return;
    const byNode = this.answers.get(data.question) ?? new Map<string, number[]>();
    this.answers.set(data.question, byNode);
    const answers = byNode.get(node) ?? [];
    byNode.set(node, answers);
    answers.push(data.answer);
  }

  /** Also of one who answered nothing. */
  finished({ subject, data }: Of<'survey.finished'>): void {
    const node = nodeOf(data);
    if (!this.#inside.delete(`${subject} ${node}`)) this.#ask(node);
  }

  #ask(node: string): void {
    this.asked.set(node, (this.asked.get(node) ?? 0) + 1);
  }
}

/** What callers answered in all of these. */
export function surveyFigures(many: readonly Surveys[]): Readonly<Record<'csat' | 'nps' | 'ces', SurveyFigure>> {
  return {
    csat: figureOf(many, 'csat', (answers) => share(answers, (answer) => answer >= 4)),
    nps: figureOf(many, 'nps', promoters),
    ces: figureOf(many, 'ces', (answers) => ratio(sum(answers), answers.length)),
  };
}

function figureOf(
  many: readonly Surveys[],
  question: string,
  valueOf: (answers: readonly number[]) => number | null,
): SurveyFigure {
  const nodes = new Set(many.flatMap(({ answers }) => [...(answers.get(question)?.keys() ?? [])]));
  const answers = many.flatMap((each) => [...(each.answers.get(question)?.values() ?? [])].flat());
  const asked = sum(many.flatMap((each) => [...nodes].map((node) => each.asked.get(node) ?? 0)));
  return { value: valueOf(answers), answers: answers.length, response: ratio(answers.length, asked) };
}

const share = (answers: readonly number[], fits: (answer: number) => boolean) =>
  ratio(answers.filter(fits).length, answers.length);

function promoters(answers: readonly number[]): number | null {
  const [for_, against] = [share(answers, (answer) => answer >= 9), share(answers, (answer) => answer <= 6)];
  return for_ === null || against === null ? null : 100 * (for_ - against);
}
