/** Numbers between 0 and 1 that are the same in each run (Park and Miller, CACM 31, 1988). */
export function dice(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}
