import { hoursAt } from '../calendar.ts';
import { kind } from '../kind.ts';
import { failed, leave } from '../walk.ts';
import { name } from '../words.ts';

const HOURS = ['open', 'closed', 'holiday', 'forced'] as const;

/** Looks at a calendar: open, closed, a holiday, or closed by force. */
export const hours = kind({
  type: 'hours',
  fields: { calendar: name },
  outcomes: HOURS,
  fails: true,
  build(file, scope) {
    const error = scope.failure(file.outcomes);
    scope.outcomes(file.outcomes, HOURS);
    scope.refer('calendar', file.calendar, ['calendar']);
    return {
      stages: [],
      enter({ world, now }) {
        const calendar = world.calendars.get(file.calendar);
        return calendar ? leave(scope.exits, hoursAt(calendar, now)) : failed({ error });
      },
    };
  },
});
