/** Lines around a difference that are shown with it. */
const context = 2
const most = 40
const gap = '  …'

/** Two texts side by side as a diff: `-` for what was expected, `+` for what came. */
export function differences(expected: string, actual: string): string {
  const lines = merged(expected.trimEnd().split('\n'), actual.trimEnd().split('\n'))
  const isNear = (index: number) =>
    lines
      .slice(Math.max(0, index - context), index + context + 1)
      .some((line) => !line.startsWith(' '))
  const shown: string[] = []
  for (const [index, line] of lines.entries()) {
    if (isNear(index)) shown.push(line)
    else if (shown.at(-1) !== gap) shown.push(gap)
  }
  if (shown.length <= most) return shown.join('\n')
  return [...shown.slice(0, most), `  … and ${shown.length - most} lines more`].join('\n')
}

/** The lines of both by their longest common subsequence. */
function merged(before: readonly string[], after: readonly string[]): string[] {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1
  const head = before.slice(0, start).map((line) => `  ${line}`)
  return [...head, ...unlike(before.slice(start), after.slice(start))]
}

/** Beyond this many cells, what differs is shown as a whole: the table would cost more than it tells. */
const mostCells = 4_000_000

function unlike(before: readonly string[], after: readonly string[]): string[] {
  const removed = before.map((line) => `- ${line}`)
  const added = after.map((line) => `+ ${line}`)
  if (before.length * after.length > mostCells) return [...removed, ...added]
  const width = after.length + 1
  const lengths = new Uint32Array((before.length + 1) * width)
  const at = (row: number, column: number) => lengths[row * width + column] ?? 0
  for (let row = before.length - 1; row >= 0; row -= 1) {
    for (let column = after.length - 1; column >= 0; column -= 1) {
      lengths[row * width + column] =
        before[row] === after[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1))
    }
  }
  const lines: string[] = []
  let row = 0
  let column = 0
  while (row < before.length && column < after.length) {
    if (before[row] === after[column]) {
      lines.push(`  ${before[row] ?? ''}`)
      row += 1
      column += 1
    } else if (at(row + 1, column) >= at(row, column + 1)) lines.push(removed[row++] ?? '')
    else lines.push(added[column++] ?? '')
  }
  return [...lines, ...removed.slice(row), ...added.slice(column)]
}
