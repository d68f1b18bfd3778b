/** Rows of cells as CSV: what needs quotes gets them, everything else stays as it is. */

/** The text of a table, with a line end after each row. */
export function formatTable(rows: readonly (readonly string[])[], delimiter: string): string {
  return rows.map((cells) => `${formatRow(cells, delimiter)}\n`).join('');
}

/**
 * One row, without its line end. A row of one empty cell would be a blank line, and one that begins with
 * `#` may be read as a comment, so these get quotes.
 */
export function formatRow(cells: readonly string[], delimiter: string): string {
  const isAlone = cells.length === 1;
  return cells
    .map((cell, i) => {
      const text = formatCell(cell, delimiter, isAlone);
      return i === 0 && text.startsWith('#') ? `"${text}"` : text;
    })
    .join(delimiter);
}

/** @param isAlone  whether it is the only cell of its row */
export function formatCell(cell: string, delimiter: string, isAlone: boolean): string {
  if (isAlone && cell.trim() === '') return `"${cell}"`;
  const needsQuotes = cell.includes(delimiter) || /["\r\n]/.test(cell);
  return needsQuotes ? `"${cell.replace(/"/g, '""')}"` : cell;
}
