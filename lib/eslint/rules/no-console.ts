import { calledBy, effectsIn } from '../effects.ts'
import { rule } from '../rule.ts'

export const noConsole = rule({
  description: "Workflow code logs by the context's `log`.",
  messages: {
    console:
      "`{{what}}` writes the same line again on every replay. Use the `log` of the workflow's " +
      'second argument, or of `yield* context()`, which is silent while replaying.',
  },
  check: (code) =>
    effectsIn(code, (node) => {
      const called = calledBy(node, code)
      const isConsole = called?.startsWith('console.') ?? false
      const isStream = called === 'process.stdout.write' || called === 'process.stderr.write'
      return isConsole || isStream ? 'console' : undefined
    }),
})
