import { object, number, string } from 'superstruct'
import {
  driver,
  invoke,
  isPerdureError,
  retry,
  step,
  wait,
  waitForCallback,
  type WorkflowContext,
} from 'perdure'
import type { Scenario } from 'perdure/testing'
import { handler as shipping } from './shipping.ts'

// An order is charged at once, kept through a day in which the customer may think again, approved by
// a person, and shipped by another function. Whatever goes wrong after the charge gives the money back.

interface Order {
  id: string
  amount: number
}

interface Approval {
  ok: boolean
  by: string
}

export function* checkout(order: Order, { log }: WorkflowContext) {
  const payment = yield* step('charge', ({ idempotencyKey }) =>
    payments.charge(order, idempotencyKey),
  )
  log.info('charged', { payment: payment.id })
  try {
    yield* wait('cooling-off', '1d')
    const approval = yield* waitForCallback<Approval>(
      'approve',
      (callbackId) => mail.askForApproval(order, callbackId),
      { timeout: '3d' },
    )
    if (!approval.ok) return yield* refund(payment, `declined by ${approval.by}`)

    const { tracking } = yield* invoke<Shipment, Order>('shipping', order)
    return { payment: payment.id, tracking, approvedBy: approval.by }
  } catch (error) {
    if (!isPerdureError(error)) throw error
    return yield* refund(payment, error.code)
  }
}

/** Plain delegation: a helper is a generator too, and costs nothing. */
function* refund(payment: Payment, reason: string) {
  yield* step('refund', () => payments.refund(payment), { retry: retry.fixed({ delay: '10s' }) })
  return { payment: payment.id, refunded: true, reason }
}

export const handler = driver.lambdaHandler(checkout, {
  input: object({ id: string(), amount: number() }),
})

// ---- what lies outside: in real life other services, here as little as shows the point

interface Payment {
  id: string
  amount: number
}

interface Shipment {
  tracking: string
}

/** What has been charged and not given back, by key. */
export const charges = new Map<string, Payment>()

const payments = {
  /** Charges once for each key, as payment services do, so that a repeated attempt costs nobody twice. */
  async charge(order: Order, key: string): Promise<Payment> {
    const payment = charges.get(key) ?? { id: `pay-${order.id}`, amount: order.amount }
    charges.set(key, payment)
    return payment
  },
  async refund(payment: Payment): Promise<void> {
    for (const [key, { id }] of charges) if (id === payment.id) charges.delete(key)
  },
}

const mail = {
  async askForApproval(_order: Order, _callbackId: string): Promise<void> {},
}

/** The world in which `npm start` plays this sample; the invocation dies once, just after the charge. */
export const scenario: Scenario = {
  input: { id: 'order-17', amount: 4200 },
  callbacks: { approve: { after: '2h', succeed: { ok: true, by: 'Alex' } } },
  functions: { shipping: { plain: shipping } },
  crashes: ['charge'],
}
