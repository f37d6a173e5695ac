import { parseFlow } from '../../../src/ivr/load.ts';

/** Variables of each type, all set. */
export const VARS = `vars:
  tier: { type: enum, values: [standard, vip], default: standard }
  id: { type: string, default: none }
  n: { type: int, default: 3 }
  known: { type: bool, default: false }
  card: { type: string, default: "4111", sensitive: true }
`;

/** What is found in a flow of this node, as code and message. */
export function findings(node: string, vars = VARS): readonly string[] {
  const text = `version: ivr/v1
id: test
title: Test
owner: tests
languages: { default: en, supported: [en] }
${vars}start: a
nodes:
  a: ${node}
  b: { type: hangup }
`;
  return parseFlow(text, 'test.yaml')
    .problems.filter(({ code }) => code !== 'unreachable-node')
    .map(({ code, message }) => `${code}: ${message}`);
}
