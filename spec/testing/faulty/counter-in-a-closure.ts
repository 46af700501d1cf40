import { step, wait } from 'perdure'

// The counter lives as long as the process, not as long as the execution: a replay counts on from
// where an earlier run had come to, and on another machine from the beginning.

let sent = 0

export function* workflow({ to }: { to: string }) {
  for (const day of ['monday', 'tuesday']) {
    yield* step(`${day}, reminder ${++sent}`, () => mail.remind(to)) // faulty
    yield* wait('a day', '1d')
  }
}

const mail = {
  async remind(_to: string): Promise<void> {},
}

export const input = { to: 'Ada' }
