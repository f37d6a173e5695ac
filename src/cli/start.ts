import { once } from 'node:events';
import { styleText } from 'node:util';
import type { FlowView } from '../engine/ports/service.ts';
import { startWatchdog } from '../switch/asterisk/watchdog.ts';
import { askedToEnd } from './asked-to-end.ts';
import { settingsOf } from './check.ts';
import { EXIT } from './ending.ts';
import { firstFlows } from './first-flows.ts';
import { type House, openHouse } from './house.ts';
import { createProgress } from './progress.ts';

interface StartOptions {
  readonly version: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** `callwright start`: up until Ctrl-C, a TERM signal, or another process that takes over. */
export async function start({ version, env }: StartOptions): Promise<number> {
  const settings = settingsOf(env);
  const flows = await firstFlows(settings);
  const over = askedToEnd(process);
  const stopWatchdog = startWatchdog();
  let code: number = EXIT.fine;
  const fenced = (reason: string) => {
    console.error(`Another Callwright has taken over (${reason}): this one ends, calls go on there.`);
    code = EXIT.findings;
    over.abort();
  };
  const progress = createProgress(process.stderr);
  const house = await openHouse({ settings, ...flows, env, version, progress, signal: over.signal, fenced });
  tell(house);
  if (!over.signal.aborted) await once(over.signal, 'abort');
  progress.step({ text: 'stopping' });
  await house.stop();
  await stopWatchdog();
  progress.done();
  return code;
}

/** What a person does next; for a program, one line of JSON. */
function tell({ stack, callwright, logFile }: House): void {
  const { apiUrl, adminToken, service } = callwright;
  const sip = stack.sipAddress;
  if (!process.stdout.isTTY) {
    console.log(JSON.stringify({ ready: true, api: apiUrl, adminToken, sip: sip ?? null }));
    return;
  }
  const call = sip ? numbersToCall(service.flows(), `${sip.host}:${sip.port}`) : 'through your Asterisk';
  const rows: [string, string][] = [
    ['Call', call],
    ['API', `${apiUrl}/v1   docs ${apiUrl}/docs`],
    ['Token', adminToken ? styleText('yellow', adminToken) : 'as shown at the first start; new ones: POST /v1/tokens'],
    ['Metrics', `${apiUrl}/metrics`],
    [
      'Phones',
      stack.phones.length > 0
        ? `agents’ SIP passwords are in ${logFile.replace(/callwright\.log$/, 'phones.txt')}`
        : '–',
    ],
    ['Data', logFile.replace(/\/callwright\.log$/, '')],
    ['Log', logFile],
  ];
  console.log(`\n${styleText(['bold', 'green'], 'Callwright is up.')}  Ctrl-C ends it.\n`);
  for (const [name, value] of rows) console.log(`  ${styleText('bold', name.padEnd(8))} ${value}`);
  if (adminToken)
    console.log('\n  The token is shown this once: keep it. With it as the password the docs page opens in a browser.');
  console.log('');
}

/** One number for each flow: the shortest, as somebody has to type it. */
function numbersToCall(flows: readonly FlowView[], host: string): string {
  const numbers = flows.flatMap(({ id, numbers: dids }) => {
    const shortest = dids.toSorted((a, b) => a.length - b.length)[0];
    return shortest ? [`sip:${shortest}@${host} (${id})`] : [];
  });
  return numbers.join('   ');
}
