import { describe, expect, it } from 'vitest';
import { numberZones, placeZones, possibleZones } from '../../../../src/dialer/compliance/zones.ts';
import table from '../../../../src/dialer/compliance/number-zones.json' with { type: 'json' };

describe('zones of a number', () => {
  it.each([
    ['+12125550123', ['America/New_York'], false],
    ['+13105550123', ['America/Los_Angeles'], false],
    ['+358401234567', ['Europe/Helsinki', 'Europe/Mariehamn'], true],
    ['+3225550123', ['Europe/Brussels'], false],
    ['+61392345678', ['Australia/Sydney'], false],
    ['+447911123456', ['Europe/Guernsey', 'Europe/Isle_of_Man', 'Europe/London'], false],
  ])('%s', (number, zones, countryOnly) => {
    const found = numberZones(number);
    expect(found.zones.toSorted()).toEqual(zones);
    expect(found.countryOnly).toBe(countryOnly);
  });

  it('toll-free and unknown numbers may be anywhere in their plan', () => {
    expect(numberZones('+18005550123')).toMatchObject({ countryOnly: true });
    expect(numberZones('+18005550123').zones.length).toBeGreaterThan(20);
    expect(numberZones('+999123')).toEqual({ zones: [], countryOnly: true });
  });

  it('are all known to this Node', () => {
    const zones = new Set(Object.keys(table.sets).flatMap((set) => set.split(' ')));
    for (const zone of zones) expect(() => new Temporal.ZonedDateTime(0n, zone)).not.toThrow();
    expect(zones.size).toBeGreaterThan(200);
  });
});

describe('zones of an address', () => {
  it.each([
    [{ country: 'FI' }, ['Europe/Helsinki']],
    [{ country: 'US', region: 'CA' }, ['America/Los_Angeles']],
    [{ country: 'us', region: 'us-tx' }, ['America/Chicago', 'America/Denver']],
    [{ country: 'US', postalCode: '90210' }, ['America/Los_Angeles']],
    [{ country: 'US', postalCode: '79901-1234' }, ['America/Chicago', 'America/Denver']],
    [{ country: 'US', region: 'FL' }, ['America/Chicago', 'America/New_York']],
    // A region and a postal code that differ: the list is wrong somewhere, so both.
    [{ country: 'US', region: 'CA', postalCode: '10001' }, ['America/Los_Angeles', 'America/New_York']],
    [{ country: 'CA', postalCode: 'm5v 2t6' }, ['America/Atikokan', 'America/Toronto', 'America/Winnipeg']],
    [{ country: 'CA', region: 'NS' }, ['America/Halifax']],
    [{ country: 'AU', region: 'QLD' }, ['Australia/Brisbane']],
    [{}, []],
    [{ country: 'Finland' }, []],
  ])('%o', (place, zones) => {
    expect(placeZones(place).toSorted()).toEqual(zones);
  });

  it('a country alone gives all of its zones', () => {
    expect(placeZones({ country: 'US' }).length).toBeGreaterThan(20);
    expect(placeZones({ country: 'US', region: 'nowhere' })).toEqual(placeZones({ country: 'US' }));
  });

  it('every state of the USA is in them, and every zone is known', () => {
    const states =
      'AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY';
    const all = placeZones({ country: 'US' }).length;
    for (const region of states.split(' ')) {
      const zones = placeZones({ country: 'US', region });
      expect(zones.length).toBeGreaterThan(0);
      expect(zones.length).toBeLessThan(all);
      for (const zone of zones) expect(() => new Temporal.ZonedDateTime(0n, zone)).not.toThrow();
    }
  });
});

describe('possible zones', () => {
  it('are those of the number and of the address together', () => {
    expect(possibleZones('+12125550123', { country: 'US', region: 'CA' })).toEqual([
      'America/New_York',
      'America/Los_Angeles',
    ]);
    expect(possibleZones('+12125550123', null)).toEqual(['America/New_York']);
  });

  it('a number that says only its country stands back behind an address there, and not elsewhere', () => {
    expect(possibleZones('+18005550123', { country: 'US', region: 'WA' })).toEqual(['America/Los_Angeles']);
    expect(possibleZones('+358401234567', { country: 'FI' })).toEqual(['Europe/Helsinki']);
    expect(possibleZones('+358401234567', { country: 'TH' })).toContain('Europe/Helsinki');
    expect(possibleZones('+999123', { country: 'TH' })).toEqual(['Asia/Bangkok']);
    expect(possibleZones('+999123', null)).toEqual([]);
  });
});
