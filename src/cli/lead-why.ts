import { styleText } from 'node:util';
import { z } from 'zod';
import type { LeadWhy } from '../engine/ports/campaigns.ts';
import { campaignId } from './campaign-answer.ts';
import { EXIT } from './ending.ts';
import { askServer } from './flow/server.ts';
import { gateLines } from './gate-lines.ts';
import { screenWidth, wrapped } from './screen.ts';

type Env = Readonly<Record<string, string | undefined>>;

const gate = z.object({ gate: z.string(), pass: z.boolean(), text: z.string(), until: z.number().nullable() });
const answer = z.object({
  at: z.number(),
  headline: z.string(),
  lead: z.object({
    id: z.string(),
    externalId: z.string().nullable(),
    name: z.string().nullable(),
    others: z.array(z.string()),
  }),
  gates: z.array(gate),
  numbers: z.array(z.object({ number: z.string(), kind: z.string(), gates: z.array(gate) })),
});

/** `callwright campaign why ID --lead LEAD` */
export async function whyLead(asked: string, lead: string, json: true | undefined, env: Env): Promise<number> {
  const id = await campaignId(asked, env);
  const path = `/v1/campaigns/${encodeURIComponent(id)}/leads/${encodeURIComponent(lead)}/why`;
  const reply = await askServer(env, { method: 'GET', path, answer });
  if (!reply.ok) {
    console.error(reply.sentence);
    return EXIT.findings;
  }
  if (json) console.log(JSON.stringify(reply.body, null, 2));
  else for (const line of leadWhyLines(reply.value, screenWidth(env))) console.log(line);
  return EXIT.fine;
}

/** The answer, each gate, and each number with what stands in its way. */
export function leadWhyLines(
  { headline, lead, gates, numbers }: Omit<LeadWhy, 'at'>,
  width: number,
): readonly string[] {
  const names = [lead.externalId ?? lead.id, ...(lead.name === null ? [] : [lead.name])].join(', ');
  const others = lead.others.length === 0 ? [] : [`Other leads with this number: ${lead.others.join(', ')}.`];
  return [
    ...[`Lead ${names}`, ...others].flatMap((line) => wrapped(line, width)).map((line) => styleText('dim', line)),
    ...gateLines({ headline: timedHeadline(headline, gates), gates: gates.map(timed) }, width),
    ...(numbers.length > 1 ? numbers.flatMap((each) => numberLines(each, width)) : []),
  ];
}

function numberLines({ number, kind, gates }: LeadWhy['numbers'][number], width: number): readonly string[] {
  const bad = gates.filter(({ pass }) => !pass).map(timed);
  const title = `${number}${kind === '' ? '' : ` (${kind})`}`;
  const headline = bad.length === 0 ? `${title}: may be dialled now.` : `${title}:`;
  return ['', ...gateLines({ headline, gates: bad }, width)];
}

/** The answer is one of the gates: it is told with that one's time. */
const timedHeadline = (headline: string, gates: LeadWhy['gates']): string => {
  const answer = gates.find(({ pass, text }) => !pass && text === headline);
  return answer ? timed(answer).text : headline;
};

/** A time as it is where who asks sits. */
const timed = ({ gate: name, pass, text, until }: LeadWhy['gates'][number]) => ({
  gate: name,
  pass,
  text: until === null ? text : `${text} Until ${new Date(until).toLocaleString('sv-SE').slice(0, 16)}.`,
});
