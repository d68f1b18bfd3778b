/**
 * Keras's progress bar (`keras.utils.Progbar`) of Keras 2.12 and Keras 3 as a state machine: it is
 * told the time, and gives the text to write. It knows no clock and no terminal.
 */
import type { Logs, LogValue } from '../records.ts';
import { escapeControls } from '../words.ts';
import { formatFixed, formatScientific } from './python.ts';

/** Which Keras a text looks like. */
export type Style = 'keras2' | 'keras3';

/**
 * How the bar is shown while it runs: `in-place` goes back and overwrites the line, as on a
 * terminal; `lines` begins a new line for each update, as Keras does where it cannot go back;
 * `final` keeps still until the end and writes one finished line.
 */
export type Display = 'in-place' | 'lines' | 'final';

interface ProgressBarOptions {
  readonly style: Style;
  /** 1: a bar; 2: one line at the end without a bar. */
  readonly verbose: 1 | 2;
  readonly display: Display;
  /** Keras 3 colours its bar; Keras 2 has no colours. */
  readonly color: boolean;
  /** How many steps there will be; null if unknown. */
  readonly steps: number | null;
  /** Steps that were done before the work began; 0 where it is not given. */
  readonly done?: number;
  /** When the work began, in seconds on the clock of the updates. */
  readonly start: number;
  /** Characters between the brackets; Keras's are 30 and 20. */
  readonly width?: number;
  /** What a step is called; Keras says `step`. */
  readonly unit?: string;
  /** Shows the mean of the values over the steps, weighted by steps, instead of the latest ones. */
  readonly averaged?: boolean;
}

const DEFAULT_WIDTH = { keras2: 30, keras3: 20 } as const satisfies Record<Style, number>;
/** Updates sooner after the last drawn one are not drawn, except the final one. Seconds. */
const INTERVAL = 0.05;
/** Values up to this size are printed with an exponent. */
const SMALL_VALUE = 1e-3;
const BOLD = '\u001b[1m';
const GREEN = '\u001b[32m';
const WHITE = '\u001b[37m';
const RESET = '\u001b[0m';

export class ProgressBar {
  /** How many steps there will be; may be set when it becomes known, for the final update. */
  steps: number | null;
  readonly #options: ProgressBarOptions;
  /** Per name, in the order of first appearance: sum of values and count of steps in it. */
  readonly #values = new Map<string, [sum: number, count: number]>();
  #seen = 0;
  #lastDrawn = Number.NEGATIVE_INFINITY;
  #timeAfterFirstStep: number | null = null;
  /** Visible characters of the line on the screen. */
  #lineWidth = 0;

  constructor(options: ProgressBarOptions) {
    this.#options = options;
    this.steps = options.steps;
  }

  /**
   * Takes the state after a step and returns the text to write, which is empty where the update
   * comes too soon after the last one or nothing is shown before the end.
   *
   * @param step      steps done, from 1
   * @param logs      names and values to show, asked for where they are shown or averaged; new names
   *                  are added at the end
   * @param now       seconds on the clock of `start`
   * @param finalize  whether this is the last update, which ends the line; by default when `step`
   *                  has reached `steps`
   */
  update(step: number, logs: () => Logs, now: number, finalize?: boolean): string {
    const isLast = finalize ?? (this.steps !== null && step >= this.steps);
    const isShown = isLast || this.#isDue(now);
    if (isShown || this.#options.averaged) this.#take(step, logs(), isLast);
    // Before anything is left out, so that the first step is never missed.
    const perStep = this.#secondsPerStep(step, now);
    if (!isShown) return '';
    this.#lastDrawn = now;
    if (this.#options.verbose === 1) return this.#line(step, perStep, now, isLast);
    return this.steps ? this.#summaryLine(step, perStep, now) : '';
  }

  /** Whether an update that is not the last is drawn. */
  #isDue(now: number): boolean {
    const { verbose, display } = this.#options;
    return verbose === 1 && display !== 'final' && now - this.#lastDrawn >= INTERVAL;
  }

  /** Stores the values of an update. */
  #take(step: number, logs: Logs, isLast: boolean): void {
    const { averaged = false, style } = this.#options;
    for (const [name, shown] of logs) {
      const value = oneNumber(shown);
      const count = Math.max(step - this.#seen, 1);
      const old = this.#values.get(name);
      // Keras 3 trusts the last values to be those of the whole epoch.
      const restart = !averaged || !old || (style === 'keras3' && isLast);
      if (restart) this.#values.set(name, averaged ? [value * count, count] : [value, 1]);
      else this.#values.set(name, [old[0] + value * count, old[1] + count]);
    }
    this.#seen = step;
  }

  /** The time of one step, without the first one, which is not representative. */
  #secondsPerStep(step: number, now: number): number {
    const own = step - this.#before;
    if (own <= 0) return 0;
    const first = this.#timeAfterFirstStep;
    const perStep =
      first !== null && own > 1 ? (now - first) / (own - 1) : (now - this.#options.start) / own;
    if (own === 1) this.#timeAfterFirstStep = now;
    return perStep;
  }

  get #before(): number {
    return this.#options.done ?? 0;
  }

  /** The line of verbose 1 with what goes before and after it. */
  #line(step: number, perStep: number, now: number, isLast: boolean): string {
    const { display, style } = this.#options;
    const bar = style === 'keras2' ? this.#bar2(step) : this.#bar3(step);
    const info =
      style === 'keras2'
        ? this.#info2(step, perStep, now, isLast)
        : this.#info3(step, perStep, now, isLast);
    const text = bar + info + this.#valuesText(Math.abs);
    const end = isLast ? '\n' : '';
    if (display === 'final') return text + end;
    const before = display === 'in-place' ? `${'\b'.repeat(this.#lineWidth)}\r` : '\n';
    const width = visibleWidth(text);
    const padding = ' '.repeat(Math.max(0, this.#lineWidth - width));
    this.#lineWidth = width;
    return before + text + padding + end;
  }

  /** ` 7/32 [=====>....]` */
  #bar2(step: number): string {
    if (!this.steps) return this.#unknownCount(step);
    const width = this.#options.width ?? DEFAULT_WIDTH.keras2;
    const done = Math.min(width, Math.floor(width * (step / this.steps)));
    const tip = step < this.steps ? '>' : '=';
    const arrow = done > 0 ? '='.repeat(done - 1) + tip : '';
    return `${count(step, this.steps)} [${arrow}${'.'.repeat(width - done)}]`;
  }

  #info2(step: number, perStep: number, now: number, isLast: boolean): string {
    if (this.steps && !isLast) return ` - ETA: ${remainingTime(perStep * (this.steps - step))}`;
    return ` - ${this.#elapsed(now)}${formatTime(perStep, this.#unit)}`;
  }

  /** ` 7/32 ━━━━━━━━━━`, the part done in green */
  #bar3(step: number): string {
    if (!this.steps) return this.#unknownCount(step);
    const width = this.#options.width ?? DEFAULT_WIDTH.keras3;
    const done = Math.min(width, Math.floor(width * (step / this.steps)));
    const green = done > 0 ? this.#paint(GREEN, '━'.repeat(done)) : '';
    const white = this.#paint(WHITE, '━'.repeat(width - done));
    return `${this.#paint(BOLD, count(step, this.steps))} ${green}${white}`;
  }

  #info3(step: number, perStep: number, now: number, isLast: boolean): string {
    const time =
      this.steps && !isLast ? remainingTime(perStep * (this.steps - step)) : this.#elapsed(now);
    return ` ${this.#paint(BOLD, time)}${formatTime(perStep, this.#unit)}`;
  }

  /** The one line of verbose 2. */
  #summaryLine(step: number, perStep: number, now: number): string {
    const steps = this.steps ?? step;
    // Not the size of the value: Keras prints negative ones with an exponent here.
    const values = this.#valuesText((value) => value);
    const start = `${count(step, steps)} - ${this.#elapsed(now)}`;
    if (this.#options.style === 'keras3') {
      return `${start} -${formatTime(perStep, this.#unit)}${values}\n`;
    }
    const seconds = now - this.#options.start;
    const epoch = formatTime(seconds, 'epoch');
    return `${start}${values} -${epoch} -${formatTime(seconds / Math.max(1, steps - this.#before), this.#unit)}\n`;
  }

  /** ` - loss: 0.5000 - mae: 1.0000e-04`; `size` is compared with the limit for exponents. */
  #valuesText(size: (value: number) => number): string {
    let text = '';
    for (const [name, [sum, count]] of this.#values) {
      const value = sum / count;
      text += ` - ${escapeControls(name)}: ${size(value) > SMALL_VALUE ? formatFixed(value, 4) : formatScientific(value, 4)}`;
    }
    return text;
  }

  #elapsed(now: number): string {
    return `${formatFixed(now - this.#options.start, 0)}s`;
  }

  #unknownCount(step: number): string {
    return `${String(step).padStart(7)}/Unknown`;
  }

  get #unit(): string {
    return this.#options.unit ?? 'step';
  }

  #paint(code: string, text: string): string {
    return this.#options.color ? code + text + RESET : text;
  }
}

/** Several values are shown by their mean, as in Keras. */
export function oneNumber(value: LogValue): number {
  if (typeof value === 'number') return value;
  return Math.fround(value.reduce((sum, each) => sum + each, 0) / value.length);
}

/** ` 7/32`, as wide for every step. */
function count(step: number, steps: number): string {
  return `${String(step).padStart(String(steps).length)}/${steps}`;
}

/** ` 7ms/step`, in s, ms or us. */
function formatTime(seconds: number, unit: string): string {
  if (seconds >= 1 || seconds === 0) return ` ${formatFixed(seconds, 0)}s/${unit}`;
  if (seconds >= 1e-3) return ` ${formatFixed(seconds * 1e3, 0)}ms/${unit}`;
  return ` ${formatFixed(seconds * 1e6, 0)}us/${unit}`;
}

/** `5s`, `1:05` or `1:00:05`, cut to whole seconds. */
function remainingTime(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = String(Math.floor((seconds % 3600) / 60));
  const rest = String(Math.floor(seconds % 60)).padStart(2, '0');
  if (seconds > 3600) return `${hours}:${minutes.padStart(2, '0')}:${rest}`;
  return seconds > 60 ? `${minutes}:${rest}` : `${Math.trunc(seconds)}s`;
}

/** Characters without the colour codes. */
function visibleWidth(text: string): number {
  const codes = [BOLD, GREEN, WHITE, RESET];
  return codes.reduce((shown, code) => shown.replaceAll(code, ''), text).length;
}
