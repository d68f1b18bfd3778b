/** What the cells of a table may mean by their text: a number, or a value that is missing. */
import { isMissing, parseNumber } from './number.ts';

/** How cells are written where it is not the usual way. */
export interface SyntaxChoice {
  /** The texts that say a value is missing, besides the empty one; undefined for the usual ones. */
  readonly na?: readonly string[];
  /** Whether `1,5` is one and a half; then `1.5` is no number. */
  readonly decimalComma?: boolean;
}

/** A syntax for one source. */
interface SourceSyntax extends SyntaxChoice {
  /** Whether its numbers are numbers, as in JSON, which are written with a point in any case. */
  readonly isTyped?: boolean;
}

/** Reads single cells. */
export interface CellSyntax {
  /** The double nearest to the number in a cell; undefined for anything else, also for what is missing. */
  number(cell: string): number | undefined;
  isMissing(cell: string): boolean;
}

/** Numbers with a point; missing are empty cells, `NA`, `N/A`, `NaN`, `null`, `None` and `?`. */
export const USUAL_SYNTAX: CellSyntax = { number: parseNumber, isMissing };

/** The syntax that was chosen. */
export function cellSyntax({ na, decimalComma, isTyped }: SourceSyntax): CellSyntax {
  if (na === undefined && !decimalComma) return USUAL_SYNTAX;
  const number = !decimalComma ? parseNumber : isTyped ? numberOfEither : numberWithComma;
  if (na === undefined) return { number, isMissing };
  const isAbsent = isOneOf(new Set(na));
  // -999 may be a word for what is missing; then it is no number.
  const isPlain = na.every((word) => number(word) === undefined);
  return {
    number: isPlain ? number : (cell) => (isAbsent(cell) ? undefined : number(cell)),
    isMissing: isAbsent,
  };
}

function numberWithComma(cell: string): number | undefined {
  return cell.includes('.') ? undefined : parseNumber(cell.replace(',', '.'));
}

function numberOfEither(cell: string): number | undefined {
  return parseNumber(cell) ?? numberWithComma(cell);
}

function isOneOf(words: ReadonlySet<string>): (cell: string) => boolean {
  return (cell) => {
    const text = cell.trim();
    return text === '' || words.has(text);
  };
}
