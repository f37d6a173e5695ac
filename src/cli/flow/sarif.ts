import { CODES } from '../../ivr/codes.ts';
import type { Finding } from './findings.ts';

const RULES = Object.entries(CODES).map(([id, { severity, meaning }]) => ({
  id,
  shortDescription: { text: meaning },
  defaultConfiguration: { level: severity },
}));

/** SARIF 2.1.0 (OASIS), as code hosts and editors read it. */
export const sarifOf = (findings: readonly Finding[], version: string) => ({
  $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
  version: '2.1.0',
  runs: [
    {
      tool: { driver: { name: 'callwright', semanticVersion: version, rules: RULES } },
      columnKind: 'utf16CodeUnits',
      results: findings.map(resultOf),
    },
  ],
});

const resultOf = ({ file, line, column, severity, code, message, hint }: Finding) => ({
  ruleId: code,
  ruleIndex: RULES.findIndex(({ id }) => id === code),
  level: severity,
  message: { text: `${message} ${hint}` },
  locations: [
    {
      physicalLocation: {
        artifactLocation: { uri: file.split('/').map(encodeURIComponent).join('/') },
        region: { startLine: line, startColumn: column },
      },
    },
  ],
});
