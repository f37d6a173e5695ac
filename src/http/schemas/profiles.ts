import { z } from 'zod';
import { id, list, ms } from './common.ts';

export const byName = z.strictObject({ name: id });

/** A value and the rule it is taken from. */
const cited = <T extends z.ZodType>(value: T) =>
  z.object({
    value,
    cite: z.string().meta({ description: 'The rule and its place, or `House: …` where no rule says so.' }),
    read: z.string().exactOptional().meta({
      description: 'Where and when its words were read. Absent: the house’s own, or from a secondary source.',
    }),
  });

const flag = cited(z.boolean());
const time = cited(ms);
const level = z.enum(['none', 'express', 'written']);
const minute = z.int().meta({ description: 'After midnight where the person is; beyond 1440: of the next day.' });

const abandonment = z.object({
  connectWithinMs: time,
  countsFrom: cited(z.enum(['pick-up', 'greeting-start', 'greeting-end'])),
  denominator: cited(z.enum(['answered-by-person', 'abandoned-plus-connected'])),
  leftInTime: cited(z.enum(['abandoned', 'answered'])),
  falsePositives: cited(z.enum(['both-sides', 'none'])),
  assumedFalsePositives: cited(z.number().meta({ description: '0–1.' })),
  machines: cited(z.enum(['deduct-unscreened', 'keep'])),
  limits: cited(
    list(
      z.object({
        cap: z.number().meta({ description: '0–1.' }),
        window: z.enum(['day', 'calendar-month', 'rolling-30-days', 'campaign-30-days', 'campaign']),
        scope: z.enum(['campaign', 'all']).meta({ description: '`all`: the campaigns of the profile together.' }),
      }),
    ),
  ),
  zone: cited(z.string()),
});

/** A compliance profile as `callwright profile show NAME --json` prints it; docs/compliance.md says what each value means. */
export const complianceProfile = z.object({
  name: z.string().meta({ description: 'As campaigns have it in `profile`.' }),
  version: z.int().meta({ description: 'Rises with each change of its file.' }),
  id: z.string().meta({ description: 'As the record of each call has it.' }),
  title: z.string(),
  checkedOn: z.string().meta({ description: 'When somebody last went through its values, as 2026-11-22.' }),
  abandonment,
  ring: z.object({ minimumMs: time }),
  message: z.object({
    startsWithinMs: time,
    says: cited(list(z.enum(['name', 'number', 'purpose']))),
    optOutKey: flag,
    afterOptOut: cited(z.enum(['confirm', 'hang-up'])),
    marketing: cited(z.enum(['allowed', 'forbidden'])),
  }),
  lockOut: z.object({ afterAbandonedMs: time, afterMachineMs: time, unlessAgentGuaranteed: flag }),
  hours: z.object({
    week: cited(list(list(z.object({ from: minute, to: minute })))).meta({ description: 'Monday first.' }),
    holidays: cited(z.enum(['closed', 'as-sunday', 'as-any-day'])),
    holidayDates: cited(list(z.string())),
  }),
  attempts: z.object({ caps: cited(list(z.object({ most: z.int(), withinMs: ms }))) }),
  consent: z.object({ toAgent: cited(level), mobileToAgent: cited(level), agentless: cited(level) }),
  dnc: z.object({
    register: flag,
    registerMaxAgeMs: time,
    consentLifts: cited(z.enum(['none', 'express', 'written', 'never'])),
  }),
  callerId: z.object({ presented: flag, answered: flag, noPremium: flag }),
  records: z.object({ keepDays: cited(z.number()) }),
});
