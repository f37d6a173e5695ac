/**
 * Answers to an INVITE that speak of the node and not of the call (RFC 3261 §21): 408 nobody was there in time, 500 and 502 it
 * broke, 503 it is overloaded or ending, 504 it waited for another server. Any other final answer was decided by the flow or
 * by the person called (486 busy, 404 no such number, 603 declined), and asking a second node would run the call twice.
 */
const OF_THE_NODE: ReadonlySet<number> = new Set([408, 500, 502, 503, 504]);

/** Whether another node may be asked. `null`: the node said nothing at all. */
export const mayTryNext = (status: number | null): boolean => status === null || OF_THE_NODE.has(status);

/** What a caller hears when no node is left: RFC 3261 §21.5.4. Which node failed how is nobody's business outside. */
export const NOBODY_LEFT = 503;

/** Seconds after which a caller may try again (Retry-After, RFC 3261 §20.33): by then a restarted node is back. */
export const RETRY_AFTER_SECONDS = 5;
