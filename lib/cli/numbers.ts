import { UsageError } from './usage-error.ts'

/** A whole number from the command line, from `least` up. */
export function wholeNumber(option: string, text: string, least = 1): number {
  const number = Number(text)
  if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number >= least) return number
  throw new UsageError(`${option} takes a whole number from ${least} up, got ${text}.`)
}
