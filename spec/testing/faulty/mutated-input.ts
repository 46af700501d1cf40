import { step, wait } from 'perdure'

// A step takes the gift out of the order that the workflow goes on with. A replay has the order as it
// came, and no step that takes the gift out of it once more.

interface Order {
  items: string[]
}

export function* workflow(order: Order) {
  yield* step('wrap', () => {
    return order.items.splice(order.items.indexOf('gift'), 1) // faulty
  })
  yield* wait('packing', '1h')
  return yield* step('weigh', () => order.items.length)
}

export const input: Order = { items: ['book', 'gift', 'pen'] }
