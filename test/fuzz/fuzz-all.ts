/** All targets, each with its share of the inputs. */
import { expect } from 'vitest';
import { describeReport, fuzz, type Report, type Target } from './fuzz.ts';
import {
  csvTarget,
  documentTarget,
  formulaTarget,
  jsonLinesTarget,
  npyTarget,
  specTarget,
  stateTarget,
  weightsTarget,
} from './targets.ts';

type Share = readonly [share: number, run: (count: number, seed: number) => Promise<Report>];

function share<Input extends string | Uint8Array>(part: number, target: Target<Input>): Share {
  return [part, (count, seed) => fuzz(target, count, seed)];
}

/** Of 100 inputs, so many for each. */
const shares: readonly Share[] = [
  share(28, specTarget),
  share(5, documentTarget),
  share(20, weightsTarget()),
  share(8, stateTarget()),
  share(18, csvTarget),
  share(8, jsonLinesTarget),
  share(8, npyTarget),
  share(5, formulaTarget),
];

/**
 * Reads so many inputs and prints what came of them.
 *
 * @throws {Error} at the first input that ends in anything but a value or a UserError with a place
 */
export async function fuzzAll(count: number, seed: number): Promise<void> {
  let total = 0;
  for (const [part, run] of shares) {
    const report = await run((count * part) / 100, seed);
    total += report.inputs;
    console.log(describeReport(report));
    // Where nothing is accepted or nothing refused, nothing is tested.
    expect(report.accepted, `${report.name}: read`).toBeGreaterThan(report.inputs / 200);
    const refused = report.inputs - report.accepted;
    expect(refused, `${report.name}: refused`).toBeGreaterThan(report.inputs / 200);
  }
  expect(total).toBe(count);
}
