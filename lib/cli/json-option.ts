import { readFileSync } from 'node:fs'
import { UsageError } from './usage-error.ts'

/** JSON from the command line: itself, `@FILE`, or `-` for what is piped in. Answers its text. */
export function jsonText(option: string, given: string): string {
  const text =
    given === '-' ? readFileSync(0, 'utf8') : given.startsWith('@') ? fileText(given) : given
  try {
    JSON.parse(text)
    return text
  } catch (error) {
    const shown = text.length > 60 ? `${text.slice(0, 57)}…` : text
    throw new UsageError(
      `${option} is not JSON: ${shown}\n${(error as Error).message}\n` +
        `Text needs its quotes: ${option} '"like this"'. @FILE reads a file, - what is piped in.`,
    )
  }
}

function fileText(given: string): string {
  const file = given.slice(1)
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`)
  }
}
