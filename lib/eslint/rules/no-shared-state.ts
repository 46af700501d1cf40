import type { Scope } from 'eslint'
import { isWorkflowCode } from '../code.ts'
import { rule } from '../rule.ts'
import { functionsAround, type Name } from '../syntax.ts'
import { ownerOf, writesIn } from '../writes.ts'

export const noSharedState = rule({
  description: 'Workflow code keeps nothing in variables of the file.',
  messages: {
    write:
      '`{{name}}` lives as long as the process: other executions share it, and a replay in ' +
      'another process finds it as it began. Keep it in a variable of the workflow.',
    read:
      '`{{name}}` is set elsewhere in this file, so a replay may find another value. Read it in a ' +
      'step, or hand it in with the input.',
  },
  *check(code) {
    if (code.workflows.size === 0) return
    const writes = writesIn(code)
    for (const { node, variable } of writes) {
      if (ownerOf(variable) || !isWorkflowCode(code, node)) continue
      yield { node, message: 'write', data: { name: variable.name } }
    }
    const changing = writes.filter(({ variable, isWhole }) => isWhole && !ownerOf(variable))
    const variables = new Set(
      changing
        .filter(({ node }) => !functionsAround(node).next().done && !isWorkflowCode(code, node))
        .map(({ variable }) => variable),
    )
    for (const node of readsOf(variables)) {
      if (isWorkflowCode(code, node)) yield { node, message: 'read', data: { name: node.name } }
    }
  },
})

function readsOf(variables: ReadonlySet<Scope.Variable>): Name[] {
  return [...variables].flatMap(({ references }) =>
    references
      .filter((reference) => reference.isReadOnly())
      .flatMap(({ identifier }) => (identifier.type === 'Identifier' ? [identifier] : [])),
  )
}
