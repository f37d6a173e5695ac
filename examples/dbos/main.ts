/** Two workflows that outlive their process. What it needs, and how to run it: README.md beside it. */
import { DBOS } from '@dbos-inc/dbos-sdk';
import { type CallwrightEvent, eachEvent, openGroup } from './callwright.ts';
import { type Declared, judgedAt, keepPayment } from './debt.ts';
import { keepReturn, type Promised, returnId } from './return.ts';

const { DBOS_DATABASE_URL = '', DBOS_POOL = '10' } = process.env;
const GROUP = 'workflows';
const poolSize = Number(DBOS_POOL);

DBOS.setConfig({
  name: 'callwright-workflows',
  systemDatabaseUrl: DBOS_DATABASE_URL,
  systemDatabasePoolSize: poolSize,
  // An embedded database serves one connection, and has no LISTEN.
  useListenNotify: poolSize > 1,
  // Workflows begun by this version are taken up by it: raise it when their steps change.
  applicationVersion: '1',
  logLevel: 'warn',
});

/** Each name is taken once: an event that comes twice begins nothing anew. */
async function handle({ id, type, data }: CallwrightEvent): Promise<void> {
  const word = type.replace(/^callwright\.(.*)\.v\d+$/u, '$1');
  if (word === 'call.disposed' && data['payment'] !== undefined) {
    const said = data as unknown as Declared;
    const workflowID = `payment-${said.callId}`;
    await DBOS.startWorkflow(keepPayment, { workflowID })(said, judgedAt(said, Date.now()));
  }
  if (!word.startsWith('followup.') || data['kind'] !== 'return') return;
  const promised = data as unknown as Promised;
  const workflowID = returnId(promised.followUpId);
  if (word === 'followup.created') await DBOS.startWorkflow(keepReturn, { workflowID })(promised);
  else if (NEWS.has(word) && (await DBOS.getWorkflowStatus(workflowID)))
    await DBOS.send(workflowID, { type: word.slice('followup.'.length), data: promised }, 'news', id);
}

const NEWS = new Set(['followup.due-soon', 'followup.overdue', 'followup.closed']);

const ending = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ending.abort());
// First of all it takes up what it had not finished when it ended.
await DBOS.launch();
await openGroup(GROUP);
console.log('ready');
await eachEvent(GROUP, handle, ending.signal);
await DBOS.shutdown();
