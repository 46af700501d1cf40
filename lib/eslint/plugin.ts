import type { ESLint, Linter, Rule } from 'eslint'
import { noAsyncWorkflow } from './rules/no-async-workflow.ts'
import { noCapturedWrite } from './rules/no-captured-write.ts'
import { noClock } from './rules/no-clock.ts'
import { noConsole } from './rules/no-console.ts'
import { noIo } from './rules/no-io.ts'
import { noLateCapture } from './rules/no-late-capture.ts'
import { noOperationInBody } from './rules/no-operation-in-body.ts'
import { noPromise } from './rules/no-promise.ts'
import { noRandomness } from './rules/no-randomness.ts'
import { noSharedState } from './rules/no-shared-state.ts'
import { noUnyieldedOperation } from './rules/no-unyielded-operation.ts'
import { yieldStar } from './rules/yield-star.ts'

const rules = {
  'no-async-workflow': noAsyncWorkflow,
  'no-captured-write': noCapturedWrite,
  'no-clock': noClock,
  'no-console': noConsole,
  'no-io': noIo,
  'no-late-capture': noLateCapture,
  'no-operation-in-body': noOperationInBody,
  'no-promise': noPromise,
  'no-randomness': noRandomness,
  'no-shared-state': noSharedState,
  'no-unyielded-operation': noUnyieldedOperation,
  'yield-star': yieldStar,
} as const satisfies Record<string, Rule.RuleModule>

interface Plugin extends Omit<ESLint.Plugin, 'rules' | 'configs'> {
  readonly rules: Readonly<Record<keyof typeof rules, Rule.RuleModule>>
  readonly configs: { readonly recommended: Linter.Config[] }
}

/** Every rule, at the level that suits it: `export default [...recommended]` in eslint.config.js. */
export const recommended: Linter.Config[] = []

/** The rules, for configurations that pick their own; they go by `perdure/…`. */
export const plugin: Plugin = {
  meta: { name: 'perdure', namespace: 'perdure' },
  rules,
  configs: { recommended },
}

const errors = Object.keys(rules).map((name) => [`perdure/${name}`, 'error'] as const)

// The plugin holds the configuration, which holds the plugin.
recommended.push({
  name: 'perdure/recommended',
  plugins: { perdure: plugin },
  // A line that is logged twice breaks nothing.
  rules: { ...Object.fromEntries(errors), 'perdure/no-console': 'warn' },
})
