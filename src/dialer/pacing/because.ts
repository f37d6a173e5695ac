import type { Explanation } from './policy.ts';

export type Limit = Explanation['limit'];

/** The decision in words: how many, and what kept it from one more. */
export function because(launch: number, piNext: number, explanation: Explanation): string {
  return `${dials(launch)}: ${reason(launch, piNext, explanation)}`;
}

function reason(launch: number, piNext: number, { limit, theta, bank, room, need }: Explanation): string {
  const more = `${bank.toFixed(1)} more may be abandoned`;
  switch (limit) {
    case 'lines':
      return 'no more lines or call starts are free.';
    case 'price':
      return `of those who answer one more, ${percent(piNext)} would find no agent, and the price is ${percent(theta)} (${more}).`;
    case 'window':
      return `${room < 1 ? 'none' : room} may be lost by the legal window, and one more dial could cost ${need}.`;
    case 'guard':
      return room < 1
        ? `${launch === 0 ? 'no idle agent is left for whom no phone rings yet' : 'each has an idle agent'}; beyond them nobody may be risked (${more}).`
        : `the guard lets ${room} be at risk, and one more dial could cost ${need} (${more}).`;
  }
}

function dials(launch: number): string {
  return launch === 0 ? 'No dial' : launch === 1 ? '1 dial' : `${launch} dials`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
