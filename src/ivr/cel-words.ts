import { suggest } from './problem.ts';

/** What is wrong in an expression, in the words of somebody who writes flows. */
interface Words {
  readonly message: string;
  readonly cure: string;
}

/** What CEL says of an expression that it refuses: its own code and words, and the part that it means. */
export interface CelFault {
  readonly code: string;
  readonly said: string;
  /** Where in the expression, as offsets. */
  readonly from: number;
  readonly to: number;
}

const words = (message: string, cure: string): Words => ({ message, cure });

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  int: 'a whole number',
  uint: 'a whole number',
  double: 'a number with a fraction',
  bool: 'true or false',
  null: 'nothing',
  Call: 'the call',
};

/** A type of CEL as a person would call what is of it. */
export const typeWords = (type: string): string =>
  TYPES[type] ?? (type.startsWith('list') ? 'a list' : type.startsWith('map') ? 'a map' : 'something else');

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

const FUNCTIONS = ['size', 'startsWith', 'endsWith', 'contains', 'matches', 'string', 'int'];
/** Words and signs of other languages, and what CEL has for them. */
const MEANT: Readonly<Record<string, string>> = {
  and: '&&',
  or: '||',
  not: '!',
  in: 'in',
  is: '==',
  '<>': '!=',
  '&': '&&',
  '|': '||',
};

const WORDS: Readonly<Record<string, Words>> = {
  no_such_key: words(
    '`call` has from, to, language and customerType only.',
    'Write `call.from`, `call.to`, `call.language` or `call.customerType`.',
  ),
  cannot_index_type: words('This has no parts to choose from.', 'Leave out the dot or bracket and what follows it.'),
  unterminated_string: words('A quote is opened and never closed.', 'Close it, or remove it.'),
  invalid_escape_sequence: words('In a text this `\\` means nothing.', 'Remove it, or write it twice.'),
  invalid_condition_type: words('What stands before `?` is not true or false.', 'Compare it, like `visits > 2 ? …`.'),
  incompatible_ternary_branches: words('The two sides of `:` are of different types.', 'Give both the same type.'),
  invalid_logical_operand: words('`&&` and `||` join what is true or false.', 'Compare each side, like `visits > 2`.'),
  heterogeneous_list_element: words('The list mixes types.', 'Write texts alone in it, or numbers alone.'),
  limit_exceeded: words('This is too long, or nested too deeply.', 'Work parts of it out in `set` nodes before.'),
};

const NO_CEL = words(
  'This does not hold together.',
  'Conditions are CEL over the declared variables and call.from, call.to, call.language, call.customerType.',
);

/** `names` are the variables that may stand in the expression. */
export function celWords({ code, said, from, to }: CelFault, source: string, names: Iterable<string>): Words {
  switch (code) {
    case 'unknown_variable': {
      const name = source.slice(from, to);
      return words(`There is no variable \`${name}\`.`, `${suggest(name, names)} A text needs quotes: "${name}".`);
    }
    case 'no_matching_overload':
      return noFunction(/'(?:.*\.)?(\w+)\(/.exec(said)?.[1] ?? source.slice(from, to));
    case 'no_such_overload':
      return mixedTypes(said.replace('no such overload: ', ''));
    case 'reserved_identifier':
      return words(`\`${source.slice(from, to)}\` has a meaning of its own in CEL.`, 'Use declared variables only.');
    case 'unexpected_character':
    case 'unexpected_token':
    case 'expected_token':
      return misplaced(source, from, to);
    default:
      return WORDS[code] ?? NO_CEL;
  }
}

const noFunction = (name: string): Words =>
  words(`There is no function \`${name}\` for this.`, suggest(name, FUNCTIONS));

/** `int == string`, `string in string`, `!int`. */
function mixedTypes(said: string): Words {
  const [, left, sign, right = ''] = /^(.+) (\S+) (\S+)$/.exec(said) ?? [];
  if (left === undefined || sign === undefined) {
    return words(
      `\`${said.charAt(0)}\` cannot stand before ${typeWords(said.slice(1))}.`,
      'Compare it with something.',
    );
  }
  const [one, other] = [typeWords(left), typeWords(right)];
  if (sign === 'in') return words(`\`in\` looks into a list, and this is ${other}.`, 'Write it like `in ["a", "b"]`.');
  if (/^[-+*/%]$/.test(sign)) {
    const cure = 'Make a text of a number by `string(…)`, or a number of a text by `int(…)`.';
    return words(`\`${sign}\` cannot join ${one} and ${other}.`, cure);
  }
  return words(`${capital(one)} is compared with ${other}.`, 'Put texts in quotes, and nothing else.');
}

/** Something stands where it cannot, or the expression ends where it cannot. */
function misplaced(source: string, from: number, to: number): Words {
  if (from >= source.length) return endsEarly(source);
  const token = source.slice(from, to);
  const before = /(\w+|<)\s*$/.exec(source.slice(0, from))?.[1] ?? '';
  const word = [token, before, before + token].find((one) => Object.hasOwn(MEANT, one.toLowerCase()));
  if (token === '=') return words('`==` compares, a single `=` means nothing.', 'Write `==`.');
  if (token === '$') return words('`${…}` means nothing here.', 'Write the name of the variable alone.');
  if (/[“”„‘’´`]/.test(token)) return words('This quote is no straight one.', 'Write it like "vip".');
  if (word !== undefined) {
    const meant = MEANT[word.toLowerCase()];
    return words(`What \`${word}\` shall mean is written \`${meant}\`.`, `Write \`${meant}\`.`);
  }
  const shown = /^[!-~]+$/.test(token) ? `\`${token}\`` : 'This sign';
  return words(`${shown} cannot stand here.`, 'Look for a sign that is missing before it, or one too many.');
}

function endsEarly(source: string): Words {
  const bare = source.replaceAll(/"[^"]*"|'[^']*'/g, '');
  const count = (brackets: RegExp) => bare.match(brackets)?.length ?? 0;
  if (count(/[([{]/g) > count(/[)\]}]/g)) {
    return words('A bracket is not closed.', 'Close every `(`, `[` and `{`.');
  }
  return words('Something is missing at the end.', 'Write what is compared there, or take off the last sign.');
}
