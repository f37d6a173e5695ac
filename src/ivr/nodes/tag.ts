import { z } from 'zod';
import { kind } from '../kind.ts';
import type { Path } from '../problem.ts';
import type { NodeScope } from '../scope.ts';
import { fillIn, type Template } from '../template.ts';
import { name } from '../words.ts';

const MOST_TAGS = 20;

/** Marks the call with words for reports and routing outside. A call bears at most 20 tags; more are dropped. */
export const tag = kind({
  type: 'tag',
  fields: { tags: z.array(z.string().min(1).max(100)).min(1).max(MOST_TAGS), next: name.optional() },
  outcomes: [],
  fails: false,
  build(file, scope) {
    const tags = file.tags.map((text, i) => tagOf(text, ['tags', i], scope));
    const done = { outcome: 'done', to: scope.edge('done', file.next ?? null, ['next']) };
    return {
      stages: [],
      enter(walk) {
        const before = walk.state.tags;
        const all = [...new Set([...before, ...tags.map((template) => fillIn(walk, template))])].slice(0, MOST_TAGS);
        if (all.length === before.length) return done;
        walk.state.tags = all;
        walk.facts.push({ type: 'call.tagged', data: { tags: all } });
        return done;
      },
    };
  },
});

/** Only closed sets may stand in a tag, so that all there can be are known from the file. */
function tagOf(text: string, path: Path, scope: NodeScope): Template {
  const template = scope.template(text, path, ['enum'], []);
  const words = template.map((part) =>
    typeof part === 'string' ? [part] : (scope.flow.vars.get(part.name)?.values ?? []),
  );
  const bad = words.flatMap((choices, i) => choices.filter((word) => !(i === 0 ? FIRST : LATER).test(word)))[0];
  if (bad !== undefined) {
    const message = `\`${bad}\` cannot stand in a tag, which is made of small letters, digits, \`-\` and \`:\`.`;
    scope.report('wrong-value', path, message, 'Write it like `topic:${topic}`.');
  }
  return template;
}

const FIRST = /^[a-z0-9][a-z0-9:-]*$/;
const LATER = /^[a-z0-9:-]*$/;
