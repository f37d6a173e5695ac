type Env = Readonly<Record<string, string | undefined>>;

/** Columns there are to write in; what goes to a file or another program keeps its lines whole, unless `COLUMNS` is set. */
export function screenWidth(env: Env): number {
  const told = Number(env['COLUMNS'] ?? process.stdout.columns);
  return told > 0 ? told : Infinity;
}

/** Breaks a text between words. Its first line begins `first` columns in, the others `rest`. */
export function wrapped(text: string, width: number, first = 0, rest = first): readonly string[] {
  const lines: string[] = [];
  let line = '';
  // A number is not parted from its per cent.
  for (const word of text.split(/ (?!%)/)) {
    const room = width - (lines.length === 0 ? first : rest);
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((each, i) => ' '.repeat(i === 0 ? first : rest) + each);
}
