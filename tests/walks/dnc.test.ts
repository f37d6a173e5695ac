import { afterEach, describe, expect, it } from 'vitest';
import type { DncImportOrder, NewDncEntry } from '../../src/engine/ports/dnc.ts';
import { PLAIN_TERMS } from '../../src/engine/ports/leads.ts';
import { AUTUMN, csv } from '../support/campaign.ts';
import { answers, rings } from '../support/fake-party.ts';
import { WalkHouse } from './house.ts';
import { FlowHouse } from './flow-house.ts';
import { twoHouses } from './two-houses.ts';

const [ANNA, BEN] = ['+358401234501', '+358401234502'];
const ORDER: DncImportOrder = { mode: 'replace', fileName: 'r.txt', column: null, country: 'FI', by: 'mia' };

const entry = (number: string, change: Partial<NewDncEntry> = {}): NewDncEntry => ({
  what: { number },
  campaignId: null,
  reason: 'asked on the phone',
  source: 'agent',
  by: 'alice',
  ...change,
});

async function* bytesOf(text: string, chunk = 7): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk);
}

const deskOf = (house: WalkHouse) => house.engine.house.dnc;
const kinds = (house: WalkHouse, number: string, campaignId: string | null = null) =>
  deskOf(house)
    .keeper.hits(number, campaignId)
    .map(({ kind }) => kind);
const ok = <T>(
  answer: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly sentence: string },
): T => {
  if (!answer.ok) throw new Error(answer.sentence);
  return answer.value;
};

async function campaignOf(house: WalkHouse, numbers: readonly string[]) {
  const { campaign } = ok(await house.service.createCampaign({ ...AUTUMN, maxAttempts: 1 }));
  ok(await house.service.importLeads(campaign.id, csv(numbers)));
  return campaign.id;
}

const houses: WalkHouse[] = [];
afterEach(async () => {
  for (const house of houses.splice(0)) {
    expect(house.warnings).toEqual([]);
    if (!house.dead) await house.engine.stop();
  }
});
const started = async () => {
  const house = await new WalkHouse().start();
  houses.push(house);
  return house;
};

describe('who asks not to be called', () => {
  it('is in force when the answer comes, also after a restart, until somebody takes it back and says why', async () => {
    const house = await started();
    const { entry: added } = ok(await deskOf(house).add(entry(ANNA)));
    expect(kinds(house, ANNA)).toEqual(['number']);
    expect(house.eventsOf('dnc.added')).toMatchObject([
      { subject: `dnc/${added.id}`, data: { kind: 'number', by: 'alice', source: 'agent' } },
    ]);
    expect(JSON.stringify(house.eventsOf('dnc.added'))).not.toContain('401234501');
    house.kill();
    await house.restart();
    expect([kinds(house, ANNA), kinds(house, BEN)]).toEqual([['number'], []]);
    ok(await deskOf(house).remove(added.id, 'he signed a consent', 'mia'));
    expect(kinds(house, ANNA)).toEqual([]);
    expect(await deskOf(house).remove(added.id, 'again', 'mia')).toMatchObject({ ok: false, why: 'conflict' });
    expect(await deskOf(house).remove('dnc-9', 'again', 'mia')).toMatchObject({ ok: false, why: 'not-found' });
    expect(house.eventsOf('dnc.removed')).toMatchObject([{ data: { reason: 'he signed a consent', by: 'mia' } }]);
  });

  it('is written down once, however often he asks, and told once', async () => {
    const house = await started();
    const first = ok(await deskOf(house).add(entry(ANNA)));
    const second = ok(await deskOf(house).add(entry(ANNA, { by: 'bob' })));
    expect(second.entry).toEqual(first.entry);
    expect(house.eventsOf('dnc.added')).toHaveLength(1);
  });

  it('is not rung on when he is being rung at that moment, and others are', async () => {
    const house = await started();
    house.fake.number(ANNA, rings);
    house.fake.number(BEN, rings);
    await house.ready('alice', 'bob');
    const id = await campaignOf(house, [ANNA, BEN]);
    ok(await house.service.commandCampaign(id, 'start'));
    const dialling = () =>
      house.service
        .calls()
        .filter(({ phase }) => phase === 'dialing')
        .map(({ dnis }) => dnis);
    await house.clock.runUntil(() => dialling().length === 2, 'both are rung');
    expect(await deskOf(house).add(entry(ANNA, { campaignId: 'nowhere' }))).toMatchObject({ why: 'not-found' });
    const { givenUp } = ok(await deskOf(house).add(entry(ANNA)));
    expect(givenUp).toBe(1);
    await house.clock.runUntil(() => dialling().length === 1, 'one is left in peace');
    expect(dialling()).toEqual([BEN]);
    await house.clock.runUntil(() => house.service.calls().length === 0, 'all over');
  });

  it('is known to every process at once, and to one that did not hear it', async () => {
    const { first, second, clock } = await twoHouses();
    houses.push(first, second);
    const { entry: added } = ok(await deskOf(first).add(entry(ANNA)));
    await clock.advance(1);
    expect(kinds(second, ANNA)).toEqual(['number']);
    ok(await deskOf(second).remove(added.id, 'mistake', 'mia'));
    await clock.advance(1);
    expect(kinds(first, ANNA)).toEqual([]);
    // Written by somebody who told nobody, and whose clock goes behind.
    const silent = { ...added, id: 'dnc-silent', key: BEN.slice(1), addedAt: clock.now() - 9 * 60_000 };
    await first.dnc.addDncEntry(silent);
    deskOf(second).keeper.look();
    await deskOf(second).keeper.idle();
    expect([kinds(first, BEN), kinds(second, BEN)]).toEqual([[], ['number']]);
  });

  it('is known after a restart however many have asked', async () => {
    const house = new WalkHouse();
    houses.push(house);
    const none = { listId: null, campaignId: null, removedAt: null, removedBy: null, removedReason: null };
    for (let nth = 0; nth <= 2_000; nth += 1) {
      const id = `dnc-${String(nth).padStart(4, '0')}`;
      const { what: _what, ...said } = entry('');
      await house.dnc.addDncEntry({ ...none, ...said, id, kind: 'number', key: `35840${2_000_000 + nth}`, addedAt: 0 });
    }
    await house.start();
    expect(kinds(house, '+358402000000')).toEqual(['number']);
    expect(kinds(house, '+358402002000')).toEqual(['number']);
  });

  it.each(['an entry that was not told', 'a list of the campaign'] as const)('is not rung on: %s', async (how) => {
    const house = await started();
    for (const number of [ANNA, BEN]) house.fake.number(number, rings);
    await house.ready('alice', 'bob');
    const { entry: known } = ok(await deskOf(house).add(entry('+358409999999')));
    const campaignId = await campaignOf(house, [ANNA, BEN]);
    ok(await house.service.commandCampaign(campaignId, 'start'));
    const rung = () => house.service.calls().flatMap(({ phase, dnis }) => (phase === 'dialing' ? [dnis] : []));
    await house.clock.runUntil(() => rung().length === 2, 'both are rung');
    if (how === 'an entry that was not told') {
      await house.dnc.addDncEntry({ ...known, id: 'dnc-silent', key: ANNA.slice(1) });
      deskOf(house).keeper.look();
      await deskOf(house).keeper.idle();
    } else {
      const { id } = ok(await deskOf(house).createList('Ours', campaignId, 'mia'));
      ok(await deskOf(house).importList(id, bytesOf(ANNA), ORDER));
    }
    await house.clock.advance(1_000);
    expect(rung()).toEqual([BEN]);
    await house.clock.runUntil(() => house.service.calls().length === 0, 'all over');
  });

  it('is not dialled when he asks while his dial is being written down, and others are', async () => {
    const house = new WalkHouse();
    houses.push(house);
    const startAttempt = house.history.startAttempt.bind(house.history);
    const slow: typeof startAttempt = async (attempt, seen) => {
      const done = await startAttempt(attempt, seen);
      if (attempt.number === ANNA) ok(await deskOf(house).add(entry(ANNA)));
      return done;
    };
    Object.assign(house.history, { startAttempt: slow });
    await house.start();
    for (const number of [ANNA, BEN]) house.fake.number(number, rings);
    await house.ready('alice', 'bob');
    const id = await campaignOf(house, [ANNA, BEN]);
    ok(await house.service.commandCampaign(id, 'start'));
    await house.clock.runUntil(() => house.eventsOf('attempt.started').length > 0, 'one is rung');
    await house.clock.advance(60_000);
    expect([ANNA, BEN].map((number) => house.fake.number(number).parties.length)).toEqual([0, 1]);
    const leads = await house.service.leads(id, { limit: 9, before: null });
    expect(leads.find(({ number }) => number === ANNA)).toMatchObject({ status: 'done', refused: 'dnc' });
    await house.expectNoLeaks();
  });

  it('is let talk when he says so to an agent', async () => {
    const house = await started();
    const line = house.fake.number(ANNA, answers(1_000));
    await house.ready('alice');
    ok(await house.service.commandCampaign(await campaignOf(house, [ANNA]), 'start'));
    await house.clock.runUntil(() => house.agent('alice').state === 'talking', 'they talk');
    expect(ok(await deskOf(house).add(entry(ANNA))).givenUp).toBe(0);
    await house.clock.advance(5_000);
    expect(house.agent('alice').state).toBe('talking');
    line.party.hangUp();
    await house.expectNoLeaks();
  });

  it('takes no line of a trunk from those who may be called', async () => {
    const house = new WalkHouse({
      trunks: new Map([['public', { name: 'public', callerId: AUTUMN.callerId, lines: 1, cps: 5 }]]),
    });
    houses.push(house);
    await house.start();
    const others = ['+358401234511', '+358401234512', '+358401234513'];
    for (const number of others) ok(await deskOf(house).add(entry(number)));
    house.fake.number(BEN, rings);
    await house.ready('alice', 'bob');
    const id = await campaignOf(house, [...others, BEN]);
    ok(await house.service.commandCampaign(id, 'start'));
    await house.clock.advance(5_000);
    expect(house.fake.number(BEN).parties).toHaveLength(1);
    await house.clock.runUntil(() => house.service.calls().length === 0, 'all over');
  });

  it('stays so after he was erased, and his number stands nowhere any more', async () => {
    const { first, second, clock } = await twoHouses();
    houses.push(first, second);
    ok(await deskOf(first).add(entry(ANNA, { reason: `call from ${ANNA}` })));
    expect(ok(await deskOf(first).erase(ANNA, 'mia'))).toBe(1);
    await clock.advance(1);
    expect([kinds(first, ANNA), kinds(second, ANNA), kinds(first, BEN)]).toEqual([['hash'], ['hash'], []]);
    expect(JSON.stringify(await first.dnc.dncEntries({ key: null, before: null, limit: 99 }))).not.toContain(
      '401234501',
    );
    expect(first.eventsOf('dnc.erased')).toMatchObject([{ data: { entries: 1, by: 'mia' } }]);
    second.kill();
    await second.restart();
    expect(kinds(second, ANNA)).toEqual(['hash']);
  });
});

describe('the country’s register', () => {
  it('takes back no ringing call that consent lets through, whoever else asks not to be called meanwhile', async () => {
    const house = await started();
    const register = ok(await deskOf(house).createList('National register', null, 'mia'));
    ok(await deskOf(house).importList(register.id, bytesOf(ANNA), ORDER));
    for (const number of [ANNA, BEN]) house.fake.number(number, rings);
    await house.ready('alice', 'bob');
    const { campaign } = ok(await house.service.createCampaign({ ...AUTUMN, maxAttempts: 1 }));
    const map = { numbers: [{ column: 'number', kind: '' }], name: 'name', consent: 'consent' };
    const rows = bytesOf(`number,name,consent\n${ANNA},Anna,express\n${BEN},Ben,none`);
    ok(await house.service.importLeads(campaign.id, rows, { ...PLAIN_TERMS, map }));
    ok(await house.service.commandCampaign(campaign.id, 'start'));
    const rung = () => house.service.calls().flatMap(({ phase, dnis }) => (phase === 'dialing' ? [dnis] : []));
    await house.clock.runUntil(() => rung().length === 2, 'both are rung');
    expect(ok(await deskOf(house).add(entry(BEN))).givenUp).toBe(1);
    // Nothing is new in the register: it is read as it was.
    ok(await deskOf(house).importList(register.id, bytesOf(ANNA), ORDER));
    await house.clock.runUntil(() => rung().length === 1, 'one is left in peace');
    expect(rung()).toEqual([ANNA]);
    await house.clock.runUntil(() => house.service.calls().length === 0, 'all over');
    expect(house.eventsOf('attempt.ended').map(({ data }) => data.outcome)).toEqual(['cancelled', 'no-answer']);
  });
});

describe('an imported list', () => {
  const listed = async (house: WalkHouse, text: string, change: Partial<DncImportOrder> = {}) => {
    const { id } = ok(await deskOf(house).createList('Registry', null, 'mia'));
    return { id, answer: await deskOf(house).importList(id, bytesOf(text), { ...ORDER, ...change }) };
  };

  it('is in force in every process, with its version, and after a restart', async () => {
    const { first, second, clock } = await twoHouses();
    houses.push(first, second);
    const { id, answer } = await listed(first, `0401234501\n\nphone\n${ANNA}\n040 999 8888\n`);
    expect(ok(answer)).toMatchObject({
      version: { rows: 3, rejected: 1, numbers: 2, mode: 'replace', by: 'mia', fileName: 'r.txt' },
      errors: [{ line: 3, problem: 'is not a telephone number' }],
    });
    await clock.advance(1);
    await deskOf(second).keeper.idle();
    expect([kinds(first, ANNA), kinds(second, ANNA), kinds(second, BEN)]).toEqual([['list'], ['list'], []]);
    expect(await deskOf(second).list(id)).toMatchObject({ state: 'read', version: { numbers: 2 }, importing: null });
    second.kill();
    await second.restart();
    expect(kinds(second, ANNA)).toEqual(['list']);
    expect(first.eventsOf('dnc.imported')).toMatchObject([{ data: { numbers: 2, rejected: 1 } }]);
  });

  it('is added to, or replaced; who was excepted is called until it is replaced', async () => {
    const { first, second, clock } = await twoHouses();
    houses.push(first, second);
    const settled = async () => {
      await clock.advance(1);
      await deskOf(second).keeper.idle();
    };
    const { id } = await listed(first, ANNA);
    ok(await deskOf(first).importList(id, bytesOf(BEN), { ...ORDER, mode: 'merge' }));
    expect([kinds(first, ANNA), kinds(first, BEN)]).toEqual([['list'], ['list']]);
    ok(await deskOf(first).except(id, ANNA, 'our customer', 'mia'));
    await settled();
    expect([kinds(first, ANNA), kinds(second, ANNA), kinds(second, BEN)]).toEqual([[], [], ['list']]);
    ok(await deskOf(first).importList(id, bytesOf(ANNA), ORDER));
    await settled();
    for (const house of [first, second]) expect([kinds(house, ANNA), kinds(house, BEN)]).toEqual([['list'], []]);
    expect(await deskOf(second).versions(id, 9)).toMatchObject([
      { mode: 'replace' },
      { mode: 'merge' },
      { mode: 'replace' },
    ]);
    ok(await deskOf(second).removeList(id, 'mia'));
    await clock.advance(1);
    await deskOf(first).keeper.idle();
    for (const house of [first, second]) expect(kinds(house, ANNA)).toEqual([]);
  });

  it('is read from a column of a table', async () => {
    const house = await started();
    const text = `name;phone\nAnna;"040 1234501"\nBen;${BEN}\nCarl;\n`;
    ok((await listed(house, text, { column: 'phone' })).answer);
    expect([kinds(house, ANNA), kinds(house, BEN)]).toEqual([['list'], ['list']]);
  });

  it.each<[string, string, Partial<DncImportOrder>, RegExp]>([
    ['no number', 'name\nphone\n', {}, /holds no number, so nothing was changed. Line 1 is not a telephone number/],
    ['few numbers', `${ANNA}\nx\ny\n`, {}, /Only 1 of 3 rows/],
    ['numbers without a country', '0401234501\n', { country: null }, /does not say its country/],
    ['no such country', ANNA, { country: 'XX' }, /“XX” is not a country/],
    ['no such column', 'a,b\n1,2\n', { column: 'phone' }, /no column “phone”; the first line names “a”, “b”/],
  ])('stays as it is when the file has %s', async (_, text, change, sentence) => {
    const house = await started();
    const { id } = await listed(house, ANNA);
    const answer = await deskOf(house).importList(id, bytesOf(text), { ...ORDER, ...change });
    expect(answer).toMatchObject({ ok: false, why: 'invalid', sentence: expect.stringMatching(sentence) });
    expect(kinds(house, ANNA)).toEqual(['list']);
  });

  it('stays as it is when the upload breaks off', async () => {
    const house = await started();
    const { id } = await listed(house, ANNA);
    const broken = async function* () {
      yield new TextEncoder().encode(`${BEN}\n`);
      throw new Error('the line broke');
    };
    await expect(deskOf(house).importList(id, broken(), ORDER)).rejects.toThrow('the line broke');
    expect([kinds(house, ANNA), kinds(house, BEN)]).toEqual([['list'], []]);
    expect(await deskOf(house).list(id)).toMatchObject({ importing: null });
    ok(await deskOf(house).importList(id, bytesOf(BEN), ORDER));
  });

  it('that is damaged stands for everybody it concerns, and says so', async () => {
    const house = await started();
    const { id } = await listed(house, ANNA);
    const { version } = (await deskOf(house).list(id)) ?? { version: null };
    await house.dnc.saveDncPart(version?.id ?? '', 0, Uint8Array.of(1, 2, 3), house.clock.now());
    house.kill();
    await house.restart();
    expect(kinds(house, BEN)).toEqual(['unread']);
    expect(await deskOf(house).list(id)).toMatchObject({ state: 'unread' });
    expect(house.warnings.splice(0)).toEqual([expect.stringContaining('damaged')]);
    ok(await deskOf(house).importList(id, bytesOf(ANNA), ORDER));
    expect([kinds(house, ANNA), kinds(house, BEN)]).toEqual([['list'], []]);
  });

  it('is unread when it was changed by a single byte, and whole when it stands in several parts', async () => {
    const house = await started();
    const { id } = await listed(house, `${ANNA}\n+358401234777`);
    const { version } = (await deskOf(house).list(id)) ?? { version: null };
    const [versionId, bytes] = [version?.id ?? '', await house.dnc.dncPart(version?.id ?? '', 0)];
    if (!bytes) throw new Error('no part');
    const write = (part: number, of: Uint8Array) => house.dnc.saveDncPart(versionId, part, of, house.clock.now());
    await write(0, bytes.subarray(0, 40));
    await write(1, bytes.subarray(40));
    house.kill();
    await house.restart();
    expect([kinds(house, ANNA), kinds(house, BEN)]).toEqual([['list'], []]);
    // The distance to the second number.
    await write(1, bytes.with(bytes.length - 1, 1).subarray(40));
    house.kill();
    await house.restart();
    expect([kinds(house, ANNA), kinds(house, BEN)]).toEqual([['unread'], ['unread']]);
    house.warnings.splice(0);
  });

  it('is nobody’s to be dialled while it is read for the first time', async () => {
    const house = await started();
    const { dnc } = house;
    const { keeper } = deskOf(house);
    const { id } = await listed(house, ANNA);
    const list = await dnc.dncList(id);
    const part = list?.version && (await dnc.dncPart(list.version.id, 0));
    if (!list?.version || !part) throw new Error('no list');
    ok(await deskOf(house).removeList(id, 'mia'));
    // Another process makes it again, and its news is lost.
    const again = { ...list.version, id: 'version-again' };
    await dnc.createDncList(list);
    await dnc.saveDncPart(again.id, 0, part, again.importedAt);
    expect(await dnc.publishDncVersion(again, null)).toBe(true);
    let go = () => {};
    const gate = new Promise<void>((open) => void (go = open));
    const dncPart = dnc.dncPart.bind(dnc);
    Object.assign(dnc, { dncPart: (...asked: Parameters<typeof dncPart>) => gate.then(() => dncPart(...asked)) });
    keeper.look();
    await house.clock.advance(1);
    const during = [kinds(house, ANNA), kinds(house, BEN)];
    go();
    await keeper.idle();
    expect(during).toEqual([['unread'], ['unread']]);
    expect([kinds(house, ANNA), kinds(house, BEN)]).toEqual([['list'], []]);
  });

  it('is nobody’s to be dialled while the store is away at the start, and read once it is back', async () => {
    const house = new WalkHouse();
    houses.push(house);
    house.refuses = 'dncLists';
    await house.start();
    expect(kinds(house, BEN)).toEqual(['not-ready']);
    house.refuses = '';
    await house.clock.advance(2_500);
    await deskOf(house).keeper.idle();
    expect(kinds(house, BEN)).toEqual([]);
    house.warnings.splice(0);
  });
});

describe('a caller who presses the key', () => {
  it('is not called any more, even when he hangs up at once', async () => {
    const house = await new FlowHouse(`
  first: { type: menu, prompt: greeting, keys: { "9": stop }, outcomes: { noInput: bye, invalid: bye } }
  stop: { type: dnc, outcomes: { ok: thanks, noNumber: bye, error: bye } }
  thanks: { type: play, prompt: inside, next: bye }`).start();
    houses.push(house);
    const patient = house.caller();
    await patient.until('hearing', 'greeting');
    patient.press('9');
    await patient.until('hearing', 'inside');
    expect(kinds(house, '+358501112223')).toEqual(['number']);
    expect(house.eventsOf('dnc.added')).toMatchObject([{ data: { source: 'caller', campaignId: null } }]);
    await patient.until('ended');
    const hasty = house.caller(ANNA);
    await hasty.until('hearing', 'greeting');
    hasty.press('9');
    hasty.hangUp();
    await house.clock.runUntil(() => kinds(house, ANNA).length > 0, 'his word is kept');
    await house.expectNoLeaks();
  });
});
