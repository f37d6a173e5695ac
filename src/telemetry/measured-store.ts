/** Told of every request to a store: whether it was answered, and how long that took, ms. */
type Took = (ok: boolean, ms: number) => void;

/** The same store, with the time of every request measured that is answered by a promise. Its parts inside are not. */
export function measuredStore<T extends object>(store: T, took: Took): T {
  const measured = Object.entries(store).map(([name, part]): [string, unknown] =>
    typeof part === 'function' ? [name, timed(part as AnyFunction, took)] : [name, part],
  );
  return Object.fromEntries(measured) as T;
}

type AnyFunction = (...args: readonly unknown[]) => unknown;

const timed =
  (call: AnyFunction, took: Took): AnyFunction =>
  (...args) => {
    const began = performance.now();
    const answer = call(...args);
    if (!(answer instanceof Promise)) return answer;
    answer.then(
      () => took(true, performance.now() - began),
      () => took(false, performance.now() - began),
    );
    return answer;
  };
