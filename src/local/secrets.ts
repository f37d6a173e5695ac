import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { LocalFault } from './fault.ts';
import { privateFile } from './private-folder.ts';

/** The private servers' passwords: made once, at random, and kept for the next start. There is no default anywhere. */
const Secrets = z.object({
  ariPassword: z.string().min(16),
  redisPassword: z.string().min(16),
  phoneKey: z.string().min(16),
});
export type Secrets = z.infer<typeof Secrets>;

export function secretsIn(folder: string): Secrets {
  const file = join(folder, 'secrets.json');
  if (existsSync(file)) return read(file);
  const secrets = { ariPassword: password(), redisPassword: password(), phoneKey: password() };
  privateFile(file, JSON.stringify(secrets, null, 2));
  return secrets;
}

function read(file: string): Secrets {
  try {
    return Secrets.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new LocalFault(
      'bad-setting',
      `${file} is damaged: remove it, and new passwords are made at the next start.`,
      error,
    );
  }
}

const password = (): string => randomBytes(24).toString('base64url');
