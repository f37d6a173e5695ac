import { Command } from 'commander';
import { type EdgeFile, readEdgeFile } from '../config/edge.ts';
import { EXIT, ending, Explained } from './ending.ts';

type Env = Readonly<Record<string, string | undefined>>;

const HELP = `
It needs DRACHTIO_URL (drachtio://:secret@host:9022) and REDIS_URL. A HUP signal reads the file again: nodes, their weight and
drain, trunks and accounts change while calls go on. Write {nodes: [{…, drain: true}]} to empty a node.

Examples:
  callwright edge                         edge.yaml of this folder
  callwright edge --file /etc/edge.yaml
  callwright edge --check                 only judge the file

See docs/edge.md.`;

interface Options {
  readonly file: string;
  readonly check?: true;
}

/** `callwright edge` */
export function edgeCommand(env: Env): Command {
  return new Command('edge')
    .description('the SIP edge in front of several nodes: registers phones, shares calls out, refuses scanners')
    .option('--file <path>', 'its site file', 'edge.yaml')
    .option('--check', 'judge the file and end')
    .addHelpText('after', HELP)
    .action((options: Options) => ending(options.check ? check(options.file) : run(options.file, env)));
}

async function check(path: string): Promise<number> {
  const { nodes, trunks, accounts } = fileAt(path);
  console.log(`${path} is fine: ${nodes.length} nodes, ${trunks.length} trunks, ${accounts.size} accounts.`);
  return EXIT.fine;
}

function fileAt(path: string): EdgeFile {
  const read = readEdgeFile(path);
  if (!read.ok) throw new Explained(read.problems.join('\n'));
  return read.file;
}

/** The drivers are loaded only by who needs them: all commands begin through this file. */
async function run(path: string, env: Env): Promise<number> {
  const file = fileAt(path);
  const { runEdge } = await import('./edge-run.ts');
  return runEdge(path, file, env);
}
