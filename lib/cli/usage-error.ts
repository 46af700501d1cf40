/** What the person at the keyboard can mend; shown without a stack. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export function unreachable(endpoint: string): UsageError {
  return new UsageError(
    `No local service answers at ${endpoint}.\n` +
      'Start one: npx perdure dev FILE…; or say where it is: --endpoint URL; or mean Lambda: --aws.',
  )
}
