import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { newFollowUp, newNote } from '../../../src/http/schemas/follow-ups.ts';
import { CALLBACK, FIELD, KIND, MOST, TOP_PRIORITY } from '../../../src/work/follow-up-decide.ts';
import { type House, openHouse } from './house.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const HOUR = 3_600_000;
type View = { id: string; owner: object; isOverdue: boolean; state: string; dueAt: number };

const wish = (more: object = {}) => ({
  kind: 'task',
  reason: 'Return 4711 cannot be completed',
  owner: { kind: 'team', id: 'finance' },
  dueAt: house.clock.now() + HOUR,
  ...more,
});
const ask = (payload: object, url = '/v1/follow-ups', role: 'supervisor' | 'agent' = 'supervisor', agent?: string) =>
  house.ask(role, { method: 'POST', url, payload }, agent);
const make = async (more: object = {}) => (await ask(wish(more))).json<View>();
const verb = (id: string, name: string, payload: object, agent?: string) =>
  ask(payload, `/v1/follow-ups/${id}/${name}`, agent === undefined ? 'supervisor' : 'agent', agent);
const story = async (id: string) =>
  (await house.ask('supervisor', { url: `/v1/follow-ups/${id}` })).json<{
    followUp: View;
    history: { type: string; data: Record<string, unknown> }[];
  }>();
const listed = async (query: string, agent?: string) => {
  const answer = await house.ask(agent === undefined ? 'manager' : 'agent', { url: `/v1/follow-ups?${query}` }, agent);
  return answer.json<{ items: View[]; next: string | null }>();
};

describe('follow-ups', () => {
  it('are made, handed on, put off, noted, closed and opened again, and all of it is told', async () => {
    const made = await ask(wish({ callId: 'call-9', ani: '+358501112223', data: { order: '4711' }, priority: 3 }));
    expect(made.statusCode).toBe(201);
    const { id } = made.json<View>();
    expect(made.json()).toMatchObject({
      state: 'open',
      priority: 3,
      createdBy: 'supervisor null',
      isDueSoon: false,
    });
    const sales = { kind: 'team', id: 'sales' };
    expect((await verb(id, 'assign', { owner: sales, note: 'theirs' })).json()).toMatchObject({ owner: sales });
    const dueAt = house.clock.now() + 2 * HOUR;
    expect((await verb(id, 'put-off', { dueAt })).json()).toMatchObject({ dueAt });
    expect((await verb(id, 'note', { note: 'Asked the bank' })).statusCode).toBe(200);
    expect((await verb(id, 'close', { outcome: 'refunded' })).json()).toMatchObject({
      state: 'closed',
      outcome: 'refunded',
    });
    expect((await verb(id, 'reopen', {})).json()).toMatchObject({ state: 'open', outcome: null });
    const { history } = await story(id);
    expect(history.map(({ type }) => type.replace('followup.', ''))).toEqual([
      'created',
      'assigned',
      'put-off',
      'noted',
      'closed',
      'reopened',
    ]);
    expect(history[1]?.data).toMatchObject({ from: { id: 'finance' }, owner: sales, note: 'theirs' });
    const journal = (await house.live.read(null, 100)).filter(({ event }) => event.subject === `followup/${id}`);
    expect(journal.map(({ event }) => event.seq)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it.each([
    ['no owner', { owner: undefined }, 400],
    ['an owner of no kind', { owner: { kind: 'cat', id: 'x' } }, 400],
    ['a team that is not there', { owner: { kind: 'team', id: 'ghosts' } }, 422],
    ['an agent who is not there', { owner: { kind: 'agent', id: 'zoe' } }, 422],
    ['a kind with blanks', { kind: 'A task' }, 400],
    ['a callback', { kind: 'callback' }, 422],
    ['a due time in ten years', { dueAt: 4_000_000_000_000 }, 422],
    ['nothing to do', { reason: '' }, 400],
    ['only blanks to do', { reason: '  ' }, 422],
    ['a priority of 10', { priority: 10 }, 400],
    ['a field that is no name', { data: { 'a b': 'c' } }, 400],
    ['a field with a number', { data: { a: 1 } }, 400],
    ['what is not known', { colour: 'red' }, 400],
  ])('are not made of %s', async (_title, more, status) => {
    expect((await ask(wish(more))).statusCode).toBe(status);
  });

  it('are refused with a sentence that says what to do', async () => {
    const answer = await ask(wish({ owner: { kind: 'team', id: 'ghosts' } }));
    expect(answer.json()).toMatchObject({ detail: 'There is no team ghosts: add it to site/follow-ups.yaml.' });
    const { id } = await make();
    await verb(id, 'close', { outcome: 'done' });
    expect((await verb(id, 'close', { outcome: 'done' })).json()).toMatchObject({
      status: 409,
      detail: `Follow-up ${id} was closed by supervisor null: done.`,
    });
    expect((await verb(id, 'put-off', { dueAt: 5 })).statusCode).toBe(409);
    expect((await verb(id, 'reopen', { dueAt: 5 })).statusCode).toBe(422);
    expect((await verb('none', 'close', { outcome: 'done' })).statusCode).toBe(404);
    expect((await house.ask('admin', { url: '/v1/follow-ups/none' })).statusCode).toBe(404);
  });

  it('are listed by owner, state, time, call and kind, page by page', async () => {
    const due = house.clock.now() + 50 * HOUR;
    const [late, early] = [
      await make({ kind: 'visit', dueAt: due + 2 }),
      await make({ kind: 'visit', dueAt: due + 1 }),
    ];
    const ids = ({ items }: { items: View[] }) => items.map(({ id }) => id);
    expect(ids(await listed('kind=visit'))).toEqual([early.id, late.id]);
    expect(ids(await listed('kind=visit&order=age'))).toEqual([late.id, early.id]);
    expect(await listed('kind=visit&limit=1')).toMatchObject({ items: [{ id: early.id }], next: early.id });
    expect(ids(await listed(`kind=visit&limit=1&after=${early.id}`))).toEqual([late.id]);
    expect(ids(await listed(`kind=visit&dueBefore=${due + 2}`))).toEqual([early.id]);
    expect(ids(await listed('kind=visit&owner=team:sales'))).toEqual([]);
    expect(ids(await listed('kind=visit&owner=team:finance&state=open'))).toEqual([early.id, late.id]);
    expect((await house.ask('admin', { url: '/v1/follow-ups?owner=finance' })).statusCode).toBe(400);
  });

  it('of an agent are his own, his teams’ and his departments’; others are not there for him', async () => {
    const own = await make({ kind: 'scope', owner: { kind: 'agent', id: 'alice' } });
    const team = await make({ kind: 'scope' });
    const above = await make({ kind: 'scope', owner: { kind: 'department', id: 'office' } });
    const other = await make({ kind: 'scope', owner: { kind: 'agent', id: 'carol' } });
    const seen = (await listed('kind=scope', 'alice')).items.map(({ id }) => id);
    expect(seen).toEqual([own.id, team.id, above.id]);
    expect((await listed('kind=scope&owner=agent:carol', 'alice')).items).toEqual([]);
    expect((await verb(other.id, 'close', { outcome: 'done' }, 'alice')).statusCode).toBe(404);
    const hidden = await house.ask('agent', { url: `/v1/follow-ups/${other.id}` }, 'alice');
    expect(hidden.statusCode).toBe(404);
    const closed = await verb(team.id, 'close', { outcome: 'done' }, 'bob');
    expect(closed.json()).toMatchObject({ state: 'closed', closedBy: 'bob' });
    expect((await listed('kind=scope', 'david')).items.map(({ id }) => id)).toEqual([above.id]);
    const promised = await ask(
      wish({ kind: 'scope', owner: { kind: 'team', id: 'sales' } }),
      '/v1/follow-ups',
      'agent',
      'bob',
    );
    expect(promised.statusCode).toBe(201);
    expect((await listed('kind=scope')).items).toHaveLength(5);
    expect((await house.ask('agent', { url: '/v1/follow-ups' })).json()).toEqual({ items: [], next: null });
  });

  it('are counted by owner', async () => {
    await make({ owner: { kind: 'agent', id: 'david' }, dueAt: house.clock.now() + 1 });
    house.clock.advance(1_000);
    const queues = await house.ask('agent', { url: '/v1/follow-ups/queues' }, 'david');
    const items = queues.json<{
      items: { owner: { id: string }; open: number; overdue: number; oldestMs: number }[];
    }>();
    expect(items.items.find(({ owner }) => owner.id === 'david')).toMatchObject({
      open: 1,
      overdue: 1,
      oldestMs: 1_000,
    });
    expect(items.items.map(({ owner }) => owner.id)).not.toContain('finance');
  });

  it('are nothing for the engineer', async () => {
    expect((await house.ask('engineer', { url: '/v1/follow-ups' })).statusCode).toBe(403);
    expect((await house.ask('engineer', { method: 'POST', url: '/v1/follow-ups', payload: wish() })).statusCode).toBe(
      403,
    );
  });

  it('have the bounds at the door that the decision has', () => {
    const passes = (schema: z.ZodType, value: unknown) => schema.safeParse(value).success;
    const rest = { owner: { kind: 'team', id: 'x' }, dueAt: 1 };
    const asked = (more: object) => passes(newFollowUp, { ...rest, kind: 'k', reason: 'r', ...more });
    expect([asked({ reason: 'r'.repeat(MOST.reason) }), asked({ reason: 'r'.repeat(MOST.reason + 1) })]).toEqual([
      true,
      false,
    ]);
    expect([asked({ priority: TOP_PRIORITY }), asked({ priority: TOP_PRIORITY + 1 })]).toEqual([true, false]);
    expect([asked({ callId: 'c'.repeat(MOST.id) }), asked({ callId: 'c'.repeat(MOST.id + 1) })]).toEqual([true, false]);
    expect([
      asked({ data: { a: 'v'.repeat(MOST.value) } }),
      asked({ data: { a: 'v'.repeat(MOST.value + 1) } }),
    ]).toEqual([true, false]);
    expect([
      passes(newNote, { note: 'n'.repeat(MOST.note) }),
      passes(newNote, { note: 'n'.repeat(MOST.note + 1) }),
    ]).toEqual([true, false]);
    for (const name of ['a', 'a-1', 'A', '1a', 'a'.repeat(40), 'a'.repeat(41)]) {
      expect(asked({ kind: name }), name).toBe(KIND.test(name));
      expect(asked({ data: { [name]: '' } }), name).toBe(FIELD.test(name));
    }
    expect(KIND.test(CALLBACK)).toBe(true);
  });
});
