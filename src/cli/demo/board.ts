import { stripVTControlCharacters, styleText } from 'node:util';
import { ABANDON_CAP } from '../../dialer/campaign-modes.ts';
import type { AgentView, CallView, CampaignView, QueueView } from '../../engine/ports/service.ts';

/** What the demo's screen shows at one moment. */
export interface BoardView {
  readonly now: number;
  readonly startedAt: number;
  /** File that a shell reads to talk to this server. */
  readonly keysFile: string;
  readonly queues: readonly QueueView[];
  readonly agents: readonly AgentView[];
  readonly calls: readonly CallView[];
  readonly campaign: CampaignView | null;
  readonly width: number;
}

type Colour = Parameters<typeof styleText>[0];

const AGENT_COLOUR: Readonly<Record<string, Colour>> = {
  idle: 'green',
  reserved: 'yellow',
  ringing: 'yellow',
  talking: 'cyan',
  'wrap-up': 'magenta',
  'not-ready': 'gray',
  'logged-out': 'gray',
};

const OUTCOME_COLOUR: Readonly<Record<string, Colour>> = {
  connected: 'green',
  abandoned: 'red',
  busy: 'yellow',
  'no-answer': 'gray',
};

/** The whole screen, as lines no wider than the terminal. */
export function board(view: BoardView): string[] {
  return [
    `${styleText('bold', 'Callwright demo')}  ${clock(view.now - view.startedAt)}   ${styleText('gray', 'Ctrl-C ends it')}`,
    `Its API, in another terminal:  ${styleText('yellow', `. ${view.keysFile}`)}  and  cw $API/v1/queues`,
    '',
    ...queueLines(view),
    '',
    ...agentLines(view),
    '',
    ...callLines(view),
    '',
    ...campaignLines(view),
  ].map((line) => cut(line, view.width));
}

function queueLines({ queues }: BoardView): string[] {
  const rows = queues.map(({ profile, waiting, longestWaitMs, handled, abandoned, agents }) => [
    profile.name,
    waiting > 0 ? styleText('yellow', `${waiting} ${'●'.repeat(Math.min(waiting, 20))}`) : '0',
    waiting > 0 ? clock(longestWaitMs) : '–',
    String(agents.idle),
    String(handled),
    String(abandoned),
  ]);
  return table(['QUEUE', 'WAITING', 'LONGEST', 'FREE', 'HANDLED', 'ABANDONED'], rows);
}

function agentLines({ agents, now }: BoardView): string[] {
  const rows = agents.map((agent) => {
    const shown = agent.state === 'idle' && agent.status !== 'ready' ? agent.status : agent.state;
    const why = agent.status !== 'ready' && agent.reason ? ` (${agent.reason})` : '';
    const colour = AGENT_COLOUR[shown] ?? 'white';
    return [agent.profile.name, styleText(colour, `■ ${shown}${why}`), clock(now - agent.since), skills(agent)];
  });
  return table(['AGENT', 'STATE', 'SINCE', 'SKILLS'], rows);
}

const skills = ({ profile }: AgentView) =>
  Object.entries(profile.skills)
    .map(([skill, level]) => `${skill}:${level}`)
    .join(' ');

function callLines({ calls, now }: BoardView): string[] {
  const shown = calls.toSorted((a, b) => a.startedAt - b.startedAt).slice(0, 14);
  const rows = shown.map((call) => [
    call.direction === 'inbound' ? '→ in' : '← out',
    (call.direction === 'inbound' ? call.ani : call.dnis) ?? 'withheld',
    call.node ? `${call.phase} ${call.node}` : call.phase,
    (call.queue ?? '').replace(/^campaign:.*/, 'campaign'),
    call.language,
    call.agentId ?? '',
    clock(now - call.startedAt),
  ]);
  const more = calls.length > shown.length ? [styleText('gray', `… and ${calls.length - shown.length} more`)] : [];
  return [...table(['CALL', 'NUMBER', 'DOING', 'QUEUE', 'LANG', 'AGENT', 'FOR'], rows), ...more];
}

function campaignLines({ campaign }: BoardView): string[] {
  if (!campaign) return [];
  const { leads, outcomes, inFlight, because } = campaign;
  const total = leads.pending + leads.leased + leads.done;
  const share = total === 0 ? 0 : leads.done / total;
  const width = 30;
  const full = Math.round(share * width);
  const results = Object.entries(outcomes)
    .filter(([outcome]) => outcome !== 'open')
    .map(([outcome, count]) => styleText(OUTCOME_COLOUR[outcome] ?? 'white', `${outcome} ${count}`));
  return [
    `${styleText('bold', 'CAMPAIGN')} ${campaign.campaign.name}: ${campaign.campaign.status}  ${'█'.repeat(full)}${'░'.repeat(width - full)} ${leads.done}/${total} leads, ${inFlight} on the line`,
    `  ${results.join('  ') || 'no outcome yet'}`,
    ...paceLines(campaign),
    styleText('gray', `  ${because ?? ''}`),
  ];
}

/** How far it dials ahead of its agents, and how much of what the law allows is used. */
function paceLines({ live, campaign }: CampaignView): string[] {
  if (!live) return [];
  const cap = 100 * (campaign.abandonCap ?? ABANDON_CAP);
  const drops = live.dropsPercent ?? 0;
  const share = styleText(drops > cap ? 'red' : 'green', `${drops.toFixed(1)} %`);
  const level = live.dialLevel === null ? 'nobody free' : `${live.dialLevel.toFixed(1)} dials for each free agent`;
  const idle = live.idleMs === null ? '' : `   idle before a talk ${(live.idleMs / 1_000).toFixed(1)} s`;
  return [`  abandoned ${share} of live answers, ${cap.toFixed(1)} % allowed   ${level}${idle}`];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => seen(row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]) =>
    cells.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - seen(cell).length)).join('  ');
  return [styleText('bold', line(head)), ...rows.map(line)];
}

const seen = stripVTControlCharacters;

const ESCAPE = '\u001b';

/** Cuts by what is seen, so that colours cost no width and are always switched off again. */
function cut(line: string, width: number): string {
  if (seen(line).length <= width) return line;
  let room = width - 1;
  const [first = '', ...coloured] = line.split(ESCAPE);
  const take = (text: string) => {
    const kept = text.slice(0, Math.max(0, room));
    room -= text.length;
    return kept;
  };
  const rest = coloured.map((part) => {
    const end = part.indexOf('m') + 1;
    return `${ESCAPE}${part.slice(0, end)}${take(part.slice(end))}`;
  });
  return `${take(first)}${rest.join('')}…`;
}

function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
