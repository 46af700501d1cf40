import { isWorkflowCode } from '../code.ts'
import { wordOf } from '../effects.ts'
import { rule, type Problem } from '../rule.ts'
import { keyOf, unwrap, type Syntax } from '../syntax.ts'

const combinators: Readonly<Record<string, string>> = {
  'Promise.all': 'all',
  'Promise.allSettled': 'allSettled',
  'Promise.any': 'any',
  'Promise.race': 'race',
}

export const noPromise = rule({
  description: 'Workflow code has no use for promises.',
  messages: {
    combinator:
      '`{{what}}` knows nothing of operations, and a workflow cannot await. ' +
      'Use `yield* {{instead}}([…])` over operations.',
    promise:
      '`{{what}}` cannot be awaited in a workflow, and what it does is not recorded. Put it in a ' +
      'step and yield that.',
  },
  *check(code) {
    for (const node of [...code.each('CallExpression'), ...code.each('NewExpression')]) {
      const problem = problemWith(node, wordOf(code.names.originOf(node.callee)))
      if (problem && isWorkflowCode(code, node)) yield problem
    }
  },
})

function problemWith(
  node: Syntax & { callee: Syntax },
  called: string | undefined,
): Problem | undefined {
  if (node.type === 'NewExpression') {
    if (called !== 'Promise') return undefined
    return { node, message: 'promise', data: { what: 'new Promise()' } }
  }
  const instead = combinators[called ?? '']
  if (instead !== undefined) {
    return { node, message: 'combinator', data: { what: `${called ?? ''}()`, instead } }
  }
  const callee = unwrap(node.callee)
  const isThen = callee.type === 'MemberExpression' && keyOf(callee) === 'then'
  const isStatic = called?.startsWith('Promise.') ?? false
  if (!isThen && !isStatic) return undefined
  return { node, message: 'promise', data: { what: isThen ? '.then()' : `${called ?? ''}()` } }
}
