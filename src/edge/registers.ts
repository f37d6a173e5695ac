import type { RegistrationBook } from '../engine/ports/registrations.ts';
import type { Clock, Log } from '../engine/ports/time.ts';
import type { EdgeCounts } from './counts.ts';
import { REGISTRAR, type RegisterAsk, registrationBy } from './decide/registrar.ts';
import { RETRY_AFTER_SECONDS } from './decide/retry.ts';
import type { SipAsk } from './sip.ts';

interface RegistersOptions {
  readonly book: RegistrationBook;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  readonly counts: EdgeCounts;
}

/** Carries out a REGISTER of an account that has shown its password, and answers it. */
export async function register(
  ask: SipAsk,
  account: string,
  { book, clock, log, counts }: RegistersOptions,
): Promise<void> {
  const wish = wishOf(ask);
  try {
    const known = await book.contacts(account);
    const made = registrationBy(wish, known, clock.now());
    if (made.kind === 'refused') {
      counts.count('register', 'refused');
      return ask.answer(made.status, made.status === 423 ? { 'Min-Expires': String(REGISTRAR.least) } : {});
    }
    if (made.save.length > 0 || made.remove.length > 0) await book.change(account, made);
    counts.count('register', made.save.length > 0 ? 'kept' : 'removed');
    ask.answer(200, { Contact: bindings(wish, await book.contacts(account), clock.now()) });
  } catch (error) {
    counts.count('register', 'store-away');
    log.warn({ err: error }, 'a phone could not be registered: the store does not answer');
    ask.answer(503, { 'Retry-After': String(RETRY_AFTER_SECONDS) });
  }
}

function wishOf(ask: SipAsk): RegisterAsk {
  const expires = ask.header('expires');
  return {
    contacts: ask.contacts(),
    expires: /^\d{1,9}$/u.test(expires) ? Number(expires) : null,
    callId: ask.callId,
    cseq: ask.cseq,
    source: ask.source,
  };
}

/** All that holds now (RFC 3261 §10.3, step 8). A phone looks for its own address in it, so that is given as it wrote it. */
function bindings(wish: RegisterAsk, held: Awaited<ReturnType<RegistrationBook['contacts']>>, now: number): string[] {
  const given = wish.contacts.filter(({ uri }) => uri !== '*');
  return held.map(({ uri, callId, expiresAt }) => {
    const own = callId === wish.callId ? given.find((contact) => userOf(contact.uri) === userOf(uri)) : undefined;
    return `<${own?.uri ?? uri}>;expires=${Math.max(0, Math.round((expiresAt - now) / 1_000))}`;
  });
}

const userOf = (uri: string): string => /^sips?:([^@]*)@/iu.exec(uri)?.[1] ?? '';
