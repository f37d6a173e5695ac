/**
 * What may go wrong while the private servers are fetched and started. The message is one sentence a newcomer can act
 * on: what failed, where, and the cure. The command line prints it and ends with 2; nothing else is needed to mend it.
 */
export type LocalFaultCode =
  | 'no-apt'
  | 'no-mirror'
  | 'mirror-failed'
  | 'unpack-failed'
  | 'disk-full'
  | 'too-old'
  | 'bad-setting'
  | 'port-taken'
  | 'data-in-use'
  | 'start-failed'
  | 'lost';

export class LocalFault extends Error {
  readonly code: LocalFaultCode;

  constructor(code: LocalFaultCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'LocalFault';
    this.code = code;
  }
}
