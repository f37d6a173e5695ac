import { type Calendar, calendarFile, calendarOf, type Interval } from '../calendar.ts';
import { check } from '../check.ts';
import { type LoadedFlow, parseFlow } from '../load.ts';
import type { Problem } from '../problem.ts';
import { readYaml, type Source } from '../source.ts';
import { both, type Change, change, diffFlows, sentence, wordChanges } from './diff.ts';
import { flattened } from './outline.ts';

/** A file of a site by the end of its path: `site/…`, `sounds/<language>/prompts.yaml`, or else a flow. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
}

/** The changes of one flow or of one site file. */
export interface Part {
  readonly part: string;
  readonly changes: readonly Change[];
}

export type SiteDiff =
  | { readonly ok: true; readonly parts: readonly Part[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** What callers notice when one set of files takes the place of another. A flow that cannot be read refuses all. */
export function diffSites(was: readonly TextFile[], is: readonly TextFile[]): SiteDiff {
  const [before, after] = [read(was), read(is)];
  const problems = [...before.problems, ...after.problems];
  if (problems.length > 0) return { ok: false, problems };
  const flows = both(before.flows, after.flows).map(([id, from, to]) => ({
    part: `flow ${id}`,
    changes: flowChanges(from, to),
  }));
  const files = both(before.files, after.files).map(([name, from, to]) => ({
    part: name,
    changes: fileChanges(name, from, to),
  }));
  return { ok: true, parts: [...flows, ...files].filter(({ changes }) => changes.length > 0) };
}

interface Side {
  readonly flows: Map<string, LoadedFlow>;
  readonly files: Map<string, Source>;
  readonly problems: Problem[];
}

function read(files: readonly TextFile[]): Side {
  const side: Side = { flows: new Map(), files: new Map(), problems: [] };
  for (const { path, text } of files) {
    const name = BESIDE.exec(path)?.[1];
    if (name === undefined) {
      const reading = parseFlow(text, path);
      const flow = reading.ok ? reading : reading.draft;
      if (flow) side.flows.set(flow.flow.id, flow);
      else side.problems.push(...reading.problems);
    } else {
      const reading = readYaml(text, path);
      if (reading.ok) side.files.set(name, reading.source);
      else side.problems.push(...reading.problems);
    }
  }
  return side;
}

const BESIDE = /(?:^|\/)(site\/(?:(?:calendars|profiles)\/)?[^/]+\.yaml|sounds\/[^/]+\/prompts\.yaml)$/;

function flowChanges(was: LoadedFlow | undefined, is: LoadedFlow | undefined): readonly Change[] {
  if (was && is) return diffFlows(was, is);
  return [change('', is ? `is new: ${is.flow.title}` : 'is gone')];
}

function fileChanges(name: string, was: Source | undefined, is: Source | undefined): readonly Change[] {
  const language = /^sounds\/([^/]+)\//.exec(name)?.[1];
  if (language !== undefined) return wordChanges(wordsOf(was, language), wordsOf(is, language));
  const calendars = name.startsWith('site/calendars/') ? [calendarIn(was), calendarIn(is)] : [];
  if (calendars[0] && calendars[1]) return calendarChanges(calendars[0], calendars[1]);
  if (!was || !is) return [change('', is ? 'is new' : 'is gone')];
  const [before, after] = [valuesOf(was), valuesOf(is)];
  const [had, has] = [entriesIn(before), entriesIn(after)];
  return [
    ...[...has.difference(had)].map((entry) => change('', `${entry} is new`)),
    ...[...had.difference(has)].map((entry) => change('', `${entry} is gone`)),
    ...both(before, after).flatMap(([field, from, to]) =>
      from === to || isIn(had.symmetricDifference(has), field) ? [] : [change('', sentence(field, from, to))],
    ),
  ];
}

/** What a file defines by name with fields of its own, as a queue or a box. */
const entriesIn = (values: ReadonlyMap<string, string>): ReadonlySet<string> =>
  new Set([...values.keys()].flatMap((field) => /^([^.]+)\.[A-Za-z]/.exec(field)?.[1] ?? []));

const isIn = (entries: ReadonlySet<string>, field: string) => entries.has(field.split('.')[0] ?? '');

const valuesOf = (source: Source) => new Map(flattened(source.data, ''));

const wordsOf = (source: Source | undefined, language: string): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(Object(source?.data) as Record<string, unknown>).map(([prompt, words]) => [
      `${prompt} in ${language}`,
      typeof words === 'string'
        ? words
        : flattened(words, '')
            .map(([, text]) => text)
            .join(' '),
    ]),
  );

function calendarIn(source: Source | undefined): Calendar | null {
  const checked = source && check(calendarFile, source);
  return checked?.ok ? calendarOf('', checked.value) : null;
}

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

function calendarChanges(was: Calendar, is: Calendar): readonly Change[] {
  const week = DAYS.map(
    (day, i) => [day, hours(was.weekly.get(i + 1) ?? []), hours(is.weekly.get(i + 1) ?? [])] as const,
  );
  const texts = [
    ...week.flatMap(([day, from, to]) => (from === to ? [] : [`${day} is ${to} (was ${from})`])),
    ...both(was.holidays, is.holidays).flatMap(([date, from, to]) => holiday(date, from, to)),
    ...both(was.exceptions, is.exceptions).flatMap(([date, from, to]) => {
      const [before, after] = [from && hours(from), to && hours(to)];
      if (before === after) return [];
      return [
        after === undefined
          ? `${date} is a day like others (was ${before})`
          : `${date} is ${after}${before === undefined ? '' : ` (was ${before})`}`,
      ];
    }),
    ...(was.timezone === is.timezone ? [] : [`hours are those of ${is.timezone} (was ${was.timezone})`]),
    ...(was.forced === is.forced ? [] : [is.forced ? 'is closed by force' : 'is closed by force no more']),
  ];
  return texts.map((text) => change('', text));
}

function holiday(date: string, from: string | undefined, to: string | undefined): readonly string[] {
  if ((from === undefined) === (to === undefined)) return []; // what it is called no caller hears
  return [to === undefined ? `${date} is no holiday any more (was ${from})` : `${date} is now a holiday (${to})`];
}

const hours = (intervals: readonly Interval[]) =>
  intervals.length === 0 ? 'closed' : `open ${intervals.map(({ from, to }) => `${time(from)}–${time(to)}`).join(', ')}`;

const time = (minutes: number) =>
  `${String(Math.floor(minutes / 60) % 24).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
