import { createHash, createPublicKey, verify } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const manifestOf = z.object({
  format: z.literal('callwright-evidence/1'),
  campaign: z.object({ id: z.string(), name: z.string() }),
  from: z.string(),
  until: z.string(),
  madeAt: z.string(),
  files: z.array(z.object({ name: z.string().regex(/^[a-z][a-z-]*\.[a-z]+$/), bytes: z.int(), sha256: z.string() })),
});

export interface Verified {
  readonly ok: boolean;
  readonly sentence: string;
}

const SIGNED_BY_ITSELF = new Set(['manifest.json', 'manifest.sig']);

/**
 * Whether a pack is as it was signed, in a sentence. `trusted`: the public key (PEM) as its owner gave it; without it, the one
 * in the folder, whose fingerprint is told, since who changes everything can sign anew.
 */
export function verifyPack(folder: string, trusted: string | null): Verified {
  const read = (name: string): Buffer | null => {
    try {
      return readFileSync(join(folder, name));
    } catch {
      return null;
    }
  };
  const [manifest, signature] = [read('manifest.json'), read('manifest.sig')];
  const key = trusted ?? read('public-key.pem')?.toString() ?? null;
  if (!manifest || !signature || key === null)
    return no(`${folder} is no evidence pack, or lacks manifest.json, manifest.sig or public-key.pem.`);
  if (!isSigned(manifest, signature.toString(), key))
    return no('The manifest was changed, or signed with another key: the pack is not to be trusted.');
  const said = manifestOf.safeParse(JSON.parse(manifest.toString()));
  if (!said.success) return no('The manifest is of a form that this version does not know.');
  const faults = said.data.files.flatMap(({ name, sha256 }) => {
    const content = read(name);
    if (!content) return [`${name} is missing`];
    return createHash('sha256').update(content).digest('hex') === sha256 ? [] : [`${name} was changed`];
  });
  const known = new Set([...said.data.files.map(({ name }) => name), ...SIGNED_BY_ITSELF]);
  const added = readdirSync(folder).filter((name) => !known.has(name));
  const all = [...faults, ...added.map((name) => `${name} does not belong to it`)];
  if (all.length > 0) return no(`The pack is not as it was signed: ${all.join(', ')}.`);
  const { campaign, madeAt, files } = said.data;
  return {
    ok: true,
    sentence: `Nothing was changed: ${files.length} files of campaign ${campaign.id}, signed ${madeAt.slice(0, 16).replace('T', ' ')} UTC with the key ${fingerprintOf(key)}.`,
  };
}

const no = (sentence: string): Verified => ({ ok: false, sentence });

function isSigned(manifest: Buffer, signature: string, key: string): boolean {
  try {
    return verify(null, manifest, createPublicKey(key), Buffer.from(signature.trim(), 'base64'));
  } catch {
    return false;
  }
}

/** First half of the SHA-256 of the key (SPKI, DER), in groups that can be read aloud. */
export function fingerprintOf(pem: string): string {
  const der = createPublicKey(pem).export({ type: 'spki', format: 'der' });
  const hex = createHash('sha256').update(der).digest('hex').slice(0, 32);
  return hex.match(/.{4}/g)?.join(' ') ?? hex;
}
