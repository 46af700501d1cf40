import { fileURLToPath } from 'node:url'

/** Where the requirement files lie that this project is judged by: beside it. */
export const requirementsPlace = fileURLToPath(
  new URL('../../../shared/conformance', import.meta.url),
)

/** The suites of what a workflow can do; others are about what stands around it. */
export const operationSuites = [
  'step',
  'wait',
  'child',
  'callback',
  'invoke',
  'wait_for_condition',
  'wait_for_callback',
  'parallel',
  'map',
]
