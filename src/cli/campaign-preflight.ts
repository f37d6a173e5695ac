import { setTimeout as after } from 'node:timers/promises';
import { z } from 'zod';
import { campaignId } from './campaign-answer.ts';
import { EXIT } from './ending.ts';
import { askServer } from './flow/server.ts';
import { preflightLines } from './preflight-lines.ts';
import { createProgress } from './progress.ts';
import { screenWidth } from './screen.ts';

type Env = Readonly<Record<string, string | undefined>>;

const tenths = <T extends z.ZodType>(of: T) => z.object({ low: of, middle: of, high: of });
const share = tenths(z.number());

const seen = z.object({
  done: z.literal(true),
  at: z.number(),
  profile: z.string(),
  leads: z.object({ all: z.number(), done: z.number(), now: z.number(), later: z.number(), never: z.number() }),
  skipped: z.array(z.object({ reason: z.string(), leads: z.number(), until: z.number().nullable(), text: z.string() })),
  hours: z.array(z.object({ at: z.number(), leads: z.number() })),
  zones: z.array(z.object({ zones: z.array(z.string()), leads: z.number(), open: z.boolean() })),
  expected: z
    .object({
      agents: z.number(),
      dials: z.number(),
      answerRate: share,
      utilisation: share.nullable(),
      abandonment: share.nullable(),
      byFlow: z.object({ lines: z.number(), linesInUse: share, cps: z.number(), startsPerSecond: share }).nullable(),
      finishAt: tenths(z.number().nullable()),
    })
    .nullable(),
  noForecast: z.string().nullable(),
  assumptions: z.array(
    z.object({
      what: z.string(),
      value: z.string(),
      from: z.enum(['this campaign', 'similar campaigns', 'settings', 'profile', 'assumed']),
    }),
  ),
  warnings: z.array(z.object({ blocks: z.boolean(), text: z.string() })),
});

const answer = z.discriminatedUnion('done', [
  seen,
  z.object({ done: z.literal(false), step: z.enum(['leads', 'forecast']), share: z.number() }),
]);

const STEPS = { leads: 'looking at the leads', forecast: 'trying the days to come' } as const;
const AGAIN_MS = 200;

/** Asks until it is worked out, and says meanwhile how far it is. It ends as a finding where something blocks the campaign. */
export async function preflight(asked: string, json: true | undefined, env: Env): Promise<number> {
  const id = await campaignId(asked, env);
  const progress = createProgress(process.stderr);
  const path = `/v1/campaigns/${encodeURIComponent(id)}/preflight`;
  for (;;) {
    const reply = await askServer(env, { method: 'GET', path, answer });
    if (!reply.ok) {
      progress.done();
      console.error(reply.sentence);
      return EXIT.findings;
    }
    if (!reply.value.done) {
      progress.step({ text: STEPS[reply.value.step], done: reply.value.share, total: 1 });
      await after(AGAIN_MS);
      continue;
    }
    progress.done();
    if (json) console.log(JSON.stringify(reply.body, null, 2));
    else for (const line of preflightLines(reply.value, screenWidth(env))) console.log(line);
    return reply.value.warnings.some(({ blocks }) => blocks) ? EXIT.findings : EXIT.fine;
  }
}
