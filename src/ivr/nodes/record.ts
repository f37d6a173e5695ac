import { kind } from '../kind.ts';
import { speech } from '../parts.ts';
import { speak } from '../speak.ts';
import { assign, failed, leave } from '../walk.ts';
import { varName } from '../words.ts';
import { beginRecording, heardIn, keepRecording, madeHere, recordingFields, recordingKey } from './recording.ts';

/** Takes down what the caller says and keeps the recording's name. A key during the prompt goes straight to the tone. */
export const record = kind({
  type: 'record',
  fields: { prompt: speech.default(['record.beep']), save: varName, ...recordingFields },
  outcomes: ['done', 'empty'],
  fails: true,
  build(file, scope) {
    const error = scope.failure(file.outcomes);
    scope.outcomes(file.outcomes, ['done', 'empty']);
    scope.write(file.save, ['save'], ['string'], 'done');
    const words = scope.speech(file.prompt, ['prompt']);
    return {
      stages: ['speaking', 'recording', 'asking'],
      enter: (walk) => (speak(walk, words) ? null : beginRecording(walk, file)),
      key(walk, digit) {
        return walk.state.stage === 'recording' ? recordingKey(walk, file.end, digit) : beginRecording(walk, file);
      },
      said: (walk) => beginRecording(walk, file),
      recorded(walk, event) {
        const heard = heardIn(event);
        if (heard === 'done') return keepRecording(walk, event);
        return heard === 'empty' ? leave(scope.exits, 'empty') : failed({ error });
      },
      answered(walk, outcome) {
        const made = madeHere(walk);
        if (outcome !== 'ok' || !made) return failed({ error });
        const { flow, state, facts } = walk;
        assign(walk, { [file.save]: made.recordingId });
        facts.push({ type: 'flow.recorded', data: { flow: flow.id, node: state.nodeId, ...made } });
        return leave(scope.exits, 'done');
      },
    };
  },
});
