export { loadSite, type LoadedSite, type SiteFile, type SiteReading } from './site/load.ts';
export { readSite } from './site/read.ts';
export { printProblem, type Problem } from '../ivr/problem.ts';
