import type { Contact, RegistrationBook } from '../../src/engine/ports/registrations.ts';

/** As in Redis, in memory. */
export function createMemoryRegistrations(clock: { now(): number }): RegistrationBook {
  const kept = new Map<string, Map<string, Contact>>();
  let accounts: readonly string[] = [];
  const contacts = async (name: string) =>
    [...(kept.get(name)?.values() ?? [])]
      .filter(({ expiresAt }) => expiresAt > clock.now())
      .toSorted((a, b) => b.expiresAt - a.expiresAt);
  return {
    contacts,
    contactOf: async (name) => (await contacts(name))[0]?.uri ?? null,
    knows: async (name) => (accounts.length === 0 ? null : accounts.includes(name)),
    change: async (name, { save, remove }) => {
      const all = kept.get(name) ?? new Map<string, Contact>();
      for (const uri of remove) all.delete(uri);
      for (const contact of save) all.set(contact.uri, contact);
      kept.set(name, all);
    },
    setAccounts: async (names) => {
      accounts = names;
    },
  };
}
