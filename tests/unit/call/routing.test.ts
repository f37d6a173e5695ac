import { describe, expect, it } from 'vitest';
import { admit } from '../../../src/call/admission.ts';
import { routeDid } from '../../../src/call/did.ts';

describe('DID routing', () => {
  const routes = [
    { number: '+358401234567', flow: 'support' },
    { number: '+35840*', flow: 'mobile' },
    { number: '+358*', flow: 'finland' },
    { number: '100', flow: 'inside' },
    { number: '+358409*', flow: 'longer' },
  ];

  it.each([
    ['+358401234567', 'support'],
    ['358401234567', 'support'],
    ['+358 40 123 4567', 'support'],
    ['+35840999', 'longer'],
    ['+35840111', 'mobile'],
    ['+358501', 'finland'],
    ['100', 'inside'],
    ['1000', null],
    ['*100', null],
    ['', null],
  ])('%s goes to %s', (dnis, flow) => expect(routeDid(routes, dnis)).toBe(flow));
});

describe('admission', () => {
  const load = { calls: 5, maxCalls: 10, draining: false, setupP99Ms: 20, maxSetupP99Ms: 500 };

  it.each([
    ['room enough', {}, null],
    ['the last free place', { calls: 9 }, null],
    ['full', { calls: 10 }, 'full'],
    ['going down', { draining: true }, 'draining'],
    ['a slow switch', { setupP99Ms: 501 }, 'slow'],
  ])('%s', (_name, change, reason) => {
    const admission = admit({ ...load, ...change });
    expect(admission.accept ? null : admission.reason).toBe(reason);
    if (!admission.accept) expect(admission.cause).toEqual({ q850: 34 });
  });
});
