import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCountry } from '../../../src/dialer/lead-number.ts';
import { leadReader, numberColumn, plainMap } from '../../../src/dialer/lead-map.ts';

const FI = { country: 'FI' } as const;
const ABROAD = { country: null };

/** One row of a list that says nothing of its columns. */
function readLead(row: Readonly<Record<string, string>>, { country }: { readonly country: string | null }) {
  const headers = Object.keys(row);
  const map = plainMap(headers);
  if (!map) return { ok: false, column: null, problem: 'has no column for the number' } as const;
  const reading = leadReader(headers, map, country)(Object.values(row));
  return reading.ok ? ({ ok: true, lead: reading.lead } as const) : reading;
}

describe('reading a lead', () => {
  it('takes number, name and the other columns that hold something', () => {
    const row = { Nimi: ' Maija Meikäläinen ', 'Phone number': '040 123 4567', City: 'Turku', Notes: ' ' };
    expect(readLead(row, FI)).toEqual({
      ok: true,
      lead: { number: '+358401234567', name: 'Maija Meikäläinen', fields: { City: 'Turku' } },
    });
  });

  it.each(['number', 'PHONE', 'Tel.', ' phone_no ', 'Puhelin', 'mobile-number'])('knows %s as the number', (header) => {
    expect(numberColumn(['name', header, 'phone'])).toBe(header);
  });

  it('does not take any other column for the number', () => {
    expect(numberColumn(['name', 'phone type', 'house number', ''])).toBeUndefined();
    expect(readLead({ name: 'x' }, FI)).toEqual({ ok: false, column: null, problem: 'has no column for the number' });
  });

  it.each([
    ['+358 40 123 4567', '+358401234567'],
    ['00358401234567', '+358401234567'],
    ['(040) 123-4567', '+358401234567'],
    ['+1 202 555 0123', '+12025550123'],
  ])('reads %s as %s', (number, e164) => {
    expect(readLead({ number }, FI)).toMatchObject({ ok: true, lead: { number: e164, name: null, fields: {} } });
  });

  it.each([
    ['', /^is empty$/],
    ['   ', /^is empty$/],
    ['hello', /is not a telephone number/],
    ['call 040 123 4567', /is not a telephone number/],
    ['+999 123 4567', /is not a telephone number/],
    ['112', /is not a number of FI/],
    ['0600123456', /“0600123456” is a premium-rate number, which is never dialled/],
    ['+449091234567', /is a premium-rate number/],
    ['+358401234567 ext 5', /extension/],
    ['3.58401E+11', /spoilt by a spreadsheet/],
    ['3,58E+11', /spoilt by a spreadsheet/],
    ['+358401234567\r\nVia: evil', /control characters/],
    ['1'.repeat(41), /41 characters long; at most 40/],
  ])('refuses the number %j', (number, problem) => {
    expect(readLead({ number }, FI)).toEqual({ ok: false, column: 'number', problem: expect.stringMatching(problem) });
  });

  it('asks for the country code when it has no country to assume', () => {
    expect(readLead({ number: '0401234567' }, ABROAD)).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/set a default country$/),
    });
    expect(readLead({ number: '+358401234567' }, ABROAD)).toMatchObject({ ok: true });
  });

  it.each([
    [{ name: 'a\u0000b' }, 'name', /control/],
    [{ name: 'a\nb' }, 'name', /control/],
    [{ name: 'x'.repeat(201) }, 'name', /201 characters/],
    [{ note: 'a\u001b[2Jb' }, 'note', /control/],
    [{ note: 'x\uD800' }, 'note', /control/],
    [{ note: 'J\uFFFD\uFFFDskel' }, 'note', /UTF-8/],
    [{ note: 'x'.repeat(1_001) }, 'note', /1001 characters/],
  ])('refuses %j', (columns, column, problem) => {
    const reading = readLead({ number: '+358401234567', ...columns }, FI);
    expect(reading).toEqual({ ok: false, column, problem: expect.stringMatching(problem) });
  });

  it('lets notes have lines', () => {
    const lead = { fields: { note: 'one\r\n\ttwo' } };
    expect(readLead({ number: '+358401234567', note: 'one\r\n\ttwo' }, FI)).toMatchObject({ ok: true, lead });
  });

  it('gives E.164 or a problem of a known column, whatever it reads', () => {
    const row = fc.record({
      number: fc.string({ unit: 'binary' }),
      name: fc.string({ unit: 'binary' }),
      x: fc.string(),
    });
    fc.assert(
      fc.property(row, (columns) => {
        const reading = readLead(columns, FI);
        if (reading.ok) expect(reading.lead.number).toMatch(/^\+[1-9]\d{4,14}$/);
        else expect(['number', 'name', 'x']).toContain(reading.column);
      }),
    );
  });

  it('knows countries', () => {
    expect([isCountry('FI'), isCountry('XX'), isCountry('fi'), isCountry('')]).toEqual([true, false, false, false]);
  });
});
