/**
 * A regular expression as Python writes it, which is how the requirement files do. What both
 * languages spell alike stays as it is.
 */
export function pattern(source: string): RegExp {
  const [, letters = '', body = source] = /^\(\?([a-zA-Z]+)\)([^]*)$/.exec(source) ?? []
  const translated = body.replace(pythonOnly, (spelling, escaped, names, named, start, end) => {
    if (escaped) return spelling
    if (names) return `(?<${names}>`
    if (named) return `\\k<${named}>`
    if (start) return '(?<![^])'
    if (end) return '(?![^])'
    return spelling
  })
  try {
    return new RegExp(translated, flags(letters))
  } catch (cause) {
    throw new Error(`Expected a regular expression, got /${source}/.`, { cause })
  }
}

/** An escaped backslash comes first, so that the `A` of `\\A` is not taken for an anchor. */
const pythonOnly = /(\\\\)|\(\?P<(\w+)>|\(\?P=(\w+)\)|(\\A)|(\\Z)/g

function flags(letters: string): string {
  const unknown = [...letters].find((letter) => !(letter in flagOf))
  if (unknown !== undefined) throw new Error(`Python's flag (?${unknown}) has no counterpart here.`)
  return [...new Set([...letters].map((letter) => flagOf[letter]))].join('')
}

/** Python's letter for a flag, and ours. Its `a`, `L` and `u` choose a character set: nothing to do. */
const flagOf: Record<string, string> = { i: 'i', m: 'm', s: 's', a: '', u: '', L: '' }
