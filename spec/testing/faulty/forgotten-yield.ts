import { step, wait } from 'perdure'

// The receipt is built and never yielded, so nobody gets one.

export function* workflow({ to }: { to: string }) {
  const paid = yield* step('pay', () => 'paid')
  step('receipt', () => mail.send(to)) // faulty
  yield* wait('delivery', '2d')
  return paid
}

const mail = {
  async send(_to: string): Promise<void> {},
}

export const input = { to: 'Ada' }
