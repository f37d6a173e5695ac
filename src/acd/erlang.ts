/** A queue of callers who come at random, whose talks last exponentially long, before agents who can all do the same. */
export interface Traffic {
  readonly agents: number;
  readonly callsPerSecond: number;
  /** Mean of talk and wrap-up. */
  readonly handleS: number;
  /** Within this time an answer is in time. */
  readonly targetS: number;
}

export interface Prediction {
  /** Chance that a caller waits at all, 0–1. */
  readonly waits: number;
  /** Mean wait of all callers, also of those who do not wait and those who give up, s; infinite when the queue only grows. */
  readonly meanWaitS: number;
  /** Share of all callers who are answered within the target, 0–1. */
  readonly serviceLevel: number;
  /** Share of all callers who give up, 0–1. */
  readonly abandons: number;
}

/**
 * Callers who never give up: M/M/n, A. K. Erlang, "Solution of some problems in the theory of probabilities of
 * significance in automatic telephone exchanges", 1917. The chance of waiting by way of his loss formula, whose recursion
 * (B(n) = aB(n−1) / (n + aB(n−1))) is stable for any number of agents; R. B. Cooper, "Introduction to Queueing Theory",
 * 2nd ed., 1981, §3.4.
 */
export function erlangC({ agents, callsPerSecond, handleS, targetS }: Traffic): Prediction {
  const load = callsPerSecond * handleS;
  if (load >= agents) return { waits: 1, meanWaitS: Number.POSITIVE_INFINITY, serviceLevel: 0, abandons: 0 };
  let blocked = 1;
  for (let n = 1; n <= agents; n += 1) blocked = (load * blocked) / (n + load * blocked);
  const waits = blocked / (1 - (load / agents) * (1 - blocked));
  const perSecond = (agents - load) / handleS;
  return { waits, meanWaitS: waits / perSecond, serviceLevel: 1 - waits * Math.exp(-perSecond * targetS), abandons: 0 };
}

/** Chances of longer queues are left out below this. */
const NEGLIGIBLE = 1e-15;

/**
 * Callers who give up after an exponential time of this mean: M/M/n+M, C. Palm, "Research on telephone traffic carried by
 * full availability groups", 1957; A. Mandelbaum and S. Zeltyn, "Service engineering in action: the Palm/Erlang-A queue",
 * 2007. The chances of each number of callers come from the balance of comings and goings, the rest from them: the mean
 * wait by Little's law, the service level from how long who finds so many before him would wait (see `answeredWithin`).
 */
export function erlangA(traffic: Traffic & { readonly patienceS: number }): Prediction {
  const { agents, callsPerSecond, handleS, targetS, patienceS } = traffic;
  const { queueing, served } = chances(traffic);
  const queue = queueing.reduce((sum, chance, ahead) => sum + chance * ahead, 0);
  const rates = { leave: agents / handleS, giveUp: 1 / patienceS };
  const inTime = answeredWithin(targetS, rates, queueing.length);
  const meanWaitS = queue / callsPerSecond;
  return {
    waits: queueing.reduce((sum, chance) => sum + chance, 0),
    meanWaitS,
    serviceLevel: served + queueing.reduce((sum, chance, ahead) => sum + chance * (inTime[ahead] ?? 0), 0),
    abandons: meanWaitS / patienceS,
  };
}

/** The chance that somebody is free, and by how many wait already, that all talk. */
function chances({ agents, callsPerSecond, handleS, patienceS }: Traffic & { readonly patienceS: number }) {
  // Relative to the state where all agents talk and nobody waits, and downwards and upwards from there.
  let served = 0;
  for (let chance = 1, talk = agents; talk > 0; talk -= 1) {
    chance *= talk / (callsPerSecond * handleS);
    served += chance;
  }
  const queueing = [1];
  let sum = served + 1;
  for (let chance = 1, wait = 1; chance > NEGLIGIBLE * sum; wait += 1) {
    chance *= callsPerSecond / (agents / handleS + wait / patienceS);
    queueing.push(chance);
    sum += chance;
  }
  return { served: served / sum, queueing: queueing.map((chance) => chance / sum) };
}

/**
 * By how many wait before him: the chance that a caller is answered in time and has not given up. With `j` before him the
 * wait is a sum of j + 1 exponential times, of the rates leave + i·giveUp, i = 0…j; that he is still there when it is over
 * adds one giveUp to each rate. Such a sum is −ln X / giveUp for X of a beta distribution (leave/giveUp + 1, j + 1), whose
 * distribution function follows for each j from the one before (DLMF 8.17.21).
 */
function answeredWithin(targetS: number, rates: { readonly leave: number; readonly giveUp: number }, most: number) {
  const { leave, giveUp } = rates;
  const [shape, x] = [leave / giveUp + 1, Math.exp(-giveUp * targetS)];
  const found: number[] = [];
  let late = x ** shape;
  let more = shape * late * (1 - x);
  for (let ahead = 0; ahead < most; ahead += 1) {
    found.push((leave / (leave + (ahead + 1) * giveUp)) * (1 - late));
    late += more;
    more *= ((1 - x) * (shape + ahead + 1)) / (ahead + 2);
  }
  return found;
}
