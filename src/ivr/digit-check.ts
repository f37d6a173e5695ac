export const DATE_FORMATS = ['ddmmyyyy', 'mmddyyyy', 'yyyymmdd', 'ddmmyy'] as const;
type DateFormat = (typeof DATE_FORMATS)[number];

export type DigitCheck = 'luhn' | 'date' | { readonly date: DateFormat };

/** Do keyed digits stand the check? `luhn` is the check digit of cards and many account numbers (ISO/IEC 7812-1 annex B). */
export function checkDigits(check: DigitCheck, digits: string): boolean {
  const format = dateFormatOf(check);
  return format === null ? luhn(digits) : isoDate(format, digits) !== null;
}

/** The order of day, month and year that a check asks for; null when it is of no date. */
export function dateFormatOf(check: DigitCheck | undefined): DateFormat | null {
  if (typeof check === 'object') return check.date;
  return check === 'date' ? 'ddmmyyyy' : null;
}

function luhn(digits: string): boolean {
  let sum = 0;
  for (const [index, digit] of Array.from(digits).toReversed().entries()) {
    const doubled = Number(digit) * (index % 2 === 1 ? 2 : 1);
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return /^[0-9]{2,}$/.test(digits) && sum % 10 === 0;
}

/** Keyed digits as `2026-12-25`; null when there is no such day. Two-digit years are of 1930 to 2029. */
export function isoDate(format: DateFormat, digits: string): string | null {
  if (digits.length !== format.length) return null;
  const part = (letter: string) => digits.slice(format.indexOf(letter), format.lastIndexOf(letter) + 1);
  const short = part('y');
  const year = short.length === 4 ? Number(short) : Number(short) + (Number(short) < 30 ? 2000 : 1900);
  const [month, day] = [Number(part('m')), Number(part('d'))];
  if (month < 1 || month > 12 || day < 1) return null;
  if (day > Temporal.PlainYearMonth.from({ year, month }).daysInMonth) return null;
  return new Temporal.PlainDate(year, month, day).toString();
}
