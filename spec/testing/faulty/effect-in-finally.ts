import { race, step, wait } from 'perdure'

// The seat is to be given back whatever happens, by a step in `finally`. When the branch is cancelled,
// no step begins any more, and the seat stays taken.

export function* workflow({ seat }: { seat: string }) {
  return yield* race('booking', {
    paid: function* () {
      yield* step('hold', () => seats.hold(seat))
      try {
        yield* wait('payment', '1h')
        return 'paid'
      } finally {
        yield* step('give back', () => seats.giveBack(seat)) // faulty
      }
    },
    late: function* () {
      yield* wait('patience', '10m')
      return 'too late'
    },
  })
}

const seats = {
  async hold(_seat: string): Promise<void> {},
  async giveBack(_seat: string): Promise<void> {},
}

export const input = { seat: '12A' }
