export { exponential, fixed, lognormal, type Spread } from './chance.ts';
export { fateOf, PLAIN_DAY, type Regime, type Scenario } from './scenario.ts';
export { type MakePolicy, type Oracle, simulate } from './simulate.ts';
export type { DayResult, Sample } from './tally.ts';
export { type Forecast, forecast, type Known } from './forecast.ts';
