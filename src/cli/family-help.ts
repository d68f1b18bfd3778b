/** `mlp help FAMILY`: the names that a model file may use, and what each is. */
import { ExitCode, UserError } from '../errors.ts';
import { formatFamily, formatFamilyJson } from '../report/family-text.ts';
import { type FamilyName, families } from '../spec/families.ts';
import { quote } from '../words.ts';
import type { Output } from './io.ts';

/**
 * Prints a family.
 *
 * @param options  the words after its name: `--json`, or none
 * @throws {UserError} exit 2 for other words
 */
export async function familyHelp(
  name: FamilyName,
  options: readonly string[],
  output: Output,
): Promise<void> {
  const unknown = options.filter((word) => word !== '--json');
  if (unknown.length > 0) {
    const found = unknown.map(quote).join(' ');
    throw new UserError(ExitCode.usage, `help ${name}: expected --json at most; found ${found}`);
  }
  const family = await families[name]();
  const text = options.length > 0 ? formatFamilyJson(family) : formatFamily(family, output.columns);
  await output.write(text);
}
