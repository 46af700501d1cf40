import { bodyAround, type Code } from '../code.ts'
import { builtBy } from '../operations.ts'
import { rule } from '../rule.ts'
import type { FunctionSyntax } from '../syntax.ts'

const drawn: Readonly<Record<string, string>> = {
  now: 'the clock',
  random: '`Math.random()`',
  uuid: '`crypto.randomUUID()`',
}

export const noOperationInBody = rule({
  description: 'Operations are built by workflow code, not inside the body of another one.',
  messages: {
    operation:
      '`{{operation}}` inside the body of `{{body}}` is carried out by nobody. Yield it in the ' +
      'workflow, or use `childContext` for several operations that count as one.',
    drawn:
      '`{{operation}}` inside the body of `{{body}}` is carried out by nobody. Use {{instead}} ' +
      'there: what the body returns is recorded.',
    generator:
      'The body of `{{body}}` is a generator, which nobody runs. Use a plain or async function, or ' +
      '`childContext` where it is to yield operations.',
  },
  *check(code) {
    for (const [node, { builder }] of code.bodies) {
      if (node.generator === true) yield { node, message: 'generator', data: { body: builder } }
    }
    for (const node of code.each('CallExpression')) {
      const body = bodyAround(code, node)
      if (!body || body.generator === true) continue
      const found = builtBy(code, node)
      if (!found) continue
      const instead = drawn[found.name]
      const data = { operation: found.name, body: whose(code, body) }
      yield instead === undefined
        ? { node, message: 'operation', data }
        : { node, message: 'drawn', data: { ...data, instead } }
    }
  },
})

function whose(code: Code, body: FunctionSyntax): string {
  return code.bodies.get(body)?.builder ?? ''
}
