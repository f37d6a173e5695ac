import { styleText } from 'node:util';
import { type Entry, entriesOf, pathIn } from '../../ivr/sim/log.ts';
import type { SimulatedCall } from '../../ivr/sim/simulated-call.ts';
import { time } from './test-report.ts';

/** What a caller at the terminal sees of one thing that happened; null of what he would not notice. */
export function lineOf(entry: Entry, start: number): string | null {
  const text = textOf(entry);
  return text === null ? null : `${dim(time(entry.at - start).padStart(8))}  ${text}`;
}

const dim = (text: string) => styleText('dim', text, { stream: process.stdout, validateStream: true });

function textOf(entry: Entry): string | null {
  switch (entry.type) {
    case 'fact':
      return factText(entry.fact);
    case 'heard':
      return `${entry.words === '' ? '(no words)' : entry.words} ${dim(`[${entry.language} ${entry.prompt}]`)}`;
    case 'pressed':
      return `> ${entry.keys}`;
    case 'said':
      return `> "${entry.words}"`;
    case 'requested':
      return dim(
        `${entry.kind}: ${entry.answer ?? 'no answer'}${entry.isKnown ? '' : ` (say what it is: --mock ${entry.node}=ok)`}`,
      );
    case 'queued':
      return dim(`waits in the queue ${entry.request.queue}, priority ${entry.request.priority}`);
    case 'connected':
      return 'An agent talks with you.';
    case 'transferred':
      return dim(`${entry.to} rings`);
    case 'recording':
      return 'You are recorded now.';
    case 'music':
      return entry.on ? dim('(music)') : null;
    case 'ended':
      return entry.reason === 'hungUp' ? 'You hung up.' : `The call ends: ${entry.reason}.`;
    default:
      return null;
  }
}

function factText(fact: Extract<Entry, { type: 'fact' }>['fact']): string | null {
  switch (fact.type) {
    case 'flow.node.entered':
      return dim(`· ${fact.data.flow}/${fact.data.node} (${fact.data.kind})`);
    case 'flow.prompt.missing':
      return dim(`no prompt ${fact.data.prompt} in ${fact.data.language}`);
    case 'call.tagged':
      return dim(`tags: ${fact.data.tags.join(', ')}`);
    case 'flow.emitted':
      return dim(`event ${fact.data.event} ${JSON.stringify(fact.data.data)}`);
    default:
      return null;
  }
}

/** The call in a few lines, once it is over. */
export function summaryOf(call: SimulatedCall): readonly string[] {
  const { path, lastedMs, longestSilenceMs, outcome, ended } = outcomeOf(call);
  return [
    '',
    `path     ${path.join(' → ')}`,
    `outcome  ${outcome}; the call ended by ${ended} in ${call.node}`,
    `time     ${time(lastedMs)}, of it at most ${time(longestSilenceMs)} of silence in one piece`,
  ];
}

/** The same for programs. */
export function outcomeOf(call: SimulatedCall) {
  const { log, scenario } = call;
  return {
    flow: scenario.flow,
    path: pathIn(log, scenario.flow),
    outcome: call.outcome ?? 'none',
    ended: entriesOf(log, 'ended')[0]?.reason ?? 'not yet',
    language: call.language,
    lastedMs: call.now - scenario.at,
    longestSilenceMs: call.longestSilenceMs,
  };
}
