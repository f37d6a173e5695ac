import { describe, expect, it } from 'vitest';
import { scryptSecrets } from '../../../src/engine/secret-hash.ts';

const hashPin = (pin: string) => scryptSecrets.hash(pin);
const verifyPin = (pin: string, stored: string | null) => scryptSecrets.verify(pin, stored);

/** Processor time of this process and its worker threads; other work on the machine does not count. */
async function effort(task: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  for (let n = 0; n < 5; n += 1) await task();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

describe('the hash of a PIN', () => {
  it('knows the PIN again and no other, and shows neither it nor that two are the same', async () => {
    const [hash, other] = await Promise.all([hashPin('4711'), hashPin('4711')]);
    expect(hash).toMatch(/^scrypt\$16384\$8\$1\$[\w-]{22}\$[\w-]{43}$/u);
    expect(hash).not.toBe(other);
    expect(await verifyPin('4711', hash)).toBe(true);
    for (const wrong of ['4712', '04711', '471', '', '4711 ']) expect(await verifyPin(wrong, hash)).toBe(false);
  });

  it.each([null, '', '4711', 'scrypt$16384$8$1$$', 'scrypt$16384$8$1$AAAA$!'])(
    'says no to everything when the hash is %j',
    async (stored) => {
      expect(await verifyPin('', stored)).toBe(false);
      expect(await verifyPin('4711', stored)).toBe(false);
    },
  );

  it('checks a hash at the cost it was made with', async () => {
    const cheap = 'scrypt$1024$8$1$c2FsdA$c29tZXRoaW5n';
    expect(await verifyPin('4711', cheap)).toBe(false);
  });

  it('works as hard for an account that is not known', async () => {
    const hash = await hashPin('4711');
    const known = await effort(() => verifyPin('0000', hash));
    const unknown = await effort(() => verifyPin('0000', null));
    expect(unknown / known).toBeGreaterThan(0.5);
    expect(unknown / known).toBeLessThan(2);
  });
});
