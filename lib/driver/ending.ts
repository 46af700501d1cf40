import type { PerdureError } from '../kernel/errors.ts'
import type { Descriptor } from '../operations/operation.ts'

/** How the machine has ended: what the workflow returned or threw, or why it had to be stopped. */
export type Ending =
  | { readonly how: 'returned'; readonly value: unknown }
  | { readonly how: 'threw'; readonly error: unknown }
  | {
      readonly how: 'stopped'
      readonly error: PerdureError
      /** The operation whose yield it was stopped at, where there is one. */
      readonly at?: Descriptor<unknown> | undefined
      /** Whether the error has its line already. */
      readonly isPlaced?: boolean
    }
