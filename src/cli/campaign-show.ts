import { setTimeout as after } from 'node:timers/promises';
import { z } from 'zod';
import { askedToEnd } from './asked-to-end.ts';
import {
  type CampaignAnswer,
  campaignAnswer,
  campaignId,
  type QualityAnswer,
  qualityAnswer,
} from './campaign-answer.ts';
import { campaignLines, summaryLines } from './campaign-lines.ts';
import { EXIT, Explained } from './ending.ts';
import { askServer, type Request } from './flow/server.ts';
import { screenWidth } from './screen.ts';

type Env = Readonly<Record<string, string | undefined>>;

export interface ShowOptions {
  readonly watch?: true;
  readonly json?: true;
}

const FRAME_MS = 2_000;
/** Lists are counted anew by the server no more often either. */
const QUALITY_MS = 20_000;

const why = z.object({
  headline: z.string(),
  gates: z.array(z.object({ gate: z.string(), pass: z.boolean(), text: z.string() })),
});

/** `callwright campaign list` */
export async function listCampaigns({ json }: Pick<ShowOptions, 'json'>, env: Env): Promise<number> {
  const path = '/v1/campaigns';
  const { value, body } = await told(env, {
    method: 'GET',
    path,
    answer: z.object({ items: z.array(campaignAnswer) }),
  });
  if (json) console.log(JSON.stringify(body, null, 2));
  else if (value.items.length === 0)
    console.log('There is no campaign yet: POST /v1/campaigns makes one (docs/campaigns.md).');
  else
    console.log(
      value.items
        .toSorted(byRelevance)
        .map((view) => summaryLines(view, Date.now(), screenWidth(env)).join('\n'))
        .join('\n\n'),
    );
  return EXIT.fine;
}

const ORDER = ['running', 'paused', 'draft', 'finished', 'stopped'];

/** What runs first; the newest first within that. */
const byRelevance = ({ campaign: a }: CampaignAnswer, { campaign: b }: CampaignAnswer): number =>
  ORDER.indexOf(a.status) - ORDER.indexOf(b.status) || (a.id < b.id ? 1 : -1);

/** `callwright campaign show ID` */
export async function showCampaign(asked: string, { watch, json }: ShowOptions, env: Env): Promise<number> {
  const look = lookAt(await campaignId(asked, env), env);
  if (watch && !json) return watched(look, env);
  const seen = await look();
  if (json) console.log(JSON.stringify(seen.body, null, 2));
  else for (const line of campaignLines({ ...seen, now: Date.now() }, screenWidth(env))) console.log(line);
  return EXIT.fine;
}

type Look = ReturnType<typeof lookAt>;

/** Asks for one campaign again and again; for its lists not every time. */
function lookAt(id: string, env: Env) {
  const path = `/v1/campaigns/${encodeURIComponent(id)}`;
  let lists: { readonly at: number; readonly value: QualityAnswer; readonly body: unknown } | null = null;
  return async () => {
    const [view, gates] = await Promise.all([
      told(env, { method: 'GET', path, answer: campaignAnswer }),
      told(env, { method: 'GET', path: `${path}/why`, answer: why }),
    ]);
    if (lists === null || Date.now() - lists.at > QUALITY_MS) {
      const found = await told(env, { method: 'GET', path: `${path}/quality`, answer: qualityAnswer });
      lists = { at: Date.now(), ...found };
    }
    const body = { view: view.body, why: gates.body, quality: lists.body };
    return { view: view.value, why: gates.value, quality: lists.value, body };
  };
}

/** Draws until Ctrl-C. A server that does not answer for a while is told of, and asked again. */
async function watched(look: Look, env: Env): Promise<number> {
  const screen = process.stdout;
  const over = askedToEnd(process);
  if (screen.isTTY) screen.write('\u001b[?1049h\u001b[?25l');
  try {
    while (!over.signal.aborted) {
      draw(await frame(look, env));
      await after(FRAME_MS, undefined, { signal: over.signal }).catch(() => undefined);
    }
  } finally {
    if (screen.isTTY) screen.write('\u001b[?25h\u001b[?1049l');
  }
  return EXIT.fine;
}

async function frame(look: Look, env: Env): Promise<readonly string[]> {
  const now = Date.now();
  try {
    return campaignLines({ ...(await look()), now }, screenWidth(env));
  } catch (error) {
    if (error instanceof Explained) return [error.message, 'It is asked again in a moment; Ctrl-C ends it.'];
    throw error;
  }
}

function draw(lines: readonly string[]): void {
  const screen = process.stdout;
  if (!screen.isTTY) return void screen.write(`${lines.join('\n')}\n---\n`);
  const shown = lines.slice(0, Math.max(1, (screen.rows ?? Infinity) - 1));
  return void screen.write(`\u001b[H${shown.map((line) => `${line}\u001b[K`).join('\n')}\u001b[J`);
}

async function told<T>(env: Env, request: Request<T>): Promise<{ readonly value: T; readonly body: unknown }> {
  const reply = await askServer(env, request);
  if (!reply.ok) throw new Explained(reply.sentence);
  return reply;
}
