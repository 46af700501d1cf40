import { all, step } from 'perdure'

// Quotes are put in a map as they come in, and booked in the map's order: that of arrival. A replay
// reads the quotes off the record, calls no body, and finds the map empty.

export function* workflow({ cities }: { cities: string[] }) {
  const quotes = new Map<string, number>()
  yield* all(
    cities.map((city) =>
      step(`quote ${city}`, async () => {
        quotes.set(city, await airline.quote(city))
      }),
    ),
  )
  for (const [city, quote] of quotes) {
    yield* step(`book ${city}`, () => airline.book(city, quote)) // faulty
  }
}

const airline = {
  async quote(city: string): Promise<number> {
    return city.length
  },
  async book(_city: string, _quote: number): Promise<void> {},
}

export const input = { cities: ['Rome', 'Oslo'] }
