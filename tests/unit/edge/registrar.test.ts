import { array, assert, constant, integer, oneof, option, property, record, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REGISTRAR, type RegisterAsk, registrationBy } from '../../../src/edge/decide/registrar.ts';
import type { Contact } from '../../../src/engine/ports/registrations.ts';

const NOW = 1_790_000_000_000;
const ask = (more: Partial<RegisterAsk> = {}): RegisterAsk => ({
  contacts: [{ uri: 'sip:1001@10.0.0.7:5060', expires: null, instance: null }],
  expires: 300,
  callId: 'call-1',
  cseq: 7,
  source: { address: '198.51.100.4', port: 40_123, transport: 'udp' },
  ...more,
});
const HERE = 'sip:1001@198.51.100.4:40123';
const held = (more: Partial<Contact> = {}): Contact => ({
  uri: HERE,
  expiresAt: NOW + 1_000,
  callId: 'other',
  cseq: 1,
  instance: null,
  ...more,
});

describe('the registrar', () => {
  it('keeps the address that the request came from', () => {
    expect(registrationBy(ask(), [], NOW)).toEqual({
      kind: 'kept',
      save: [{ uri: HERE, expiresAt: NOW + 300_000, callId: 'call-1', cseq: 7, instance: null }],
      remove: [],
    });
  });

  it.each([
    ['tcp', '198.51.100.4', `sip:1001@198.51.100.4:40123;transport=tcp`],
    ['TLS', '198.51.100.4', `sip:1001@198.51.100.4:40123;transport=tls`],
    ['udp', '2001:db8::4', `sip:1001@[2001:db8::4]:40123`],
  ])('over %s from %s', (transport, address, uri) => {
    const made = registrationBy(ask({ source: { address, port: 40_123, transport } }), [], NOW);
    expect(made.kind === 'kept' && made.save.map((contact) => contact.uri)).toEqual([uri]);
  });

  it.each<[string, Partial<RegisterAsk>, readonly Contact[], number]>([
    ['423 for too short a time', { expires: 29 }, [], 423],
    ['400 for what is no SIP address', { contacts: [{ uri: 'tel:+358', expires: null, instance: null }] }, [], 400],
    [
      '400 for a broken one',
      { contacts: [{ uri: 'sip:1001@10.0.0.7>\r\nX: y', expires: null, instance: null }] },
      [],
      400,
    ],
    [
      '400 for * with something else',
      {
        contacts: [
          { uri: '*', expires: null, instance: null },
          { uri: 'sip:a@b', expires: null, instance: null },
        ],
        expires: 0,
      },
      [],
      400,
    ],
    ['400 for * with a time', { contacts: [{ uri: '*', expires: null, instance: null }], expires: 300 }, [], 400],
    ['500 for one that is older than what is known', {}, [held({ callId: 'call-1', cseq: 8 })], 500],
    ['500 for one that was done', {}, [held({ callId: 'call-1', cseq: 7 })], 500],
    [
      '403 for one phone too many',
      {},
      Array.from({ length: REGISTRAR.contacts }, (_, n) => held({ uri: `sip:1001@192.0.2.${n}:5060` })),
      403,
    ],
  ])('says %s', (_what, more, known, status) => {
    expect(registrationBy(ask(more), known, NOW)).toEqual({ kind: 'refused', status });
  });

  it('forgets what is past its time, also when it counts', () => {
    const lapsed = Array.from({ length: 9 }, (_, n) => held({ uri: `sip:1001@192.0.2.${n}:5060`, expiresAt: NOW }));
    expect(registrationBy(ask(), lapsed, NOW).kind).toBe('kept');
  });

  it.each<[string, Partial<RegisterAsk>]>([
    ['by Expires: 0', { expires: 0 }],
    ['by expires=0', { contacts: [{ uri: 'sip:1001@10.0.0.7', expires: 0, instance: null }] }],
    ['by *', { contacts: [{ uri: '*', expires: null, instance: null }], expires: 0 }],
  ])('takes a phone away %s', (_how, more) => {
    expect(registrationBy(ask(more), [held()], NOW)).toEqual({ kind: 'kept', save: [], remove: [HERE] });
  });

  it.each<[string, Partial<Contact>, readonly string[]]>([
    ['the same registration at another port', { callId: 'call-1', cseq: 6 }, ['sip:1001@198.51.100.4:1']],
    ['the same device with a new registration', { instance: '<urn:uuid:a>' }, ['sip:1001@198.51.100.4:1']],
    ['another device', { instance: '<urn:uuid:b>' }, []],
    ['a device that does not say which', {}, []],
  ])('forgets where a phone was before, if it is %s', (_what, more, remove) => {
    const before = held({ uri: 'sip:1001@198.51.100.4:1', ...more });
    const contacts = [{ uri: 'sip:1001@10.0.0.7:5060', expires: null, instance: '<urn:uuid:a>' }];
    expect(registrationBy(ask({ contacts }), [before], NOW)).toMatchObject({ kind: 'kept', remove });
  });

  it('only looks when no contact is given', () => {
    expect(registrationBy(ask({ contacts: [] }), [held()], NOW)).toEqual({ kind: 'kept', save: [], remove: [] });
  });

  it('keeps nothing longer than an hour, and makes only addresses of the source', () => {
    const contact = record({
      uri: oneof(string(), constant('sip:1001@10.0.0.7')),
      expires: option(integer()),
      instance: constant(null),
    });
    assert(
      property(array(contact), option(integer()), (contacts, expires) => {
        const made = registrationBy(ask({ contacts, expires }), [], NOW);
        if (made.kind === 'refused') return;
        for (const { uri, expiresAt } of made.save) {
          expect(uri).toMatch(/^sip:(?:[^@\s<>]+@)?198\.51\.100\.4:40123$/u);
          expect(expiresAt).toBeLessThanOrEqual(NOW + 3_600_000);
          expect(expiresAt).toBeGreaterThan(NOW);
        }
      }),
    );
  });
});
