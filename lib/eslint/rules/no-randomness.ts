import { calledBy, effectsIn } from '../effects.ts'
import { rule } from '../rule.ts'

const numbers: ReadonlySet<string> = new Set([
  'Math.random',
  'crypto.generateKey',
  'crypto.generateKeyPair',
  'crypto.generateKeyPairSync',
  'crypto.generateKeySync',
  'crypto.getRandomValues',
  'crypto.randomBytes',
  'crypto.randomFill',
  'crypto.randomFillSync',
  'crypto.randomInt',
])
const ids: ReadonlySet<string> = new Set([
  'crypto.randomUUID',
  'nanoid#nanoid',
  'ulid#ulid',
  'uuid#v1',
  'uuid#v4',
  'uuid#v6',
  'uuid#v7',
])

export const noRandomness = rule({
  description: 'Workflow code draws from `random()` and `uuid()`.',
  messages: {
    number:
      '`{{what}}` answers differently on every replay. Use `yield* random()`, which replays the ' +
      'same, or draw in a step, as everything secret must be.',
    id:
      '`{{what}}` makes another id on every replay. Use `yield* uuid()`, which replays the same, ' +
      'or make the id in a step.',
  },
  check: (code) =>
    effectsIn(code, (node) => {
      const called = calledBy(node, code) ?? ''
      if (numbers.has(called)) return 'number'
      return ids.has(called) ? 'id' : undefined
    }),
})
