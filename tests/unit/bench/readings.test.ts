import { describe, expect, it } from 'vitest';
import { machineMs, processTimes } from '../../../bench/calls/proc.ts';
import { complaints, counts, setupTimes } from '../../../bench/calls/sipp-files.ts';

describe('/proc', () => {
  it('counts fields after the name, whatever is in it', () => {
    const stat = '42 (a) b (c) S 7 42 42 0 -1 4194304 99 0 1 0 120 30 5 2 20 0 1 0 504308 3133440 361';
    expect(processTimes(stat)).toEqual({ parent: 7, ownMs: 1_500, endedChildrenMs: 70 });
  });

  it('takes for work of the machine all but idling and waiting for disks', () => {
    const stat = 'cpu  100 10 50 9000 700 1 2 30 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n';
    expect(machineMs(stat)).toBe((100 + 10 + 50 + 1 + 2 + 30) * 10);
  });
});

describe("SIPp's files", () => {
  it('tell the counts in their last line, under the names of the first', () => {
    const csv = 'Time;SuccessfulCall(P);SuccessfulCall(C);FailedCall(C);Retransmissions(C);\n1;1;1;0;0;\n2;7;8;2;3;\n';
    expect(counts(csv)).toEqual({ served: 8, failed: 2, resent: 3 });
    expect(() => counts('')).toThrow('SIPp counted no SuccessfulCall(C)');
  });

  it('tell the time of each answered call', () => {
    expect(setupTimes('Date_ms;response_time_ms;rtd_no\n124.105;21.287;setup\n211.968;8.702;setup\n')).toEqual([
      21.287, 8.702,
    ]);
    expect(setupTimes('')).toEqual([]);
  });

  it('tell why calls failed', () => {
    const text = `The following events occurred:
t: Aborting call on unexpected message for Call-Id '1': while expecting '180' (index 2), received 'SIP/2.0 503 Service Unavailable
Via: SIP/2.0/UDP
'
t: Aborting call on unexpected message for Call-Id '2': while expecting '180' (index 2), received 'SIP/2.0 503 Service Unavailable
'
t: Aborting call on an unexpected BYE for call: 3
t: Call-Id: 4, receive timeout on message served:1 without label to jump to (ontimeout attribute): aborting call
`;
    expect(complaints(text)).toEqual({ '503 Service Unavailable': 2, 'BYE too early': 1, 'no answer in time': 1 });
    expect(complaints('')).toEqual({});
  });
});
