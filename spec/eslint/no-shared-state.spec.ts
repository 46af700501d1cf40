import { judge, told } from './judge.ts'

judge('no-shared-state', {
  good: {
    'variables of the file that stay as they are': `
import { step } from 'perdure'
const most = 3
let stage = 'dev'
if (process.env.STAGE) stage = process.env.STAGE
function* flow() { return [most, stage, yield* step('a', () => 1)] }`,
    'variables of the file in steps and around workflows': `
import { step } from 'perdure'
let client
const seen = []
const connect = () => (client ??= make())
function* flow() { yield* step('a', () => { seen.push(1); return connect().send(client) }) }`,
    'variables of the workflow': `
import { step } from 'perdure'
function* flow() { let n = 0; n++; const a = []; a.push(n); return [n, yield* step('a', () => a)] }`,
  },
  bad: {
    'writes to variables of the file': {
      code: `import { step } from 'perdure'
let count = 0
const seen = []
const cache = new Map()
const settings = {}
function* flow(order) {
  yield* step('a', () => 1)
  count++
  seen.push(order)
  cache.set(order.id, order)
  settings.last = order
  order.items.forEach(() => { count += 1 })
  return count
}`,
      says: told('write', 8, 9, 10, 11, 12),
    },
    'reads of what is set elsewhere': {
      code: `import { step } from 'perdure'
let mode = 'slow'
export const hurry = () => { mode = 'fast' }
function* flow() { if (mode === 'fast') yield* step('a', () => 1) }`,
      says: told('read', 4),
    },
  },
})
