import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { claimPort } from '../../../src/local/ports.ts';
import { programOf } from '../../../src/local/unpacked.ts';
import { until } from './until.ts';

export const HOST = '127.0.0.1';

/** What a scenario logged of one of its calls. */
export interface SippEvent {
  /** From 1. */
  readonly call: number;
  readonly word: string;
  readonly rest: string;
}

export interface SippJob {
  /** The unpacked tree. */
  readonly root: string;
  /** Where the scenario and the logs are put, in a folder of their own. */
  readonly folder: string;
  readonly scenario: string;
  readonly port: number;
  readonly args?: readonly string[];
  /** Lines of the injection file: fields apart by `;`, one line a call. */
  readonly fields?: readonly string[];
  /** It lives no longer than this; 300 s when nothing is said. */
  readonly seconds?: number;
}

/** One SIPp process: callers, or a phone. */
export interface Sipp {
  readonly exited: Promise<number>;
  isGone(): boolean;
  events(): readonly SippEvent[];
  /** Tells the call to hang up: a MESSAGE of its own Call-ID, which its scenario takes for that. */
  nudge(callId: string): void;
  /** What SIPp complained of. */
  complaints(): string;
  kill(): Promise<void>;
}

export const freeUdpPort = (): Promise<number> =>
  claimPort({ protocol: 'udp', host: HOST, port: 0, purpose: 'a phone of the tests', setting: 'nothing' });

/** SIPp's options are single words after one dash. */
export const options = (values: Readonly<Record<string, string | number>>): readonly string[] =>
  Object.entries(values).flatMap(([name, value]) => [`-${name}`, String(value)]);

/** Starts SIPp and resolves when its port is open. It needs no privileges: it sends keys as SIP INFO and no media. */
export async function startSipp(job: SippJob): Promise<Sipp> {
  const folder = mkdtempSync(join(job.folder, 'sipp-'));
  const file = (name: string): string => join(folder, name);
  writeFileSync(file('scenario.xml'), job.scenario);
  if (job.fields) writeFileSync(file('fields.csv'), `SEQUENTIAL\n${job.fields.join('\n')}\n`);
  const { program, args } = programOf(job.root, 'sipp');
  const child = spawn(
    program,
    [
      ...args,
      '-nostdin',
      '-trace_logs',
      '-trace_err',
      // Should the tests be killed, SIPp ends by itself.
      ...options({ i: HOST, mi: HOST, p: job.port, timeout: `${job.seconds ?? 300}s` }),
      ...options({ sf: file('scenario.xml'), log_file: file('log'), error_file: file('errors') }),
      ...(job.fields ? options({ inf: file('fields.csv') }) : []),
      ...(job.args ?? []),
    ],
    { cwd: folder, stdio: 'ignore' },
  );
  const exited = once(child, 'exit').then(([code]) => Number(code ?? -1));
  const read = (name: string): string => (existsSync(file(name)) ? readFileSync(file(name), 'utf8') : '');
  const sipp: Sipp = {
    exited,
    isGone: () => child.exitCode !== null || child.signalCode !== null,
    // The last line may be half written.
    events: () => read('log').split('\n').slice(0, -1).map(eventOf),
    nudge: (callId) => nudge(job.port, callId),
    complaints: () => read('errors'),
    kill: () => kill(child, exited),
  };
  const open = until('SIPp to open its port', () => udpPortOpen(job.port), Boolean, { everyMs: 10 });
  const ended = exited.then((code) => Promise.reject(new Error(`SIPp ended with ${code}: ${sipp.complaints()}`)));
  await Promise.race([open, ended]);
  return sipp;
}

function eventOf(line: string): SippEvent {
  const [call = '', word = '', ...rest] = line.split(' ');
  return { call: Number(call), word, rest: rest.join(' ') };
}

/** Looks in the kernel's table, since trying the port would take it from SIPp. */
function udpPortOpen(port: number): boolean {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return readFileSync('/proc/net/udp', 'utf8').includes(`0100007F:${hex} `);
}

function nudge(port: number, callId: string): void {
  const socket = createSocket('udp4');
  const lines = [
    'MESSAGE sip:sipp SIP/2.0',
    `Via: SIP/2.0/UDP ${HOST}:9;branch=z9hG4bKnudge`,
    'From: <sip:test@localhost>;tag=nudge',
    'To: <sip:sipp@localhost>',
    `Call-ID: ${callId}`,
    'CSeq: 1 MESSAGE',
    'Content-Length: 0',
  ];
  socket.send(`${lines.join('\r\n')}\r\n\r\n`, port, HOST, () => socket.close());
}

async function kill(child: ChildProcess, exited: Promise<number>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  await exited;
}
