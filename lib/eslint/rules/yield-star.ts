import type { Rule } from 'eslint'
import { isWorkflowCode, type Code } from '../code.ts'
import { operationOf } from '../operations.ts'
import { rule, type Problem } from '../rule.ts'
import { unwrap, type SyntaxOf } from '../syntax.ts'

export const yieldStar = rule({
  description: 'Operations are yielded by `yield*`.',
  messages: {
    star: 'Write `yield*`: it gives the typed result of {{what}}.',
    unknown:
      'A workflow yields operations by `yield*`, and nothing else. Write `yield*` if this is an ' +
      'operation or a helper; leave out the `yield` if it is not.',
    nothing: 'A workflow yields operations: `yield* step(…)`. An empty `yield` ends the execution.',
    list:
      '`yield*` over a list runs its operations one after the other and drops their results. ' +
      'Use `yield* all([…])`.',
    add: 'Write `yield*`.',
  },
  meta: { fixable: 'code', hasSuggestions: true },
  *check(code) {
    for (const node of code.each('YieldExpression')) {
      const problem = isWorkflowCode(code, node) ? problemWith(code, node) : undefined
      if (problem) yield problem
    }
  },
})

function problemWith(code: Code, node: SyntaxOf<'YieldExpression'>): Problem | undefined {
  const { argument, delegate } = node
  if (!argument) return { node, message: 'nothing' }
  if (delegate) {
    const list = unwrap(argument)
    if (list.type !== 'ArrayExpression') return undefined
    const isListOfOperations = list.elements.some((one) => one && operationOf(code, one))
    return isListOfOperations ? { node, message: 'list' } : undefined
  }
  const fix: Rule.ReportFixer = (fixer) => {
    const word = code.source.getFirstToken(node)
    return word ? fixer.insertTextAfter(word, '*') : null
  }
  const found = operationOf(code, argument)
  if (!found) return { node, message: 'unknown', suggest: { message: 'add', fix } }
  const what = found.is === 'task' ? found.name : `\`${found.name}\``
  return { node, message: 'star', data: { what }, fix }
}
