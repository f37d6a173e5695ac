import { generateKeyPairSync, sign } from 'node:crypto';
import type { EvidenceSigner } from '../../src/engine/ports/evidence.ts';

/** Signs as the server does, with a key that nobody keeps. */
export function testSigner(): EvidenceSigner {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }),
    sign: (text) => sign(null, Buffer.from(text), privateKey).toString('base64'),
  };
}
