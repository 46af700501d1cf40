import { race, step, wait } from 'perdure'

// The loser of the race takes its cancellation for a failed courier and looks for another one, which
// cancelled code cannot: the booking is never made, and nobody is told.

export function* workflow({ parcel }: { parcel: string }) {
  return yield* race('delivery', {
    courier: function* () {
      try {
        yield* wait('courier', '3h')
        return 'by courier'
      } catch {
        return yield* step('book another', () => couriers.book(parcel)) // faulty
      }
    },
    collected: function* () {
      yield* wait('customer', '1h')
      return 'collected'
    },
  })
}

const couriers = {
  async book(parcel: string): Promise<string> {
    return `${parcel} by another courier`
  },
}

export const input = { parcel: 'parcel-3' }
