import { expect, test } from 'vitest';
import { PhoneAccountDesk } from '../../../src/engine/phone-account-desk.ts';
import type { PhoneAccounts } from '../../../src/engine/ports/phone-accounts.ts';
import { silent } from '../../support/silent.ts';
import { agentProfile } from '../../support/site.ts';

const OF_THE_FILE = agentProfile('alice', { phone: '1001' });
const ADDED = agentProfile('gina', { phone: 'desk-gina' });
const LODGER = agentProfile('hugo', { phone: '1001' });

class Switch implements PhoneAccounts {
  readonly kept: string[][] = [];
  fault: Error | null = null;
  give = async (phone: string) => {
    if (this.fault) throw this.fault;
    return { server: '127.0.0.1:5070', account: phone, password: 'made' };
  };
  keep = async (phones: ReadonlySet<string>) => {
    if (this.fault) throw this.fault;
    this.kept.push([...phones]);
  };
}

function deskWith(accounts?: PhoneAccounts, profiles = [OF_THE_FILE, ADDED, LODGER]) {
  const all = profiles.map((profile) => ({ profile }));
  const find = (id: string) => all.find(({ profile }) => profile.id === id);
  const desk = { find, all: () => all } as unknown as ConstructorParameters<typeof PhoneAccountDesk>[0]['desk'];
  return new PhoneAccountDesk({ log: silent, site: { agents: [OF_THE_FILE] }, desk, ...(accounts && { accounts }) });
}

test('an agent whom the API added has an account made for his phone', async () => {
  expect(await deskWith(new Switch()).give('gina')).toEqual({
    ok: true,
    value: { server: '127.0.0.1:5070', account: 'desk-gina', password: 'made' },
  });
});

test.each([
  ['nobody', 'not-found', 'There is no agent nobody.'],
  ['alice', 'conflict', 'phones.txt'],
  // At the phone of another: a new password would put him off his phone.
  ['hugo', 'conflict', 'phones.txt'],
])('%s gets none: %s', async (id, why, sentence) => {
  expect(await deskWith(new Switch()).give(id)).toMatchObject({
    ok: false,
    why,
    sentence: expect.stringContaining(sentence),
  });
});

test('on a switch of the house’s own nobody does, and nothing is taken away there', async () => {
  const desk = deskWith();
  desk.follow();
  expect(await desk.give('gina')).toMatchObject({ ok: false, sentence: expect.stringContaining('your own') });
});

test('accounts are kept for phones of agents whom the API added, and for no others', () => {
  const phones = new Switch();
  deskWith(phones).follow();
  deskWith(phones, [OF_THE_FILE]).follow();
  expect(phones.kept).toEqual([['desk-gina'], []]);
});

test('a switch that cannot be told is a refusal with its sentence; anything else is for the log', async () => {
  const phones = new Switch();
  phones.fault = Object.assign(new Error('Asterisk does not answer.'), { name: 'LocalFault' });
  expect(await deskWith(phones).give('gina')).toMatchObject({
    ok: false,
    why: 'conflict',
    sentence: 'Asterisk does not answer.',
  });
  phones.fault = new TypeError('internal');
  expect(await deskWith(phones).give('gina')).toMatchObject({
    ok: false,
    sentence: expect.not.stringContaining('internal'),
  });
});
