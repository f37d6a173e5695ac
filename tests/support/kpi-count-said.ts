import type { JournalEvent } from '../../src/call/journal.ts';
import { agentAt, isHere, mean, type Of, part, queueAt, type Story, sum } from './kpi-count-story.ts';

/** A caller was asked: from the first answer, or the end of a survey that got none, to the end of it. */
interface Asked {
  readonly node: string;
  readonly queue: string;
  readonly agentId: string;
  readonly answers: { readonly question: string; readonly mark: number | null }[];
}

/** What callers said when they were asked, and how many of those who were asked did. */
export function surveys(stories: readonly Story[], of: Of) {
  const asked = stories.flatMap(askedIn).filter(({ queue, agentId }) => isHere(of, queue, agentId));
  const figure = (question: string, valueOf: (marks: readonly number[]) => number | null) => {
    const marksIn = (one: Asked) =>
      one.answers.flatMap(({ question: of_, mark }) => (of_ === question && mark !== null ? [mark] : []));
    const nodes = new Set(asked.filter((one) => marksIn(one).length > 0).map(({ node }) => node));
    const marks = asked.flatMap(marksIn);
    const people = asked.filter(({ node }) => nodes.has(node)).length;
    return { value: valueOf(marks), answers: marks.length, response: part(marks.length, people) };
  };
  const percent = (marks: readonly number[], fits: (mark: number) => boolean) =>
    part(marks.filter(fits).length, marks.length) ?? 0;
  return {
    csat: figure('csat', (marks) => part(marks.filter((mark) => mark >= 4).length, marks.length)),
    nps: figure('nps', (marks) =>
      marks.length === 0 ? null : 100 * (percent(marks, (mark) => mark >= 9) - percent(marks, (mark) => mark <= 6)),
    ),
    ces: figure('ces', mean),
  };
}

function askedIn(story: Story): readonly Asked[] {
  const all: Asked[] = [];
  const under = new Map<string, Asked>();
  for (const event of story.events) {
    if (event.type !== 'survey.answered' && event.type !== 'survey.finished') continue;
    const node = `${event.data.flow} ${event.data.node}`;
    const begun = under.get(node);
    const [queue, agentId] = [queueAt(story, event.seq), agentAt(story, event.seq)];
    const one = begun ?? { node, queue, agentId, answers: [] };
    if (!begun) all.push(one);
    under.set(node, one);
    if (event.type === 'survey.finished') under.delete(node);
    else {
      const { question, answer } = event.data;
      one.answers.push({ question, mark: typeof answer === 'number' ? answer : null });
    }
  }
  return all;
}

interface Word {
  readonly name: string;
  readonly amount: { readonly currency: string; readonly minor: number } | null;
}

/** What flows emitted in these calls, and what agents said in that time of any call that is `mine`. */
export function results(
  events: readonly JournalEvent[],
  stories: readonly Story[],
  of: Of,
  mine: (callId: string) => boolean,
) {
  const emitted = stories.flatMap((story) =>
    story.events.flatMap((event): Word[] => {
      if (event.type !== 'flow.emitted') return [];
      if (!isHere(of, story.inbound ? queueAt(story, event.seq) : '', agentAt(story, event.seq))) return [];
      const { flow, event: name, data } = event.data;
      const { amount, currency } = data;
      const isSum = typeof amount === 'number' && typeof currency === 'string';
      return [{ name: `${flow}/${name}`, amount: isSum ? { currency, minor: amount } : null }];
    }),
  );
  const all = [...emitted, ...spoken(events, of, mine)];
  return [...new Set(all.map(({ name }) => name))].toSorted().map((name) => {
    const own = all.filter((word) => word.name === name);
    const amounts = own.flatMap(({ amount }) => amount ?? []);
    const currencies = [...new Set(amounts.map(({ currency }) => currency))];
    const sums = currencies.map((currency) => {
      const minor = amounts.filter((amount) => amount.currency === currency).map((amount) => amount.minor);
      return [currency, { count: minor.length, sum: sum(minor) }] as const;
    });
    return { name, count: own.length, amounts: Object.fromEntries(sums) };
  });
}

/** The last word of each call, where and when that was said. */
function spoken(events: readonly JournalEvent[], of: Of, mine: (callId: string) => boolean): readonly Word[] {
  const last = new Map<string, Extract<JournalEvent, { type: 'call.disposed' }>>();
  for (const event of events) if (event.type === 'call.disposed') last.set(event.data.callId, event);
  return [...last.values()].flatMap(({ at, data }): Word[] => {
    const { callId, queue, agentId, campaignId, disposition, payment } = data;
    const ownQueue = queue === null || queue.startsWith('campaign:') ? '' : queue;
    const here = of.by === 'campaign' ? campaignId === of.key : mine(callId) && isHere(of, ownQueue, agentId);
    if (at < of.from || at >= of.to || !here) return [];
    return [{ name: disposition, amount: payment ? { currency: payment.currency, minor: payment.amount } : null }];
  });
}
