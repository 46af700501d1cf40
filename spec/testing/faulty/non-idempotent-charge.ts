import { step, wait } from 'perdure'

// The charge carries no key, so that the gateway cannot tell an attempt that is made again from a new
// charge: a crash between the call and its record charges twice.

export function* workflow({ amount }: { amount: number }) {
  const charge = yield* step('charge', () => gateway.charge(amount)) // faulty
  yield* wait('settlement', '1d')
  return charge
}

/** The amounts that were charged. */
export const charges: number[] = []

const gateway = {
  async charge(amount: number): Promise<string> {
    charges.push(amount)
    return `charge of ${amount}`
  },
}

/** Forgets what happened outside. */
export function reset(): void {
  charges.length = 0
}

/** What has happened outside, to be the same however often the process dies. */
export function world(): unknown {
  return [...charges]
}

export const input = { amount: 40 }
