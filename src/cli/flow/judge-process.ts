import type { ReleaseFile } from '../../engine/ports/flow-store.ts';
import { type Folders, judge, judgeKept, type Judgement } from './judge.ts';

/** What a judgement came to, or why there is none: `code` is the file system's, when it was its fault. */
export type Verdict = { readonly judgement: Judgement } | { readonly fault: string; readonly code: string | null };

/** What is to be judged: what lies in folders now, or a release as it was kept. */
export type Order = { readonly folders: Folders } | { readonly kept: readonly ReleaseFile[] };

/**
 * A process of its own for one judgement: calls do not wait for it, files that eat up memory end nothing else, and what it
 * took is given back to the machine.
 */
process.once('message', (order: Order) => {
  const tell = (verdict: Verdict) => process.send?.(verdict, () => process.disconnect?.());
  judged(order).then(
    (judgement) => tell({ judgement }),
    (error: unknown) => tell(faultOf(error)),
  );
});

const judged = async (order: Order): Promise<Judgement> =>
  'kept' in order ? judgeKept(order.kept) : judge(order.folders);

function faultOf(error: unknown): Verdict {
  if (!(error instanceof Error)) return { fault: String(error), code: null };
  return { fault: error.message, code: 'code' in error && 'path' in error ? String(error.code) : null };
}
