import { createHash } from 'node:crypto'
import { limits } from '../kernel/limits.ts'

/**
 * The id of the `turn`-th operation of a context: its position, such as `3-1-2`, and nothing else
 * (law L1). A path too long for the service is cut and closed with a hash of the whole.
 */
export function positionId(context: string, turn: number | string): string {
  const path = context === '' ? String(turn) : `${context}-${turn}`
  return path.length <= limits.idLength ? path : shortened(path)
}

const hashLength = 16

function shortened(path: string): string {
  const hash = createHash('sha256').update(path).digest('hex').slice(0, hashLength)
  return `${path.slice(0, limits.idLength - hashLength - 1)}_${hash}`
}
