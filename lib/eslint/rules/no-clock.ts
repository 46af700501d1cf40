import { calledBy, effectsIn } from '../effects.ts'
import { rule } from '../rule.ts'

const calls: ReadonlySet<string> = new Set([
  'Date',
  'Date.now',
  'luxon#DateTime.local',
  'luxon#DateTime.now',
  'luxon#DateTime.utc',
  'performance.now',
  'process.hrtime',
  'process.hrtime.bigint',
  'process.uptime',
])
/** These read the clock when they are given nothing to go by. */
const withoutArguments: ReadonlySet<string> = new Set(['dayjs#', 'moment#', 'moment#utc'])

export const noClock = rule({
  description: 'Workflow code takes the time from `now()`, not from the clock.',
  messages: {
    clock:
      '`{{what}}` gives another time on every replay. Use `yield* now()`, which replays the same, ' +
      'or read the clock in a step.',
  },
  check: (code) =>
    effectsIn(code, (node) => {
      const called = calledBy(node, code)
      if (called === undefined || node.type === 'MemberExpression') return undefined
      const isEmpty = node.arguments.length === 0
      if (node.type === 'NewExpression') return called === 'Date' && isEmpty ? 'clock' : undefined
      if (called.startsWith('Temporal.Now.') || calls.has(called)) return 'clock'
      return isEmpty && withoutArguments.has(called) ? 'clock' : undefined
    }),
})
