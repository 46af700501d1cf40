import type { Fault } from '../faults.ts'
import { World, type Setting, type Witnessed } from '../world.ts'
import { carryOut } from './carry-out.ts'
import type { Tree } from './nodes.ts'

/** Runs a tree of concurrent operations to its end, its bodies ending in the order drawn from `order`. */
export function runTree(
  tree: Tree,
  setting: Setting,
  { order, faults = [] }: { readonly order: number; readonly faults?: readonly Fault[] },
): Promise<Witnessed> {
  const code = (stage: Parameters<typeof carryOut>[1]) => carryOut(tree, stage)
  return new World({ ...setting, code, order, faults }).run()
}
