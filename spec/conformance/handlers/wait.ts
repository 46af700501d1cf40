import { wait } from 'perdure'

import type { Handlers } from '../handler.ts'

function* waitTwoSeconds() {
  yield* wait('2s')
}

function* waitByName() {
  yield* wait('custom_wait_name', '2s')
}

function* waitOneMinute() {
  yield* wait('1m')
}

export const handlers = {
  '2-1': { workflow: waitTwoSeconds },
  '2-2': { workflow: waitByName },
  '2-4': { workflow: waitOneMinute },
} satisfies Handlers
