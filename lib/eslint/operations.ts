import type { BuilderName } from './builders.ts'
import { nameOfFunction, type Code } from './code.ts'
import { keyOf, unwrap, type Syntax } from './syntax.ts'

/** An operation, or what is run by `yield*` as one. */
export interface Found {
  /** As people know it: `step`, the name of a workflow, `task.cancel`. */
  readonly name: string
  readonly is: 'operation' | 'coroutine' | 'task'
}

/** What `node` makes, where it makes an operation or a coroutine right there. */
export function builtBy(code: Code, node: Syntax): Found | undefined {
  const call = unwrap(node)
  if (call.type !== 'CallExpression') return undefined
  const name = code.builderOf(call)
  if (name !== undefined) return { name, is: 'operation' }
  const coroutine = code.names
    .functionsOf(call.callee)
    .find((one) => one.generator === true && code.workflows.has(one))
  if (coroutine) return { name: nameOfFunction(coroutine) ?? 'the workflow', is: 'coroutine' }
  const { callee } = call
  if (callee.type !== 'MemberExpression' || keyOf(callee) !== 'cancel') return undefined
  return isAnswerOf(code, callee.object, 'fork') ? { name: 'cancel', is: 'operation' } : undefined
}

/** What `node` is, be it by name: an operation that was built before, a callback's result, a task. */
export function operationOf(code: Code, node: Syntax): Found | undefined {
  const built = builtBy(code, code.names.valueOf(node))
  if (built) return built
  if (isAnswerOf(code, node, 'fork')) return { name: 'the task', is: 'task' }
  const isResult = isAnswerOf(code, node, 'createCallback', 'result')
  return isResult ? { name: 'result', is: 'operation' } : undefined
}

/** Whether `node` is what `yield*` gave for an operation of that builder, or a part of that. */
export function isAnswerOf(code: Code, node: Syntax, name: BuilderName, part = ''): boolean {
  const { node: from, path } = code.names.sourceOf(node)
  if (path.join('.') !== part || from.type !== 'YieldExpression') return false
  return from.argument ? code.builderOf(code.names.valueOf(from.argument)) === name : false
}
