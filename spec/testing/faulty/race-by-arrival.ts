import { all, step } from 'perdure'

// Who bids first gets the lot, and who is first is left to how fast each answers: the branches write
// down when they were through, and nothing on record says that this decided.

export function* workflow({ bidders }: { bidders: string[] }) {
  const order: string[] = []
  yield* all(
    bidders.map((bidder) => {
      return function* () {
        order.push(yield* step(`ask ${bidder}`, () => auction.ask(bidder))) // faulty
      }
    }),
  )
  return yield* step('sell', () => order[0])
}

const auction = {
  async ask(bidder: string): Promise<string> {
    return bidder
  },
}

export const input = { bidders: ['Ada', 'Bo', 'Cleo'] }
