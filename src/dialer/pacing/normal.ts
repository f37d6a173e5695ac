/** Density and distribution of the standard normal; the latter by Hastings' rational form, good to 7.5e-8 (Abramowitz and Stegun 26.2.17). */
export function density(z: number): number {
  return Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
}

/** `dense` is its density, where that is known already. */
export function below(z: number, dense = density(z)): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = dense * series;
  return z < 0 ? tail : 1 - tail;
}
