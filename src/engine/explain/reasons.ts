import type { EpochMs } from '../../call/ids.ts';
import type { Why } from '../../call/why.ts';
import { asked, counted, lasting, listed, type NameOf } from './words.ts';

/** Strategy's figure of an agent, in words; lower is better. */
const FIGURES: Readonly<Record<string, (key: number, at: EpochMs) => string>> = {
  'longest-idle': (key, at) => `idle for ${lasting(at - key)}`,
  'ring-several': (key, at) => `idle for ${lasting(at - key)}`,
  'least-occupied': (key) => `busy ${Math.round(100 * key)} % of late`,
  'round-robin': (key, at) => (key === 0 ? 'not offered any yet' : `last offered one ${lasting(at - key)} ago`),
  'most-skilled': (key) => `${counted(round(-key), 'level')} in what is asked`,
  'least-skilled': (key) => `${counted(round(key), 'level')} beyond what is asked`,
  'fewest-calls': (key) => `${counted(round(key), 'call')} since log-in`,
  linear: (key) => `number ${key + 1} on the list`,
};

/** Past results make broken figures of whole ones. */
const round = (value: number): number => Math.round(10 * value) / 10 + 0;

const figure = (why: Why, key: number, lot: string): string => FIGURES[why.strategy]?.(key, why.at) ?? lot;

/** Why a call went to whom it went to: its turn, who could have taken it, and by what the others lost. */
export function reasons(why: Why, name: NameOf): readonly string[] {
  return [turn(why), relaxed(why), ...preferred(why, name), candidates(why), choice(why, name), ...behind(why, name)];
}

const seconds = (value: number) => `${Math.round(value)} s`;

function turn({ score, queue, through }: Why): string {
  const parts = [`${seconds(score.waited)} waited`];
  if (score.priority !== 0) parts.push(`${seconds(score.priority)} of credit`);
  if (score.campaign !== 0) parts.push('the precedence of a person we rang');
  const help = through === queue ? '' : `; served through ${through}, which helps ${queue}`;
  const late = score.share === 0 ? '' : ', less five minutes, since this queue has had its share';
  return `Its turn: ${listed(parts)}${late}${help}.`;
}

const relaxed = ({ step, require }: Why): string =>
  `${step === 0 ? 'It' : `Relaxed ${counted(step, 'time')}, it`} asked for ${asked(require)}.`;

function preferred({ preferred: wanted }: Why, name: NameOf): readonly string[] {
  if (!wanted) return [];
  const how = {
    taken: 'and got through',
    'waited-in-vain': 'and waited in vain',
    away: 'who was not there',
  } as const;
  return [`It preferred ${name(wanted.agentId)}, ${how[wanted.outcome]}.`];
}

const candidates = ({ candidates: { able, free } }: Why): string =>
  `${counted(able, 'agent')} logged in could have taken it, ${free} of them free.`;

/** By what it was decided, in one sentence. Ranks are told where they decided. */
export function choice(why: Why, name: NameOf): string {
  const [first = '', ...others] = why.agentIds;
  const ranks = why.lost.some(({ by }) => by === 'rank');
  const lost = why.lost.map(({ agentId, by, rank, key }) => {
    const how = { share: 'has had the share', rank: `rank ${rank}`, strategy: figure(why, key, 'not drawn') } as const;
    return `${name(agentId)} (${how[by]})`;
  });
  const won = [...(ranks ? [`rank ${why.rank}`] : []), figure(why, why.key, 'drawn by lot')];
  const besides = others.length === 0 ? '' : `, together with ${listed(others.map(name))}`;
  const rest = lost.length === 0 ? 'nobody else free' : `before ${listed(lost)}`;
  const by = why.results === undefined ? why.strategy : `${why.strategy}, results in ${why.results} counted in`;
  return `By ${by}: ${name(first)} (${won.join(', ')})${besides}, ${rest}.`;
}

function behind({ behind: others, score, agentIds }: Why, name: NameOf): readonly string[] {
  if (others.length === 0) return [];
  const told = others.map(({ callId, total }) => `${callId} (${seconds(total)})`);
  return [
    `${name(agentIds[0] ?? '')} could have had ${listed(told)} instead; this call's score was ${seconds(score.total)}.`,
  ];
}
