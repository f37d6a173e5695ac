import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';

/**
 * The number in E.164, as callers and carriers may write it at home. Null when it is none by the numbering plan, or when it
 * does not say its country and there is no `country` (ISO 3166) to take it for.
 */
export function e164Of(text: string, country: string | null): string | null {
  const home = country !== null && isSupportedCountry(country) ? { defaultCountry: country } : {};
  const parsed = parsePhoneNumberFromString(text, { extract: false, ...home });
  return parsed?.isValid() === true && !parsed.ext ? parsed.number : null;
}
