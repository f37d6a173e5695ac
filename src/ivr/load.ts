import { createHash } from 'node:crypto';
import { buildFlow } from './build.ts';
import { check } from './check.ts';
import { flowFile } from './flow-file.ts';
import type { Flow } from './flow.ts';
import { lintFlow } from './lint.ts';
import { type Problem, sortProblems } from './problem.ts';
import { readYaml, type Source } from './source.ts';

/** A flow and the text it came from, so that faults found later can be shown in it. */
export interface LoadedFlow {
  readonly flow: Flow;
  readonly source: Source;
}

export type FlowReading =
  | ({ readonly ok: true } & LoadedFlow)
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads one flow file: YAML, then shape, then meaning; each stage tells all its faults at once. */
export function parseFlow(text: string, file: string): FlowReading {
  const reading = readYaml(text, file);
  if (!reading.ok) return reading;
  const { source } = reading;
  const shaped = check(flowFile, source);
  if (!shaped.ok) return { ok: false, problems: sortProblems(shaped.problems) };

  const problems: Problem[] = [];
  const report = (...told: Parameters<Source['problem']>) => void problems.push(source.problem(...told));
  const built = buildFlow(shaped.value, report);
  lintFlow(shaped.value, built, report);
  if (problems.length > 0) return { ok: false, problems: sortProblems(problems) };
  return { ok: true, source, flow: freeze({ ...built.flow, file, version: versionOf(text) }) };
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
