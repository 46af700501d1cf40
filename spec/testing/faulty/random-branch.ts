import { step, wait } from 'perdure'

// Half of the customers get the new letter; which half, each replay draws anew.

export function* workflow({ customer }: { customer: string }) {
  const letter = Math.random() < 0.5 ? 'old' : 'new' // faulty
  yield* step(`send the ${letter} letter`, () => mail.send(letter, customer))
  yield* wait('answer', '2w')
  return letter
}

const mail = {
  async send(_letter: string, _customer: string): Promise<void> {},
}

export const input = { customer: 'Ada' }
