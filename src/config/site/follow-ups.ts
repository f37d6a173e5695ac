import { z } from 'zod';
import { type EscalationStep, type FollowUpRules, type Ladder, PLAIN_FOLLOW_UPS } from '../../engine/site.ts';
import { ownerFile, ownerIn } from '../../ivr/owner.ts';
import { duration, fault, name, shape, title } from '../../ivr/words.ts';

const ahead = duration('1m', '30d');
const step = shape({
  before: ahead.exactOptional(),
  overdueBy: duration('0s', '30d').exactOptional(),
  to: ownerFile.exactOptional(),
  alarm: z.boolean().default(true),
}).refine((each) => (each.before === undefined) !== (each.overdueBy === undefined), {
  error: fault('A step has one time.', 'Write `before: 10m`, or `overdueBy: 15m`.'),
});

const ladder = { dueSoon: duration('0s', '30d').exactOptional(), escalation: z.array(step).max(20).exactOptional() };
const members = z.array(name).max(1_000).default([]);

/** `site/follow-ups.yaml`: who owns what was promised, and who is alarmed when it is late. */
export const followUpsFile = shape({
  usual: shape(ladder).prefault({}),
  teams: z.record(name, shape({ title, members, ...ladder })).default({}),
  departments: z
    .record(name, shape({ title, members, teams: z.array(name).max(1_000).default([]), ...ladder }))
    .default({}),
});

type File = z.output<typeof followUpsFile>;
type LadderText = File['usual'];

/** What a ladder leaves out is as under `usual`, and what that leaves out as without the file. */
export function followUpsOf(file: File): FollowUpRules {
  const usual = ladderOf(file.usual, PLAIN_FOLLOW_UPS.usual);
  const own = (text: LadderText) =>
    text.dueSoon === undefined && text.escalation === undefined ? null : ladderOf(text, usual);
  const teams = Object.entries(file.teams).map(([id, each]) => {
    const team = { title: each.title, members: each.members, ladder: own(each) };
    return [id, Object.freeze(team)] as const;
  });
  const departments = Object.entries(file.departments).map(([id, each]) => {
    const department = { title: each.title, members: each.members, teams: each.teams, ladder: own(each) };
    return [id, Object.freeze(department)] as const;
  });
  return Object.freeze({ teams: new Map(teams), departments: new Map(departments), usual });
}

const ladderOf = ({ dueSoon, escalation }: LadderText, plain: Ladder): Ladder =>
  Object.freeze({ dueSoonMs: dueSoon ?? plain.dueSoonMs, steps: escalation?.map(stepOf) ?? plain.steps });

/** When a step is taken, from the due time on. */
const stepTime = ({ before, overdueBy = 0 }: z.output<typeof step>): number =>
  before === undefined ? overdueBy : -before;

function stepOf(text: z.output<typeof step>): EscalationStep {
  return Object.freeze({ afterMs: stepTime(text), to: ownerIn(text.to), alarm: text.alarm });
}
