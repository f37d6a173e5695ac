import { CODES } from '../../ivr/codes.ts';

const INTRODUCTION = `# Findings of \`callwright flow check\`

Made from \`src/ivr/codes.ts\` by \`node src/cli/flow/codes-page.ts > docs/flow-codes.md\`; a test holds them together.

\`\`\`
$ npx callwright flow check
ivr-flows/main-support.yaml:68:12 error unknown-queue There is no queue \`bilings\`.
    Did you mean \`billing\`?
1 error
\`\`\`

- **Paths**: without one, all of the flows folder (\`CALLWRIGHT_FLOWS\`). A file or folder is checked with the site around it, which is the
  nearest folder above that has \`site/\` in it; findings elsewhere are left out. What lies in no site is checked as a guest of the flows
  folder, where a draft stands in for the flow of the same id.
- **Output**: each finding in a line \`file:line:column severity code message\`, below it what mends it, at last how many there are. \`--json\`
  prints an array of \`{ file, line, column, severity, code, message, hint }\`, \`--sarif\` a SARIF 2.1.0 log.
- **Exit codes**: 0 fine, 1 findings, 2 cannot run. An \`error\` keeps the files from being loaded. A \`warning\` does not, and counts as a
  finding only with \`--strict\`.
- **Dates** are judged as of today, or of \`--today 2026-12-25\`.

| code | severity | meaning |
|---|---|---|
`;

/** The page `docs/flow-codes.md`, whole. */
export function renderCodesPage(): string {
  const rows = Object.entries(CODES).map(
    ([code, { severity, meaning }]) => `| \`${code}\` | ${severity} | ${meaning} |\n`,
  );
  return INTRODUCTION + rows.join('');
}

if (import.meta.main) process.stdout.write(renderCodesPage());
