import { flow, judge, told } from './judge.ts'

judge('no-randomness', {
  good: {
    'chance in the body of a step': flow(
      `yield* step('a', () => [Math.random(), crypto.randomUUID()])`,
    ),
    'chance that is replayed': flow(`return [yield* random(), yield* uuid(), Math.floor(1.5)]`),
    'ids and hashes that follow from what they are made of': `
import { createHash } from 'node:crypto'
import { v5 } from 'uuid'
import { wait } from 'perdure'
function* flow(order) { yield* wait('1s'); return [v5(order.id), createHash('sha256')] }`,
  },
  bad: {
    'numbers and bytes': {
      code: `import { randomInt as draw, webcrypto } from 'node:crypto'
import { wait } from 'perdure'
const { random } = Math
function* flow(order) {
  yield* wait('1s')
  Math.random()
  random()
  crypto.getRandomValues(new Uint8Array(8))
  draw(6)
  webcrypto.getRandomValues(new Uint8Array(8))
  order.items.filter(() => Math.random() > 0.5)
}`,
      says: told('number', 6, 7, 8, 9, 10, 11),
    },
    ids: {
      code: `import { randomUUID } from 'crypto'
import { nanoid } from 'nanoid'
import { v4 as uuid, v7 } from 'uuid'
import { wait } from 'perdure'
const newId = () => 'id-' + nanoid()
function* flow() {
  yield* wait('1s')
  crypto.randomUUID()
  randomUUID()
  uuid()
  v7()
  newId()
}`,
      says: told('id', 8, 9, 10, 11, 12),
    },
  },
})
