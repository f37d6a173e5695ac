export { exponential, fixed, lognormal, meanOf, type Spread } from './chance.ts';
export { type Detection, fateOf, PLAIN_DAY, type Regime, type Scenario } from './scenario.ts';
export { type MakePolicy, type Oracle, simulate } from './simulate.ts';
export type { DayResult, Sample } from './tally.ts';
export { type Forecast, forecast, type Known, UNKNOWN } from './forecast.ts';
export type { Counted } from './forecast-range.ts';
export { PreviewSimulation, type Reading } from './preview.ts';
