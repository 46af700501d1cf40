import { RuleTester } from 'eslint'
import { plugin } from 'perdure/eslint'
import tseslint from 'typescript-eslint'

/** What a rule says of a piece of code: the message, and the line that it points to. */
type Told = readonly [message: string, line: number]

interface Bad {
  readonly code: string
  readonly says: readonly Told[]
  /** What the code is after the fix. */
  readonly fixed?: string
  /** What the code would be if the suggestion were taken. */
  readonly suggested?: string
  readonly options?: readonly unknown[]
}

interface Cases {
  /** By what they show. */
  readonly good: Readonly<Record<string, string>>
  readonly bad: Readonly<Record<string, Bad>>
}

const javascript = new RuleTester({
  languageOptions: { sourceType: 'module', ecmaVersion: 'latest' },
})
const typescript = new RuleTester({ languageOptions: { parser: tseslint.parser } })

/** Cases in plain JavaScript, read by ESLint's own parser and by TypeScript's. */
export function judge(name: keyof typeof plugin.rules, cases: Cases): void {
  javascript.run(name, plugin.rules[name], testsOf(cases))
  typescript.run(`${name}, on what TypeScript's parser reads`, plugin.rules[name], testsOf(cases))
}

/** Cases that need TypeScript's syntax. */
export function judgeTyped(name: keyof typeof plugin.rules, cases: Cases): void {
  typescript.run(`${name}, on types`, plugin.rules[name], testsOf(cases))
}

/** The same message in each of these lines. */
export function told(message: string, ...lines: number[]): readonly Told[] {
  return lines.map((line) => [message, line])
}

/** A workflow around `body`, which begins in line 3. */
export function flow(body: string): string {
  return `import { all, childContext, createCallback, fork, map, now, race, random, step, uuid, wait } from 'perdure'
export function* flow(order, { log }) {
${body}
}`
}

function testsOf({ good, bad }: Cases): Parameters<RuleTester['run']>[2] {
  return {
    valid: Object.entries(good).map(([name, code]) => ({ name: `allows ${name}`, code })),
    invalid: Object.entries(bad).map(([name, { code, says, fixed, suggested, options }]) => ({
      name: `reports ${name}`,
      code,
      ...(options && { options: [...options] }),
      output: fixed ?? null,
      errors: says.map(([messageId, line]) => ({
        messageId,
        line,
        ...(suggested !== undefined && {
          suggestions: [{ messageId: 'add', output: suggested }],
        }),
      })),
    })),
  }
}
