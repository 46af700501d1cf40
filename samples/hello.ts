import { driver, now, step, wait } from 'perdure'
import type { Scenario } from 'perdure/testing'

// The least that shows the point: a step that runs once, a wait that costs nothing, a result.

interface Guest {
  name: string
}

export function* hello({ name }: Guest) {
  const greeting = yield* step('greet', () => `Hello, ${name}!`)
  yield* wait('tea', '5m')
  const day = new Date(yield* now()).toISOString().slice(0, 10)
  return { greeting, day }
}

export const handler = driver.lambdaHandler(hello)

export const scenario: Scenario = { input: { name: 'Ada' } }
