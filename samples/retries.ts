import { createDriver, isPerdureError, retry, step } from 'perdure'
import type { Scenario } from 'perdure/testing'

// A card is charged by a gateway that is sometimes away. Being away is worth another try; a declined
// card is not, and the workflow catches it as the class that was thrown, its fields included.

interface Purchase {
  card: string
  amount: number
}

export class CardDeclined extends Error {
  override readonly name = 'CardDeclined'
  readonly reason: string

  constructor(reason: string) {
    super(`The card was declined: ${reason}`)
    this.reason = reason
  }
}

export function* buy(purchase: Purchase) {
  try {
    // The key is the same for every attempt, so the gateway can tell a repeated charge from a new one.
    const charge = yield* step('charge', (its) => gateway.charge(purchase, its.idempotencyKey), {
      retry: retry.linear({
        maxAttempts: 4,
        initialDelay: '2s',
        increment: '8s',
        retryOn: [/away/],
      }),
      timeout: '10s',
    })
    yield* tell(`Paid: ${charge}`)
    return { paid: true, charge }
  } catch (error) {
    if (!(error instanceof CardDeclined)) throw error
    return { paid: false, reason: error.reason }
  }
}

/** A text message must not come twice: better none than two. */
function* tell(message: string) {
  try {
    yield* step('notify', () => phone.text(message), {
      semantics: 'at-most-once',
      retry: retry.none,
    })
  } catch (error) {
    // It is not known whether the message went out, and the customer has paid all the same.
    if (!isPerdureError(error, 'STEP_INTERRUPTED')) throw error
  }
}

export const handler = createDriver({ errors: [CardDeclined] }).lambdaHandler(buy)

// ---- what lies outside

/** How often each charge was asked for, by its key. */
const asked = new Map<string, number>()

const gateway = {
  /** Answers at the third time of asking. */
  async charge({ card, amount }: Purchase, key: string): Promise<string> {
    if (card.startsWith('9')) throw new CardDeclined('it was reported lost')
    const times = (asked.get(key) ?? 0) + 1
    asked.set(key, times)
    if (times < 3) throw new Error('The gateway is away')
    return `${amount} from ${card}`
  },
}

const phone = {
  async text(_message: string): Promise<void> {},
}

export const scenario: Scenario = { input: { card: '4000-17', amount: 1250 } }
