import { all, driver, isPerdureError, retry, saga, step } from 'perdure'
import type { Scenario } from 'perdure/testing'

// A trip is a hotel, a flight and a car, or nothing. Each booking says how it is given back; when a
// later one fails, those before are given back, last first, each as a durable step of its own.

interface Trip {
  city: string
  nights: number
}

export function* bookTrip({ city, nights }: Trip) {
  try {
    return yield* saga('trip', function* () {
      const [hotel, flight] = yield* all('stay and flight', [
        step('hotel', () => agency.book('hotel', city), {
          compensate: (booking) => agency.giveBack(booking),
        }),
        step('flight', () => agency.book('flight', city), {
          compensate: (booking) => agency.giveBack(booking),
        }),
      ])
      const car = yield* step('car', () => agency.book('car', city), { retry: retry.none })
      return { booked: [hotel, flight, car], nights }
    })
  } catch (error) {
    // SAGA_FAILED, or the failure itself where there was nothing to give back.
    if (!isPerdureError(error)) throw error
    return { booked: [], why: error.message }
  }
}

export const handler = driver.lambdaHandler(bookTrip)

// ---- what lies outside

/** What is booked now. */
export const bookings = new Set<string>()

/** The order in which bookings were given back. */
export const givenBack: string[] = []

const agency = {
  async book(what: string, city: string): Promise<string> {
    if (what === 'car' && city === 'Venice') throw new Error('no cars in Venice')
    const booking = `${what} in ${city}`
    bookings.add(booking)
    return booking
  },
  async giveBack(booking: string): Promise<void> {
    if (bookings.delete(booking)) givenBack.push(booking)
  },
}

export const scenario: Scenario = { input: { city: 'Venice', nights: 3 } }
