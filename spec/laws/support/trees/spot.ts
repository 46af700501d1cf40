import type { Stage } from '../stage.ts'
import type { Tree } from './nodes.ts'

/** Where in a tree a node is carried out. */
export interface Spot {
  readonly tree: Tree
  readonly stage: Stage
  /** The place of the body around it. */
  readonly body: string
  /** The rest of its place. */
  readonly path: string
}

export function placeOf({ body, path }: Spot): string {
  return `${body}${path}`
}
