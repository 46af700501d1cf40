import { misfit } from './refusal.ts'

/** Numbers from here on can only be meant in milliseconds: in seconds they lie 3,000 years ahead. */
const leastMilliseconds = 1e11

/** A time as the API, the CLI or an SDK writes it, in milliseconds since 1970. */
export function timeIn(value: unknown, where: string): number {
  const time =
    value instanceof Date
      ? value.getTime()
      : typeof value === 'number'
        ? Math.round(value < leastMilliseconds ? value * 1000 : value)
        : typeof value === 'string'
          ? Date.parse(value)
          : NaN
  if (Number.isNaN(time)) throw misfit(where, 'a time', value)
  return time
}
