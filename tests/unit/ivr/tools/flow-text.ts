import { parseFlow, type LoadedFlow } from '../../../../src/ivr/load.ts';
import { printProblem } from '../../../../src/ivr/problem.ts';

/** A flow file of these nodes, the first being the start; `head` stands before them. */
export function flowText(nodes: string, head = ''): string {
  const start = /^\s*([a-z0-9-]+):/.exec(nodes)?.[1] ?? '';
  const indented = nodes.replace(/^\n/, '').replace(/^(?=.)/gm, '  ');
  const common = 'version: ivr/v1\nid: test\ntitle: Test\nlanguages: { default: en, supported: [en] }\n';
  return `${common}${head.replace(/^\n/, '')}\nstart: ${start}\nnodes:\n${indented}\n`;
}

export function loaded(text: string, file = 'test.yaml'): LoadedFlow {
  const reading = parseFlow(text, file);
  if (!reading.ok) throw new Error(reading.problems.map(printProblem).join('\n'));
  return reading;
}

/** A house of some sixty nodes. */
export function bigFlow(): string {
  const topics = ['billing', 'tech', 'orders', 'returns', 'shops', 'jobs'];
  const nodes = topics.map(
    (t) => `
m-${t}: { type: menu, prompt: ${t}.menu, keys: { "1": id-${t}, "2": info-${t}, "3": open-${t}, "*": back } }
id-${t}: { type: collect, prompt: ask.${t}, digits: { min: 4, max: 8 }, save: id, outcomes: { ok: look-${t} } }
look-${t}: { type: lookup, request: { url: "https://crm.example.org/${t}/\${id}" }, timeout: 2s, save: { tier: $.tier }, outcomes: { ok: by-${t}, notFound: q-${t}, timeout: q-${t} } }
by-${t}: { type: switch, cases: [{ when: tier == "vip", go: q-${t} }, { when: tier == "late", go: pay-${t} }], else: q-${t} }
pay-${t}: { type: play, prompt: ${t}.pay, next: q-${t} }
info-${t}: { type: play, prompt: ${t}.info, next: main }
open-${t}: { type: hours, calendar: ${t}, outcomes: { open: q-${t}, closed: vm, holiday: vm, forced: vm } }
q-${t}: { type: queue, queue: ${t}, outcomes: { answeredEnd: rate, timeout: vm, full: vm, noAgents: vm, closed: night } }`,
  );
  const keys = topics.map((t, i) => `"${i + 1}": m-${t}`).join(', ');
  return flowText(
    `
hours: { type: hours, calendar: main, outcomes: { open: main, closed: night, holiday: night, forced: night } }
main: { type: menu, prompt: main, keys: { ${keys}, "0": desk, "9": repeat } }${nodes.join('')}
desk: { type: queue, queue: desk, outcomes: { answeredEnd: rate, timeout: vm, full: vm, noAgents: vm, closed: night } }
night: { type: play, prompt: closed, next: vm }
vm: { type: voicemail, box: support, outcomes: { done: bye, empty: bye, full: bye } }
rate: { type: survey, questions: [{ id: csat, scale: 1-5, prompt: csat }], outcomes: { done: bye, partial: bye } }
sorry: { type: play, prompt: sorry, next: desk }
bye: { type: play, prompt: goodbye, next: end }
end: { type: hangup }`,
    `
vars: { id: { type: string, default: "" }, tier: { type: string, default: "" } }
defaults: { noInput: desk, invalid: desk, onError: sorry }`,
  );
}
