import { nameOfFunction, runnerOf, isWorkflowCode, type Code } from './code.ts'
import type { Origin } from './names.ts'
import type { Problem } from './rule.ts'
import { unwrap, type FunctionSyntax, type Syntax, type SyntaxOf } from './syntax.ts'

/** Something that workflow code must not do, where it is done. */
interface Effect {
  readonly node: Syntax
  /** The kind, for the message. */
  readonly kind: string
}

/** Tells what a call, a `new` or a read of a member does that it must not, if anything. */
export type Judge = (
  node: SyntaxOf<'CallExpression' | 'NewExpression' | 'MemberExpression'>,
  code: Code,
) => string | undefined

/**
 * Each effect in workflow code, and each call from workflow code of a plain function of the same file
 * that has one. The second is reported at the call: elsewhere the function may be in its right place.
 */
export function* effectsIn(code: Code, judge: Judge): Generator<Problem, void> {
  if (code.workflows.size === 0) return
  const effects = [
    ...code.each('CallExpression'),
    ...code.each('NewExpression'),
    ...code.each('MemberExpression'),
  ].flatMap((node): Effect[] => {
    const kind = judge(node, code)
    return kind === undefined ? [] : [{ node, kind }]
  })
  for (const { node, kind } of effects) {
    if (!isWorkflowCode(code, node)) continue
    yield { node, message: kind, data: { what: shown(code, node) } }
  }
  yield* effectsThroughCalls(code, effects)
}

function* effectsThroughCalls(code: Code, effects: readonly Effect[]): Generator<Problem, void> {
  const effectOf = new Map<FunctionSyntax, Effect>()
  for (const effect of effects) {
    const runner = runnerOf(code, effect.node)
    if (runner && !effectOf.has(runner)) effectOf.set(runner, effect)
  }
  const calls = code.each('CallExpression').flatMap((node) => {
    const to = code.names.functionsOf(node.callee).filter((one) => isPlain(code, one))
    const from = runnerOf(code, node)
    return from && to.length > 0 ? [{ node, from, to }] : []
  })
  // A function has the effects of what it calls.
  for (let before = -1; before !== effectOf.size;) {
    before = effectOf.size
    for (const { from, to } of calls) {
      const effect = to.map((one) => effectOf.get(one)).find((one) => one !== undefined)
      if (effect && !effectOf.has(from)) effectOf.set(from, effect)
    }
  }
  for (const { node, to } of calls) {
    const called = to.find((one) => effectOf.has(one))
    const effect = called && effectOf.get(called)
    if (!effect || !isWorkflowCode(code, node)) continue
    const via = nameOfFunction(called) ?? shown(code, node)
    const line = String(effect.node.loc?.start.line)
    const what = `${via}() (by ${shown(code, effect.node)} in line ${line})`
    yield { node, message: effect.kind, data: { what } }
  }
}

function isPlain(code: Code, node: FunctionSyntax): boolean {
  return node.generator !== true && !code.workflows.has(node)
}

/** Modules of Node that hold the same as a global, or as part of one. */
const alsoGlobal: Readonly<Record<string, readonly string[]>> = {
  console: ['console'],
  crypto: ['crypto'],
  perf_hooks: [],
  process: ['process'],
  timers: [],
  'timers/promises': [],
}

/** `Date.now`, whichever way it was reached; `uuid#v4` for what a package exports. */
export function wordOf(origin: Origin | undefined): string | undefined {
  if (!origin) return undefined
  if (origin.module === undefined) return withoutDetour(origin.path)
  const global = alsoGlobal[origin.module]
  if (global) return withoutDetour([...global, ...origin.path])
  return `${origin.module}#${origin.path.join('.')}`
}

function withoutDetour(path: readonly string[]): string {
  return path.join('.').replace(/^crypto\.webcrypto\./, 'crypto.')
}

/** What is called or constructed. */
export function calledBy(
  node: SyntaxOf<'CallExpression' | 'NewExpression' | 'MemberExpression'>,
  code: Code,
): string | undefined {
  return node.type === 'MemberExpression' ? undefined : wordOf(code.names.originOf(node.callee))
}

/** A piece of code in a message: what is called, without what it is handed. */
function shown(code: Code, node: Syntax): string {
  if (node.type === 'NewExpression') return `new ${shown(code, node.callee)}()`
  if (node.type === 'CallExpression') return `${shown(code, unwrap(node.callee))}()`
  const text = code.source.getText(node).replace(/\s+/g, ' ')
  return text.length > 40 ? `${text.slice(0, 37)}...` : text
}
