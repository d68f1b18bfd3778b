/** The options of `train` about its end: when the run is saved, what it goes on from, what ends it early. */
import { Option } from '@commander-js/extra-typings';
import { text, type ValueParser, valueOption, wrong } from './option-values.ts';

/** The command line's part of it. */
export interface CheckpointOptions {
  readonly checkpoint?: string;
  readonly checkpointEvery?: Interval;
  readonly resume?: string;
  readonly resumeAnyway?: true;
  readonly maxTime?: Duration;
  readonly stopAt?: readonly Goal[];
}

/** A time, and how the user wrote it. */
export interface Duration {
  readonly seconds: number;
  readonly text: string;
}

/** How often: in epochs or in seconds; and how the user wrote it. */
export type Interval = Duration | { readonly epochs: number; readonly text: string };

/** A value that is good enough, and how the user wrote it. */
export interface Goal {
  readonly name: string;
  readonly value: number;
  readonly text: string;
}

const UNITS: Readonly<Record<string, number>> = { ms: 1e-3, s: 1, m: 60, h: 3600, d: 86400 };

/** `90s`, `10m`, `1h30m`, `500ms`; undefined for other texts and for no time at all. */
function secondsOf(value: string): number | undefined {
  if (!/^(?:(?:\d+\.?\d*|\.\d+)(?:ms|[smhd]))+$/.test(value)) return undefined;
  let seconds = 0;
  for (const [, number, unit] of value.matchAll(/([\d.]+)(ms|[smhd])/g)) {
    seconds += Number(number) * UNITS[unit];
  }
  return seconds > 0 && Number.isFinite(seconds) ? seconds : undefined;
}

/** A number alone is seconds, as sleep(1) and timeout(1) have it. */
const duration: ValueParser<Duration> = (value, flag) => {
  const seconds = secondsOf(/^[\d.]+$/.test(value) ? `${value}s` : value);
  if (seconds === undefined) throw wrong(flag, 'a time: 90 (seconds), 500ms, 10m, 1h30m', value);
  return { seconds, text: value };
};

const interval: ValueParser<Interval> = (value, flag) => {
  const epochs = Number(/^(\d+)(?:epochs?)?$/.exec(value)?.[1] ?? 0);
  if (Number.isSafeInteger(epochs) && epochs > 0) return { epochs, text: value };
  const seconds = secondsOf(value);
  if (seconds === undefined) {
    throw wrong(flag, 'a number of epochs or a time: 5, 5epochs, 30s, 10m', value);
  }
  return { seconds, text: value };
};

function goal(value: string, flag: string): Goal {
  const [, name, number] = /^([^=]+)=(.+)$/.exec(value) ?? [];
  const limit = number?.trim() ? Number(number) : Number.NaN;
  if (name === undefined || !Number.isFinite(limit)) {
    throw wrong(flag, 'a name and a number: loss=0.01, val_accuracy=0.95', value);
  }
  return { name: name.trim(), value: limit, text: value };
}

/** How often a run is saved where nobody says. */
export const EVERY: Interval = { seconds: 60, text: '60s' };

export const checkpoint = valueOption(
  '--checkpoint <FILE>',
  'save the run there while it lasts and when it ends (default where it is stopped: MODEL with .checkpoint.json)',
  text,
);
export const checkpointEvery = valueOption(
  '--checkpoint-every <N>',
  `save the run while it lasts, also without --checkpoint: after so many epochs, 5, or a time, 30s, 10m (default with --checkpoint: ${EVERY.text})`,
  interval,
);
export const resume = valueOption(
  '--resume <FILE>',
  'go on from a checkpoint; what is not said is as it was',
  text,
);
export const resumeAnyway = new Option(
  '--resume-anyway',
  'even where data, spec or settings differ from those of the checkpoint',
);
export const maxTime = valueOption(
  '--max-time <TIME>',
  'stop after this time, seconds or 500ms, 10m, 1h30m, and save the run',
  duration,
);
export const stopAt = new Option(
  '--stop-at <NAME=X>',
  'stop when an epoch measures X or better: loss=0.01; may be repeated',
).argParser((value, previous: Goal[] | undefined) => [
  ...(previous ?? []),
  goal(value, '--stop-at'),
]);
