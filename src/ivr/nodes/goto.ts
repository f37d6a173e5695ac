import { kind } from '../kind.ts';
import { name } from '../words.ts';

/** Goes to another node; a named place that several edges lead to. */
export const goto = kind({
  type: 'goto',
  fields: { to: name },
  outcomes: [],
  fails: false,
  build(file, scope) {
    const move = { outcome: 'done', to: scope.edge('done', file.to, ['to']) };
    return { stages: [], enter: () => move };
  },
});
