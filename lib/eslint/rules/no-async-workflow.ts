import { bodyAround } from '../code.ts'
import { operationOf } from '../operations.ts'
import { rule } from '../rule.ts'

export const noAsyncWorkflow = rule({
  description: 'A workflow is a plain generator function: nothing in it is awaited.',
  messages: {
    async:
      'A workflow, and what is handed to `childContext`, `map` and the like, is a plain generator ' +
      'function. Leave out `async`, and put what has to be awaited into steps.',
    await: '`{{what}}` is no promise: write `yield*` in place of `await`, in a `function*`.',
  },
  *check(code) {
    for (const node of code.workflows) {
      if (node.async === true) yield { node, message: 'async' }
    }
    for (const node of code.each('AwaitExpression')) {
      const found = bodyAround(code, node) ? undefined : operationOf(code, node.argument)
      if (found) yield { node, message: 'await', data: { what: found.name } }
    }
  },
})
