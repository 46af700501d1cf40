/** An error of the programs' own, under a name of its own. */
export class PaymentError extends Error {
  override readonly name = 'PaymentError'
}

export function fail(message = 'no funds'): never {
  throw new PaymentError(message)
}
