import { createHash } from 'node:crypto'

// Values drawn from where they are asked for, and from nothing else: every replay draws them again.

/** A number from 0 up to, but not including, 1. */
export function drawNumber(executionArn: string, place: string): number {
  const bits = digest(executionArn, place).readBigUInt64BE() >> 11n
  return Number(bits) / 2 ** 53
}

/** A UUID in the form of version 4. */
export function drawUuid(executionArn: string, place: string): string {
  const bytes = digest(executionArn, place).subarray(0, 16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return [8, 12, 16, 20, 32].map((end, i, ends) => hex.slice(ends[i - 1] ?? 0, end)).join('-')
}

function digest(executionArn: string, place: string): Buffer {
  return createHash('sha256').update(`${executionArn}\n${place}`).digest()
}
