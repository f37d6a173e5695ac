import { describe, expect, it } from 'vitest';
import { doorsOf, leftOut } from '../../support/doors.ts';
import { secondSwitch } from '../../support/second-switch.ts';

const BOTH = { DRACHTIO_URL: 'drachtio://:s3@host:9', FREESWITCH_URL: 'esl://:pw@10.0.0.1' };

describe('addresses of the second switch', () => {
  it('are read one by one, with the usual port where none is named', () => {
    expect(doorsOf('FREESWITCH_URL', { FREESWITCH_URL: 'esl://:p%40ss@one, esl://:b@two:18021' })).toEqual([
      { host: 'one', port: 8021, secret: 'p@ss' },
      { host: 'two', port: 18021, secret: 'b' },
    ]);
    expect(secondSwitch(BOTH)?.drachtio).toEqual([{ host: 'host', port: 9, secret: 's3' }]);
  });

  it.each(['host:9022', 'esl://:pw@host', 'drachtio://host', 'drachtio://:s3@'])(
    '%s is none of a drachtio',
    (address) => {
      expect(() => doorsOf('DRACHTIO_URL', { DRACHTIO_URL: address })).toThrow(
        'DRACHTIO_URL must be drachtio://:SECRET@',
      );
    },
  );

  it.each([{}, { DRACHTIO_URL: BOTH.DRACHTIO_URL }, { ...BOTH, FREESWITCH_URL: ' ' }])('%o is not both', (env) => {
    expect(secondSwitch(env)).toBeNull();
  });
});

describe('what was left out', () => {
  const skipped = [
    'play on drachtio and FreeSWITCH > a',
    'play on drachtio and FreeSWITCH > b',
    'edge on drachtio > c',
    'other',
  ];

  it('is told with its number and what mends it', () => {
    expect(leftOut(skipped, {})).toEqual([
      '2 tests on FreeSWITCH skipped: DRACHTIO_URL and FREESWITCH_URL are not set (see docs/freeswitch.md)',
      '1 tests on drachtio skipped: DRACHTIO_URL is not set (see docs/freeswitch.md)',
    ]);
    expect(leftOut(skipped, { DRACHTIO_URL: BOTH.DRACHTIO_URL })).toEqual([
      '2 tests on FreeSWITCH skipped: FREESWITCH_URL is not set (see docs/freeswitch.md)',
    ]);
  });

  it('is nothing to speak of when the servers are there, or nothing needed them', () => {
    expect(leftOut(skipped, BOTH)).toEqual([]);
    expect(leftOut(['other'], {})).toEqual([]);
  });

  it('is named one by one where FreeSWITCH cannot play it', () => {
    expect(leftOut(['a [not on FreeSWITCH: why]', 'other'], BOTH)).toEqual([
      '1 tests not on FreeSWITCH:\n  a [not on FreeSWITCH: why]',
    ]);
  });
});
