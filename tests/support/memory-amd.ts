import type { AmdBook, Screened } from '../../src/engine/ports/amd.ts';
import type { AttemptWord } from '../../src/engine/ports/dispositions.ts';
import type { Attempt } from '../../src/engine/ports/history.ts';

interface Rooms {
  readonly attemptsOf: (campaignId: string) => readonly Attempt[];
  readonly screened: ReadonlyMap<string, Screened>;
  readonly words: ReadonlyMap<string, AttemptWord>;
}

export const memoryAmd = ({ attemptsOf, screened, words }: Rooms): AmdBook => ({
  amdCounts: async (id) => {
    const ended = attemptsOf(id).filter(({ endedAt }) => endedAt !== null);
    const count = (which: Screened, isMachine?: boolean) =>
      ended.filter(({ id: attemptId }) => {
        const word = words.get(attemptId);
        const isSaid = isMachine === undefined || (word !== undefined && (word.kind === 'machine') === isMachine);
        return screened.get(attemptId) === which && isSaid;
      }).length;
    return {
      machines: count('kept-out'),
      sampledPersons: count('sampled', false),
      sampledMachines: count('sampled', true),
      passedPersons: count('passed', false),
      passedMachines: count('passed', true),
    };
  },
});
