import { DBOS } from '@dbos-inc/dbos-sdk';
import { command } from './callwright.ts';
import { step, tell } from './step.ts';

/** Of an event about a follow-up. */
export interface Promised {
  readonly followUpId: string;
  readonly reason: string;
  readonly owner: { readonly kind: string; readonly id: string };
  readonly dueAt: number;
  readonly outcome?: string;
}

interface News {
  readonly type: string;
  readonly data: Promised;
}

const { ALARM_URL = 'http://127.0.0.1:9000/alarm', FINANCE_QUEUE = 'finance' } = process.env;
const A_WEEK_S = 7 * 24 * 3_600;

/** One workflow for each follow-up: its name tells which. */
export const returnId = (followUpId: string): string => `return-${followUpId}`;

/**
 * A return that could not be completed. Somebody made a follow-up of kind `return` for finance; the follow-up is due soon → finance is
 * alarmed, and its phone rings with the customer → somebody there closes it with an outcome. If nobody does, it says so every week.
 */
export const keepReturn = DBOS.registerWorkflow(
  async ({ followUpId, reason, owner }: Promised): Promise<string> => {
    for (let round = 1; ; round += 1) {
      const news = await DBOS.recv<News>('news', { timeoutSeconds: A_WEEK_S });
      if (news?.type === 'closed') return news.data.outcome ?? 'closed';
      const what = news?.type ?? 'forgotten';
      await step(`alarm-${round}`, (key) => tell(ALARM_URL, { what, followUpId, reason, owner }, key));
      if (what !== 'due-soon') continue;
      await step(`call-${round}`, (key) => command(`/v1/follow-ups/${followUpId}/call`, { queue: FINANCE_QUEUE }, key));
    }
  },
  { name: 'keepReturn' },
);
