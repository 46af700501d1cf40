import { childContext, createDriver, retry, step, wait } from 'perdure'
import type { Scenario } from 'perdure/testing'

// A trip is a hotel and a flight. Each is several operations that count as one: recorded with one
// result, skipped whole by every replay after that, and failing with one error.

interface Trip {
  traveller: string
  city: string
}

export class NotBookable extends Error {
  override readonly name = 'NotBookable'
}

export function* book({ traveller, city }: Trip) {
  const hotel = yield* childContext('hotel', function* () {
    const room = yield* step('reserve', () => `room for ${traveller} in ${city}`)
    yield* wait('confirmation', '10m')
    return room
  })
  try {
    const flight = yield* childContext('flight', () => bookFlight(traveller, city), {
      mapError: (error) => new NotBookable(`No flight to ${city}: ${messageOf(error)}`),
    })
    return { hotel, flight }
  } catch (error) {
    if (!(error instanceof NotBookable)) throw error
    yield* step('cancel', () => `cancelled ${hotel}`)
    return { hotel: null, flight: null, reason: error.message }
  }
}

function* bookFlight(traveller: string, city: string) {
  const seat = yield* step('seat', () => airline.reserve(city), { retry: retry.none })
  return yield* step('ticket', () => `${seat} for ${traveller}`)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

export const handler = createDriver({ errors: [NotBookable] }).lambdaHandler(book)

// ---- what lies outside

const airline = {
  async reserve(city: string): Promise<string> {
    if (city === 'Atlantis') throw new Error('nobody flies there')
    return `seat 12A to ${city}`
  },
}

export const scenario: Scenario = { input: { traveller: 'Ada', city: 'Lisbon' } }
