import type { Scope } from 'eslint'
import { isWorkflowCode, methodOf, type Code } from '../code.ts'
import { rule } from '../rule.ts'
import { isFunction, parentOf, unwrap, wrapped, type Name, type Syntax } from '../syntax.ts'

export const noLateCapture = rule({
  description: 'Operations that are collected in a loop read no variable that the loop changes.',
  messages: {
    late:
      '`{{name}}` is read when the operation is carried out, and by then the loop has changed it. ' +
      'Keep what it is now in a `const` inside of the loop, and read that.',
  },
  *check(code) {
    const collected = code
      .each('CallExpression')
      .filter((call) => code.builderOf(call) !== undefined)
      .flatMap((call) => collectedIn(code, call))
    if (collected.length === 0) return
    const reported = new Set<Syntax>()
    for (const variable of code.source.scopeManager.scopes.flatMap(({ variables }) => variables)) {
      for (const { made, loops } of collected) {
        const changing = loops.filter((loop) => isChangedBy(variable, loop, made))
        if (changing.length === 0) continue
        for (const { identifier } of variable.references.filter((one) => one.isRead())) {
          const node = identifier as Name
          if (reported.has(node) || !isReadLater(node, made)) continue
          reported.add(node)
          yield { node, message: 'late', data: { name: variable.name } }
        }
      }
    }
  },
})

/** What was added to a list, and the loops around it in which the list is not made anew. */
interface Collected {
  readonly made: Syntax
  readonly loops: readonly Syntax[]
}

const adds: ReadonlySet<string> = new Set(['push', 'unshift'])

/** Where an operation, or a function that builds it, is an argument of `list.push(…)` in a loop. */
function collectedIn(code: Code, operation: Syntax): Collected[] {
  let isYielded = false
  for (let node = wrapped(operation); ; node = wrapped(node)) {
    const around = parentOf(node)
    if (around === null) return []
    // What is yielded is carried out by the function that it stands in, whenever that is.
    if (around.type === 'YieldExpression') isYielded = true
    if (isFunction(around)) isYielded = false
    if (around.type === 'CallExpression' && around.callee !== node) {
      if (isYielded || !adds.has(methodOf(around) ?? '')) return []
      if (!isWorkflowCode(code, around)) return []
      const list = around.callee.type === 'MemberExpression' ? unwrap(around.callee.object) : around
      const variable = list.type === 'Identifier' ? code.names.variableOf(list) : undefined
      const loops = variable ? loopsAround(around, variable) : []
      return loops.length > 0 ? [{ made: node, loops }] : []
    }
    node = around
  }
}

const loopTypes: ReadonlySet<string> = new Set([
  'DoWhileStatement',
  'ForInStatement',
  'ForOfStatement',
  'ForStatement',
  'WhileStatement',
])

function loopsAround(call: Syntax, list: Scope.Variable): Syntax[] {
  const loops: Syntax[] = []
  for (let around = parentOf(call); around && !isFunction(around); around = parentOf(around)) {
    if (loopTypes.has(around.type) && !isWithin(list.scope.block, around)) loops.push(around)
  }
  return loops
}

/** Whether the loop sets a variable that all its rounds share; `??=` and `||=` set it once. */
function isChangedBy(variable: Scope.Variable, loop: Syntax, made: Syntax): boolean {
  if (isWithin(variable.scope.block, loop)) return false
  return variable.references.some((reference) => {
    const node = reference.identifier as Name
    if (!reference.isWrite() || !isWithin(node, loop) || isWithin(node, made)) return false
    const set = parentOf(node)
    return set?.type !== 'AssignmentExpression' || !['??=', '||='].includes(set.operator)
  })
}

/** Whether `node` is read by a function in what was collected, and not when that is built. */
function isReadLater(node: Syntax, made: Syntax): boolean {
  if (!isWithin(node, made)) return false
  for (let around: Syntax | null = node; around; around = parentOf(around)) {
    if (isFunction(around)) return true
    if (around === made) return false
  }
  return false
}

function isWithin(node: Syntax, whole: Syntax): boolean {
  for (let around: Syntax | null = node; around; around = parentOf(around)) {
    if (around === whole) return true
  }
  return false
}
