import { type Customers, NO_CUSTOMERS } from '../../call/customer.ts';
import type { Language } from '../../call/ids.ts';
import type { Calendar } from '../calendar.ts';
import type { Flow } from '../flow.ts';
import type { Sound, Sounds } from './sound.ts';

/** What simulated calls need to know of a site. */
export interface SimWorld {
  readonly flows: ReadonlyMap<string, Flow>;
  readonly calendars: ReadonlyMap<string, Calendar>;
  readonly prompts: ReadonlyMap<Language, ReadonlySet<string>>;
  readonly queues: ReadonlyMap<string, { readonly maxWaitMs: number }>;
  readonly customers?: Customers;
  readonly sounds: Sounds;
}

/** The site with the words of its prompts, those that stand in the flows themselves among them. */
export function simWorld(site: Omit<SimWorld, 'sounds'>, sounds: Sounds): SimWorld {
  const own = [...site.flows.values()].flatMap(ownPrompts);
  const prompts = new Map(site.prompts);
  for (const { language, name } of own) prompts.set(language, withName(prompts.get(language), name));
  const said = own.map(({ language, name, sound }): [string, Sound] => [`${language}/${name}`, sound]);
  const { flows, calendars, queues, customers = NO_CUSTOMERS } = site;
  return { flows, calendars, queues, customers, prompts, sounds: new Map([...said, ...sounds]) };
}

const ownPrompts = ({ id, prompts }: Flow) =>
  [...prompts].flatMap(([prompt, words]) =>
    Object.entries(words).map(([language, said]) => ({
      language,
      name: `${id}.${prompt}`,
      sound: { parts: [{ language, words: said }], lengthMs: null },
    })),
  );

/** Asks the site's own set as it is, which may hold more than it lists. */
function withName(names: ReadonlySet<string> | undefined, name: string): ReadonlySet<string> {
  return names?.has(name) ? names : new Set([...(names ?? []), name]);
}
