type Env = Readonly<Record<string, string | undefined>>;

/** What other programs may know of our environment: all but the secrets of flows and the token of our own API. */
export const plainEnv = (env: Env): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !/^CALLWRIGHT_(SECRET_|TOKEN$)/.test(name)));

/** The same for servers with threads: the one malloc arena that keeps us small would make a thousand threads of Asterisk wait. */
export const serverEnv = (env: Env): Record<string, string | undefined> => ({
  ...plainEnv(env),
  MALLOC_ARENA_MAX: undefined,
});
