/**
 * Programs that look for open telephone servers, as they call themselves in `User-Agent`. The list is of what SIPVicious and
 * its descendants ship with, and of what honeypots see most; whoever lies about the name is caught by what he does.
 */
const PROGRAMS =
  /friendly-?scanner|sipvicious|sundayddr|sipcli|sipsak|sip-scan|smap|iwar|vaxsipuseragent|pplsip|friendly-request|sipptk|eyebeam release 3006o stamp 17816/i;

/** Words that a program may put in any header of a probe. */
const PROBE_USERS = /^(?:nm\d?|sip:nm2?|sipvicious)$/i;

/** Whether a request comes from a scanner, by what it says of itself. Empty names are not suspicious: many carriers send none. */
export const isScanner = ({ userAgent, user }: { readonly userAgent: string; readonly user: string }): boolean =>
  PROGRAMS.test(userAgent) || PROBE_USERS.test(user);
