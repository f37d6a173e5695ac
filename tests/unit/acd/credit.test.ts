import { describe, expect, it } from 'vitest';
import { creditIn } from '../../../src/acd/credit.ts';
import { customerAt } from '../../../src/call/customer.ts';

const queue = { priorities: { vip: 300, debtor: -60 } };
const known = (type: string | null, priority = 0) => ({ type, priority, owner: null, language: null });

describe('creditIn', () => {
  it.each([
    ['nobody known', { priority: 10 }, null, 10],
    ['a type of the list', { priority: 0 }, known('vip'), 300],
    ['a type that the queue says nothing of', { priority: 5 }, known('partner'), 5],
    ['a customer with credit of his own', { priority: 0 }, known('vip', 45), 345],
    ['a type that the flow found out', { priority: 0, customerType: 'debtor' }, known('vip', 45), -15],
    ['a type that an object has of itself', { priority: 0, customerType: 'constructor' }, null, 0],
  ])('%s', (_case, request, customer, credit) => {
    expect(creditIn(queue, request, customer)).toBe(credit);
  });
});

describe('customerAt', () => {
  const [vip, office, country] = [known('vip'), known('business'), known('abroad')];
  const list = new Map([
    ['+358401112223', vip],
    ['+3584011*', office],
    ['+358*', country],
  ]);

  it.each([
    ['+358401112223', vip],
    ['+358401112224', office],
    ['+358501112224', country],
    ['+46701112223', null],
    ['', null],
    ['anonymous', null],
  ])('%s', (number, customer) => expect(customerAt(list, number)).toBe(customer));
});
