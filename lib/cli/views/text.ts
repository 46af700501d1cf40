import { styleText } from 'node:util'

// Words and columns for a terminal.

/** A text of at most `longest` characters, the last of them `…` where some were cut off. */
export function shortened(text: string, longest: number): string {
  if (text.length <= longest) return text
  const characters = [...text.slice(0, longest * 2)]
  if (characters.length <= longest && text.length <= longest * 2) return text
  return `${characters.slice(0, longest - 1).join('')}…`
}

/**
 * A text of others as one line: what would move the cursor, colour the terminal or turn the direction
 * of writing is shown as its code.
 */
export function oneLine(text: string, longest = Infinity): string {
  const line = shortened(text, longest === Infinity ? text.length : longest)
    .replace(/\s*[\r\n]+\s*/g, ' ')
    .replaceAll('\t', ' ')
  return line.replace(
    // eslint-disable-next-line no-control-regex -- those are what is looked for
    /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

const units = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
] as const

/** A span of time by its two largest units: `340 ms`, `1.2 s`, `2 m 5 s`, `3 d`. */
export function span(milliseconds: number): string {
  const whole = Math.max(0, Math.round(milliseconds))
  if (whole < 1000) return `${whole} ms`
  if (whole < 10_000) return `${String(Math.floor(whole / 100) / 10)} s`
  let seconds = Math.floor(whole / 1000)
  const first = units.findIndex(([, size]) => seconds >= size)
  const parts: string[] = []
  for (const [unit, size] of units.slice(first, first + 2)) {
    const count = Math.floor(seconds / size)
    seconds -= count * size
    if (count > 0) parts.push(`${count} ${unit}`)
  }
  return parts.join(' ')
}

/** An ISO time to the second, as people read it: `2026-01-01 09:30:00Z`. */
export function moment(iso: string): string {
  return `${iso.slice(0, 19).replace('T', ' ')}Z`
}

/** Milliseconds from one ISO time to another. */
export function between(from: string, to: string): number {
  return Date.parse(to) - Date.parse(from)
}

/** How long ago, or how far ahead, `iso` is: `2 h ago`, `in 3 d`. */
export function relative(iso: string, now: string): string {
  const distance = between(iso, now)
  if (distance === 0) return 'now'
  return distance > 0 ? `${span(distance)} ago` : `in ${span(-distance)}`
}

export function ordinal(number: number): string {
  const tens = number % 100
  const end = tens >= 11 && tens <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th')
  return `${number}${end}`
}

/** `1 event`, `2 events`. */
export function count(number: number, noun: string): string {
  return `${number.toLocaleString('en-US')} ${noun}${number === 1 ? '' : 's'}`
}

/** A text as a shell takes it for one word. */
export function shellWord(text: string): string {
  return /^[\w-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

/** Columns of one width; those that are empty in every row are left out. */
export function columns(rows: readonly (readonly string[])[], gap = '  '): string[] {
  const widths: number[] = []
  for (const row of rows) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, width(cell))
  }
  return rows.map((row) =>
    row
      .flatMap((cell, i) => {
        const room = widths[i] ?? 0
        return room === 0 ? [] : [cell + ' '.repeat(room - width(cell))]
      })
      .join(gap)
      .trimEnd(),
  )
}

// eslint-disable-next-line no-control-regex -- the codes of `styleText`
const colours = /\u001b\[\d+m/g

function width(cell: string): number {
  return [...cell.replaceAll(colours, '')].length
}

export type Format = Parameters<typeof styleText>[0]

/** Puts a text in a colour, or leaves it as it is. */
export type Paint = (format: Format, text: string) => string

/** Paint for a terminal that wants it. */
export function painter(isColoured: boolean): Paint {
  // Whether the terminal wants it has been asked; Node would ask that of its own standard output.
  return (format, text) =>
    isColoured && text !== '' ? styleText(format, text, { validateStream: false }) : text
}

/** Whether a stream wants colours: a terminal does, unless NO_COLOR or TERM=dumb; FORCE_COLOR decides. */
export function wantsColours(
  stream: { readonly isTTY?: boolean | undefined },
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  const { NO_COLOR: no = '', FORCE_COLOR: force, TERM: term } = env
  if (force !== undefined && force !== '') return force !== '0' && force !== 'false'
  if (no !== '' || term === 'dumb') return false
  return stream.isTTY === true
}
