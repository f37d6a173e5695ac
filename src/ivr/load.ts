import { createHash } from 'node:crypto';
import { buildFlow } from './build.ts';
import { check } from './check.ts';
import { type FlowFile, flowFile } from './flow-file.ts';
import type { Flow } from './flow.ts';
import { lintFlow } from './lint-flow.ts';
import { lintTexts } from './lint-texts.ts';
import { isError, type Problem, type Report, sortProblems } from './problem.ts';
import { readYaml, type Source } from './source.ts';

/** A flow and the text it came from, so that faults found later can be shown in it. */
export interface LoadedFlow {
  readonly flow: Flow;
  readonly source: Source;
}

/** `problems` of a flow that is ok are warnings. */
export type FlowReading =
  | ({ readonly ok: true; readonly problems: readonly Problem[] } & LoadedFlow)
  | {
      readonly ok: false;
      readonly problems: readonly Problem[];
      /** The faulty flow, as far as lint of the whole site can make use of it. It never runs. */
      readonly draft: LoadedFlow | null;
    };

/** Reads one flow file: YAML, then shape, then meaning; each stage tells all its faults at once. */
export function parseFlow(text: string, file: string): FlowReading {
  const reading = readYaml(text, file);
  if (!reading.ok) return { ...reading, draft: null };
  const { source } = reading;
  const shaped = check(flowFile, source);
  if (!shaped.ok) return { ok: false, problems: sortProblems(shaped.problems), draft: null };

  const found: Problem[] = [];
  const report: Report = (...told) => void found.push(source.problem(...told));
  const written: FlowFile = shaped.value;
  const built = buildFlow(written, report);
  lintFlow(written, built, report);
  lintTexts(Object(source.data).nodes, ['nodes'], report);
  const problems = sortProblems(found);
  const loaded = { source, flow: freeze({ ...built, file, version: versionOf(text) }) };
  return problems.some(isError) ? { ok: false, problems, draft: loaded } : { ok: true, problems, ...loaded };
}

const versionOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 12);

function freeze(flow: Flow): Flow {
  for (const part of [...flow.nodes.values(), ...flow.vars.values(), flow.languages, flow.dids]) deepFreeze(part);
  return Object.freeze(flow);
}

function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || value instanceof RegExp) return;
  for (const part of Object.values(Object.freeze(value))) deepFreeze(part);
}
