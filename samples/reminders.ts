import { createCallback, driver, isPerdureError, step, wait } from 'perdure'
import type { Scenario } from 'perdure/testing'

// An invoice has a fortnight of peace, then a reminder a week, each with a link that lets the customer
// say that it is paid. Two months may pass, and no more than a few seconds of them are computed.

interface Invoice {
  number: string
  amount: number
}

interface Payment {
  paidWith: string
}

const mostReminders = 3

export function* collect(invoice: Invoice) {
  yield* wait('peace', '2w')
  for (let reminder = 1; reminder <= mostReminders; reminder++) {
    const callback = yield* createCallback<Payment>(`paid-${reminder}`, { timeout: '1w' })
    yield* step(`remind-${reminder}`, () => mail.remind(invoice, reminder, callback.id))
    try {
      const { paidWith } = yield* callback.result
      return { number: invoice.number, reminders: reminder, paidWith }
    } catch (error) {
      if (!isPerdureError(error, 'CALLBACK_TIMED_OUT')) throw error
    }
  }
  yield* step('hand over', () => lawyers.sue(invoice))
  return { number: invoice.number, reminders: mostReminders, paidWith: null }
}

export const handler = driver.lambdaHandler(collect)

// ---- what lies outside

const mail = {
  async remind(_invoice: Invoice, _reminder: number, _callbackId: string): Promise<void> {},
}

const lawyers = {
  async sue(_invoice: Invoice): Promise<void> {},
}

/** The customer wakes up two days after the second reminder. */
export const scenario: Scenario = {
  input: { number: '2026-041', amount: 99 },
  callbacks: { 'paid-2': { after: '2d', succeed: { paidWith: 'transfer' } } },
}
