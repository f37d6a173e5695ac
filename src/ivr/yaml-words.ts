import type { ErrorCode } from 'yaml';

/** What the reader of YAML means, in the words of somebody who writes flows. */
interface Words {
  readonly message: string;
  readonly cure: string;
}

const words = (message: string, cure: string): Words => ({ message, cure });

const WORDS: { readonly [C in ErrorCode]?: Words } = {
  TAB_AS_INDENT: words('A tab stands where the line is indented.', 'Indent with spaces.'),
  BAD_INDENT: words(
    'This line stands further in or out than its neighbours, or a bracket above it is not closed.',
    'Indent the lines of one map alike, and close every `{` and `[`.',
  ),
  MULTILINE_IMPLICIT_KEY: words(
    'What should be one `key: value` runs over several lines.',
    'Look at indent, colon and quotes of this line and of its neighbours.',
  ),
  BLOCK_AS_IMPLICIT_KEY: words(
    'A second `key:` or `-` stands where a value belongs.',
    'Put a text with a colon in quotes, and indent each line like its neighbours.',
  ),
  BLOCK_IN_FLOW: words(
    'Between brackets a comma is missing, or one is not closed.',
    'Put commas between what stands in `{ }` or `[ ]`.',
  ),
  MISSING_CHAR: words('A comma, a colon or a space is missing.', 'Put it in, or put the whole value in quotes.'),
  UNEXPECTED_TOKEN: words(
    'This belongs to nothing.',
    'Look for a quote or comma too many, or for what a merge left behind.',
  ),
  BAD_SCALAR_START: words('A text may not begin with this sign.', 'Put it in quotes.'),
  BAD_ALIAS: words('A `*` or `&` outside quotes has a meaning of its own.', 'Put it in quotes, like "*".'),
  BAD_DQ_ESCAPE: words('In double quotes this `\\` means nothing.', 'Use single quotes, or write `\\\\`.'),
  MULTIPLE_DOCS: words('A second document begins here.', 'Keep one document in a file.'),
};

const OPEN_QUOTE = words('A quote is opened and never closed.', 'Find the value that has one quote only.');

export function yamlWords(code: ErrorCode, said: string): Words {
  if (code === 'TAG_RESOLVE_FAILED') {
    return words(`${said}.`, 'Remove the tag: only plain texts, numbers, lists and maps are allowed.');
  }
  if (said.startsWith('Missing closing')) return OPEN_QUOTE;
  return WORDS[code] ?? words(`${said.replace(/\.$/, '')}.`, 'Mend the YAML here.');
}
