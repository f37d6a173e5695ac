import { DBOS } from '@dbos-inc/dbos-sdk';
import { Refused } from './callwright.ts';

/**
 * One deed of a workflow. Its answer is written down, so that a workflow that is taken up after a crash does not do it again; a crash between
 * deed and writing does, which is why each deed carries `key`, the same at every try.
 */
export function step<T>(name: string, deed: (key: string) => Promise<T>): Promise<T> {
  const key = `${DBOS.workflowID}/${name}`;
  return DBOS.runStep(() => deed(key), {
    name,
    retriesAllowed: true,
    maxAttempts: 20,
    intervalSeconds: 1,
    backoffRate: 1.5,
    shouldRetry: (error) => !(error instanceof Refused),
  });
}

/** Tells another system, which drops a message with a key that it has seen. */
export async function tell(url: string, message: object, key: string): Promise<void> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': key };
  const reply = await fetch(url, { method: 'POST', headers, body: JSON.stringify(message) });
  if (!reply.ok) throw new Error(`${url} answered ${reply.status}`);
}
