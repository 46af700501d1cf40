import eslint from '@eslint/js'
import { defineConfig } from 'eslint/config'
import { tsImport } from 'tsx/esm/api'
import tseslint from 'typescript-eslint'

// From the source, so that linting needs no build.
const perdure = await tsImport('./lib/eslint.ts', import.meta.url)

/** What lib may touch only where a port hands it in: time, chance, and the process around it. */
const time = (() => {
  const message = 'Time enters by the `Clock` port of lib/kernel/clock.ts.'
  const timers = ['setTimeout', 'setInterval', 'setImmediate']
  const modules = ['node:timers', 'timers', 'node:timers/promises', 'timers/promises']
  return {
    globals: [...timers, 'performance'].map((name) => ({ name, message })),
    properties: [
      { object: 'Date', property: 'now', message },
      { object: 'process', property: 'hrtime', message },
      ...timers.map((property) => ({ object: 'globalThis', property, message })),
    ],
    syntax: [
      { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message },
      { selector: "CallExpression[callee.name='Date']", message },
    ],
    imports: modules.map((name) => ({ name, message })),
  }
})()

const chance = (() => {
  const message = 'Chance enters by the `Random` port of lib/kernel/random.ts.'
  const importNames = ['randomUUID', 'randomBytes', 'randomInt', 'randomFillSync', 'webcrypto']
  return {
    globals: [{ name: 'crypto', message }],
    properties: [{ object: 'Math', property: 'random', message }],
    syntax: [],
    imports: ['node:crypto', 'crypto'].map((name) => ({ name, importNames, message })),
  }
})()

const surroundings = {
  globals: [{ name: 'console', message: 'Log through the `Log` that was handed in.' }],
  properties: [
    { object: 'process', property: 'exit', message: 'Only the command line ends the process.' },
  ],
  syntax: [],
  imports: [],
}

const ban = (...kinds) => ({
  'no-restricted-globals': ['error', ...kinds.flatMap((kind) => kind.globals)],
  'no-restricted-properties': ['error', ...kinds.flatMap((kind) => kind.properties)],
  'no-restricted-syntax': ['error', ...kinds.flatMap((kind) => kind.syntax)],
  'no-restricted-imports': ['error', { paths: kinds.flatMap((kind) => kind.imports) }],
})

export default defineConfig(
  // The types that fidelity goes by are installed only where it runs.
  { ignores: ['dist/', 'coverage/', 'spec/fidelity/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  eslint.configs.recommended,
  {
    files: ['**/*.{js,cjs,mjs}'],
    languageOptions: {
      globals: Object.fromEntries(
        [...Object.getOwnPropertyNames(globalThis), 'module', 'require'].map((name) => [
          name,
          'readonly',
        ]),
      ),
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      // A workflow may return before it yields anything.
      'require-yield': 'off',
      '@typescript-eslint/no-invalid-void-type': ['error', { allowInGenericTypeArguments: true }],
      // `return this.#settle(x)` ends a function that answers nothing.
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        {
          ignoreArrowShorthand: true,
          ignoreVoidOperator: true,
          ignoreVoidReturningFunctions: true,
        },
      ],
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      // `{ stack, ...rest }` is how a field is left out.
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // A text spread is its code points, and that is what is meant.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // What a workflow threw is thrown on as it came.
      '@typescript-eslint/only-throw-error': ['error', { allowThrowingUnknown: true }],
      '@typescript-eslint/prefer-promise-reject-errors': ['error', { allowThrowingUnknown: true }],
      // `default` says "and all the others", on purpose.
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      // `async` also turns what is thrown into a rejection, and that is reason enough.
      '@typescript-eslint/require-await': 'off',
    },
  },
  { files: ['samples/**/*.ts'], extends: [perdure.recommended] },
  { files: ['lib/**/*.ts'], rules: ban(time, chance, surroundings) },
  {
    files: ['lib/kernel/clock.ts', 'lib/testing/virtual-clock.ts'],
    rules: ban(chance, surroundings),
  },
  { files: ['lib/kernel/random.ts'], rules: ban(time, surroundings) },
  // Traps name what they trap.
  { files: ['lib/driver/checking/traps.ts'], rules: ban(surroundings) },
  {
    files: ['lib/cli/**/*.ts', 'lib/server/workers/bootstrap/main.ts', 'lib/testing/exit-trap.ts'],
    rules: ban(time, chance),
  },
)
