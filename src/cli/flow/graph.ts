import { Command } from 'commander';
import { writeFile } from 'node:fs/promises';
import { type Counts, type FlowGraph, graphOf } from '../../ivr/tools/graph.ts';
import { mermaidOf } from '../../ivr/tools/mermaid.ts';
import { svgOf } from '../../ivr/tools/svg.ts';
import { EXIT, ending } from '../ending.ts';
import { layOut } from './graph-layout.ts';
import { liveCounts } from './live-counts.ts';
import { type Env, readFlow } from './read-flow.ts';

interface GraphOptions {
  readonly svg?: string;
  readonly live?: true;
  readonly json?: true;
}

/** `callwright flow graph` */
export const graphCommand = (env: Env): Command =>
  new Command('graph')
    .description('draw a flow: Mermaid to the terminal, or a picture into a file')
    .argument('<flow>', 'id of a flow, or its file')
    .option('--svg <file>', 'write a picture; - writes it to the terminal')
    .option('--live', 'with how many calls went where, from the running server (CALLWRIGHT_API, CALLWRIGHT_TOKEN)')
    .option('--json', 'print nodes and arrows for programs')
    .action((flow: string, options: GraphOptions) => ending(graph(flow, options, env)));

async function graph(named: string, options: GraphOptions, env: Env): Promise<number> {
  const read = await readFlow(named, env);
  if (!read.ok) return read.exit;
  const { loaded } = read;
  const counts: Counts | null = options.live ? await liveCounts(loaded.flow.id, env) : null;
  const drawing = graphOf(loaded, counts);
  if (options.svg !== undefined) await draw(drawing, options.svg);
  if (options.json) console.log(JSON.stringify(drawing, null, 2));
  else if (options.svg === undefined) console.log(mermaidOf(drawing).trimEnd());
  return EXIT.fine;
}

async function draw(drawing: FlowGraph, file: string): Promise<void> {
  const svg = svgOf(drawing, await layOut(drawing));
  if (file === '-') console.log(svg.trimEnd());
  else await writeFile(file, svg);
}
