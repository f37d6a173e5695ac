import { DBOS } from '@dbos-inc/dbos-sdk';
import { command, look } from './callwright.ts';
import { step } from './step.ts';

/** Of `call.disposed`, when the agent's word is of the kind `payment`. */
export interface Declared {
  readonly callId: string;
  readonly campaignId: string;
  readonly leadId: string;
  readonly payment: { readonly amount: number; readonly currency: string; readonly due: string };
}

interface Lead {
  readonly id: string;
  readonly name: string | null;
  /** Of whom one number alone is known, that. */
  readonly number: string;
  readonly numbers?: readonly { readonly number: string }[];
}

const { LEDGER_URL = 'http://127.0.0.1:9000/ledger', BROKEN_PROMISES = '', JUDGE_AFTER_MS } = process.env;
const A_DAY_MS = 24 * 3_600_000;
/** A person is dialled at so many numbers. */
const MOST_NUMBERS = 4;

/** A promise may be kept until the day after it is due; tests do not wait that long. */
export const judgedAt = ({ payment }: Declared, now: number): number =>
  JUDGE_AFTER_MS === undefined ? Date.parse(payment.due) + 2 * A_DAY_MS : now + Number(JUDGE_AFTER_MS);

/**
 * A debtor who said what he will pay and when. When the day is over the ledger is asked; if he did not pay, he is called again, with
 * all his numbers, by the campaign of broken promises.
 */
export const keepPayment = DBOS.registerWorkflow(
  async (said: Declared, judgeAt: number): Promise<'kept' | 'broken'> => {
    await DBOS.sleep(Math.max(0, judgeAt - (await DBOS.now())));
    const { isPaid } = await step('ledger', () => ledger(said));
    if (isPaid) return 'kept';
    const lead = await step('lead', () => leadOf(said));
    await step('again', () => callAgain(lead, said));
    return 'broken';
  },
  { name: 'keepPayment' },
);

async function ledger({ callId, payment }: Declared): Promise<{ isPaid: boolean }> {
  const query = new URLSearchParams({ call: callId, amount: String(payment.amount), due: payment.due });
  const reply = await fetch(`${LEDGER_URL}?${query.toString()}`);
  if (!reply.ok) throw new Error(`the ledger answered ${reply.status}`);
  return (await reply.json()) as { isPaid: boolean };
}

async function leadOf({ campaignId, leadId }: Declared): Promise<Lead> {
  for (let before = ''; ; ) {
    const page = await look<{ items: readonly Lead[]; next: string | null }>(
      `/v1/campaigns/${campaignId}/leads?limit=200${before}`,
    );
    const lead = page.items.find(({ id }) => id === leadId);
    if (lead) return lead;
    if (page.next === null) throw new Error(`campaign ${campaignId} has no lead ${leadId}`);
    before = `&before=${page.next}`;
  }
}

/** A list takes no key: the id in his row is one, and a campaign takes it once. */
async function callAgain(lead: Lead, { callId, payment }: Declared): Promise<void> {
  const numbers = (lead.numbers ?? [lead]).slice(0, MOST_NUMBERS).map(({ number }) => number);
  const columns = numbers.map((_, nth) => `number${nth + 1}`);
  const map = { externalId: 'id', name: 'name', numbers: columns.map((column) => ({ column })) };
  const row = [callId, lead.name ?? '', ...numbers];
  const header = ['id', 'name', ...columns, 'promised', 'due'];
  const csv = [header, [...row, String(payment.amount), payment.due]]
    .map((cells) => cells.map(cell).join(','))
    .join('\n');
  const query = new URLSearchParams({ map: JSON.stringify(map) });
  const to = `/v1/campaigns/${BROKEN_PROMISES}`;
  await command(`${to}/leads?${query.toString()}`, csv);
}

const cell = (value: string): string => `"${value.replaceAll('"', '""')}"`;
