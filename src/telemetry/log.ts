import { type DestinationStream, type Logger, pino } from 'pino';
import type { Log, LogFields } from '../engine/ports/time.ts';

export interface LogOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Numbers, digits and names of people in clear. Off unless somebody who may asks for it. */
  readonly showPii: boolean;
  /** A file, made with its folder when missing; standard output when absent. */
  readonly file?: string;
  /** Where lines go instead, for tests. */
  readonly destination?: DestinationStream;
}

export interface LogBook {
  /** The log of one component, named in every line. */
  of(component: string): Log;
  /** Writes out what is buffered. Await it before the process exits: the last lines are those that tell why. */
  flush(): Promise<void>;
}

/** A `minLength` of 0 would make pino call a flush done while lines are still on their way. */
const BUFFER = { sync: false, minLength: 4_096, periodicFlush: 500 };

/** JSON lines by pino. Everything below `pii` is hidden unless asked for, and never carries control characters. */
export function createLogBook(options: LogOptions): LogBook {
  const destination = options.destination ?? pino.destination({ dest: options.file ?? 1, mkdir: true, ...BUFFER });
  const root = pino(
    {
      level: options.level,
      base: {},
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: bare },
      formatters: { level: (label) => ({ level: label }), log: cleanPii },
      redact: { paths: options.showPii ? [] : ['pii.*'], censor: '[hidden]' },
    },
    destination,
  );
  return { of: (component) => logOf(root.child({ component })), flush: () => flush(root) };
}

/**
 * Of a fault its kind, sentence, code and place. Drivers of stores hang on theirs what was to be written (a command with
 * its arguments, a failing row), and that is of callers.
 */
function bare(error: unknown) {
  if (!(error instanceof Error)) return { message: String(error) };
  const { type, message, stack, ...more } = pino.stdSerializers.err(error);
  return { type, message, code: more['code'], stack };
}

function logOf(logger: Logger): Log {
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
  };
}

/** A fault is not passed on: it comes when the output is a pipe, which cannot be synced, and nobody could log it anyway. */
const flush = (logger: Logger) =>
  new Promise<void>((resolve) => {
    logger.flush(() => resolve());
  });

/** A caller's name is chosen by the caller: escape codes and direction marks in it must not reach a terminal. */
function cleanPii(fields: LogFields): Record<string, unknown> {
  if (fields.pii === undefined) return fields;
  const clean = Object.entries(fields.pii).map(([key, value]) => [key, cleanValue(value)]);
  return { ...fields, pii: Object.fromEntries(clean) };
}

const cleanValue = (value: unknown) => (typeof value === 'string' ? value.replace(/[\p{Cc}\p{Cf}]/gu, '') : value);
