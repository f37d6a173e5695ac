import { z } from 'zod';
import type { Behaviour } from './flow.ts';
import { outcomes } from './parts.ts';
import type { NodeScope } from './scope.ts';
import { shape } from './words.ts';

/**
 * A kind of node: how it is written, and what a written one does. One file each in `nodes/`; nothing outside that file
 * knows the kind by name.
 */
export interface Kind {
  readonly type: string;
  readonly schema: z.core.$ZodTypeDiscriminable;
  /** Outcomes that a file may list. */
  readonly outcomes: readonly string[];
  build(file: NodeFile, scope: NodeScope): Behaviour;
}

/** What all nodes of a file have. */
interface NodeFile {
  readonly type: string;
  readonly outcomes?: Readonly<Record<string, string | undefined>> | undefined;
}

interface Definition<T extends string, S extends z.core.$ZodLooseShape, O extends string> {
  readonly type: T;
  /** Its fields besides `type` and `outcomes`. */
  readonly fields: S;
  /** Outcomes that may be listed, besides `error`. */
  readonly outcomes: readonly O[];
  /** Can it fail, so that `error` may be listed too? */
  readonly fails: boolean;
  build(file: z.output<z.ZodObject<S>> & NodeFile, scope: NodeScope): Behaviour;
}

export function kind<T extends string, S extends z.core.$ZodLooseShape, O extends string>(
  definition: Definition<T, S, O>,
): Kind & { readonly type: T } {
  const { type, fields } = definition;
  const names: readonly string[] = definition.fails ? [...definition.outcomes, 'error'] : definition.outcomes;
  const own = 'outcomes' in fields || names.length === 0 ? {} : { outcomes: outcomes(...names) };
  const schema = shape({ type: z.literal(type), ...fields, ...own });
  return {
    type,
    schema,
    outcomes: names,
    // The schema above is what made the file, so it is of the definition's own shape.
    build: (file, scope) => definition.build(file as Parameters<typeof definition.build>[0], scope),
  };
}
