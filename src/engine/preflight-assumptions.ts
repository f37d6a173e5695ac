import { canAbandon } from '../dialer/campaign-modes.ts';
import { type Detection, meanOf, type Reading, type Spread } from '../dialer/lab/index.ts';
import type { Campaign } from './ports/history.ts';
import type { Assumption } from './ports/preflight.ts';
import type { Heard } from './preflight-heard.ts';
import type { Journalled } from './preflight-journal.ts';
import { doubtOf, ENOUGH, listens, type Seen, type Times } from './preflight-known.ts';

interface Basis {
  readonly campaign: Campaign;
  /** Name and version of the compliance profile. */
  readonly profile: string;
  readonly seen: Seen;
  readonly times: Times;
  readonly heard: Heard;
  readonly journal: Journalled;
  /** Null: no lead is read before it is dialled. */
  readonly reading: Reading | null;
  readonly lines: number;
  readonly cps: number;
}

/** All that the forecast goes by, in words, and where each figure is from. */
export function assumptionsOf(basis: Basis): readonly Assumption[] {
  const { campaign, seen, times, lines, cps } = basis;
  const ofAgents: readonly Assumption[] =
    campaign.mode === 'agentless' ? [] : [{ what: 'wrap-up', value: sec(times.wrap), from: 'settings' }];
  return [
    whoAnswers(basis),
    ...(listens(campaign) ? detection(basis) : []),
    { what: 'talk', ...timed(times.talk, seen.talks, seen.from) },
    ...ofAgents,
    ...(basis.reading ? reading(basis.reading, basis.journal) : []),
    { what: 'ringing until an answer', ...timed(times.ring, seen.rings, seen.from, false) },
    { what: 'attempts', value: `up to ${campaign.maxAttempts} for each lead`, from: 'settings' },
    { what: 'at once', value: `${many(lines, 'line')}, ${many(cps, 'call start')} per second`, from: 'settings' },
  ];
}

function whoAnswers({ seen: { counts, from, listened }, heard, campaign }: Basis): Assumption {
  const what = 'persons who answer';
  if (!counts || !heard.counts)
    return { what, value: 'about a quarter of the dials, and nobody knows', from: 'assumed' };
  const isThought = listens(campaign) && !listened;
  const share = percent(heard.counts.persons / heard.counts.dials);
  const value = `${share} of ${counts.dials.toLocaleString('en')} dials`;
  return isThought
    ? { what, value: `${share} of the dials, if ${machineShare(campaign)}`, from: 'assumed' }
    : { what, value, from };
}

const machineShare = ({ detect }: Campaign): string =>
  `${percent(detect?.own.machineShare ?? 0.5)} of those who pick up are machines`;

function detection({ campaign, heard, profile }: Basis): readonly Assumption[] {
  const { counts, detection: found, from } = heard;
  if (!found || !counts || !campaign.detect) return [];
  const { after } = campaign.detect;
  const { all, one } = campaign.mode === 'agentless' ? TO_FLOW : TO_AGENTS;
  const tested = (of: Assumption['from']) => (of === 'assumed' ? ', as in 24 test calls' : ', as agents said');
  return [
    {
      what: 'machines that pick up',
      value: `${percent(counts.machines / counts.dials)} of the dials${from.counts === 'assumed' ? `, if ${machineShare(campaign)}` : ''}`,
      from: from.counts,
    },
    {
      what: `persons kept from ${all}`,
      value: `${percent(found.personAsMachine)} of them${tested(from.personsKept)}`,
      from: from.personsKept,
    },
    {
      what: `machines put to ${all}`,
      value: `${percent(found.machineAsPerson)} of them${tested(from.machinesKept)}`,
      from: from.machinesKept,
    },
    { what: 'verdict', value: `${meanOf(found.took).toFixed(1)} s after the pick-up`, from: from.verdict },
    ...(campaign.mode === 'agentless' ? [] : [agentsTime(heard, found)]),
    {
      what: 'after the verdict',
      value: `a machine: ${deed(after.machine, one)}; unsure: ${deed(after.unsure, one)}`,
      from: 'settings',
    },
    ...(found.held
      ? [{ what: 'message on a machine', value: `${sec(found.held)} of a line`, from: from.message }]
      : []),
    ...(canAbandon(campaign.mode) ? [charged(heard, profile)] : []),
  ];
}

/** To whom persons are put. */
const TO_AGENTS = { all: 'agents', one: 'an agent' } as const;
const TO_FLOW = { all: 'the flow', one: 'the flow' } as const;

const DEEDS = { 'hang-up': 'hung up on', message: 'left a message' } as const;
const deed = (what: keyof typeof DEEDS | 'connect', one: string): string =>
  what === 'connect' ? `put to ${one}` : DEEDS[what];

const agentsTime = ({ from }: Heard, { spentSec = 0 }: Detection): Assumption => ({
  what: 'agent’s time that it takes',
  value: `${spentSec.toFixed(1)} s`,
  from: from.verdict,
});

const charged = ({ chargedShare }: Heard, profile: string): Assumption => ({
  what: 'charged as abandoned',
  value: `${chargedShare === 0 ? 'none' : percent(chargedShare)} of the machines, by ${profile}`,
  from: 'profile',
});

function reading({ took, passedOver }: Reading, { reads }: Journalled): readonly Assumption[] {
  const isKnown = reads.length >= ENOUGH;
  const from = isKnown ? 'this campaign' : 'assumed';
  const of = isKnown ? ` of ${reads.length.toLocaleString('en')} that were shown` : '';
  return [
    { what: 'reading before the dial', ...timed(took, reads, from) },
    { what: 'leads passed over', value: `${percent(passedOver)}${of}`, from },
  ];
}

/** `isDoubted`: the forecast tries others than the one that is told, where it is a guess. */
function timed(spread: Spread, values: readonly number[], from: Assumption['from'], isDoubted = true) {
  if (values.length >= ENOUGH) return { value: sec(spread), from };
  const mean = meanOf(spread);
  const times = Math.exp(1.2816 * doubtOf(values));
  const tried = isDoubted ? `, ${(mean / times).toFixed(0)} – ${(mean * times).toFixed(0)} s are tried` : '';
  return { value: `${sec(spread)}${tried}`, from: 'assumed' as const };
}

const sec = (of: Spread): string => `${meanOf(of).toFixed(0)} s`;
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const many = (count: number, what: string): string => `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;
