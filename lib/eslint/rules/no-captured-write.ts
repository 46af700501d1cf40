import { ruleOfBuilder } from '../builders.ts'
import type { Code, Place } from '../code.ts'
import { rule } from '../rule.ts'
import { functionsAround, isFunction, keyOf, type FunctionSyntax, type Syntax } from '../syntax.ts'
import { ownerOf, writesIn } from '../writes.ts'

export const noCapturedWrite = rule({
  description: 'What is recorded changes no variable of the workflow around it.',
  messages: {
    captured:
      '`{{name}}` is {{how}} inside what is handed to `{{builder}}`, which a replay leaves out: ' +
      '`{{name}}` then stays as it was. Return what is needed, and set it in the workflow.',
  },
  *check(code) {
    if (code.workflows.size === 0) return
    for (const { node, variable, isWhole } of writesIn(code)) {
      const owner = ownerOf(variable)
      if (!owner || !isFunction(owner) || !isInWorkflow(code, owner)) continue
      const place = skippedBetween(code, node, owner)
      if (!place) continue
      const how = isWhole ? 'set' : 'changed'
      yield {
        node,
        message: 'captured',
        data: { name: variable.name, how, builder: place.builder },
      }
    }
  },
})

function isInWorkflow(code: Code, node: FunctionSyntax): boolean {
  return [node, ...functionsAround(node)].some((one) => code.workflows.has(one))
}

/** The innermost function around `node`, and inside of `owner`, that a replay leaves out. */
function skippedBetween(code: Code, node: Syntax, owner: FunctionSyntax): Place | undefined {
  for (const around of functionsAround(node)) {
    if (around === owner) return undefined
    const place = code.bodies.get(around) ?? code.members.get(around)
    if (place && ruleOfBuilder(place.builder).isSkipped === true && !isEntered(place)) return place
  }
  return undefined
}

/** Whether the options say that no record is kept, so that every replay enters the code. */
function isEntered({ call }: Place): boolean {
  const options = call.arguments.at(-1)
  if (options?.type !== 'ObjectExpression') return false
  return options.properties.some((property) => {
    if (property.type !== 'Property' || property.value.type !== 'Literal') return false
    const { value } = property.value
    const key = keyOf(property)
    return (key === 'virtual' && value === true) || (key === 'nesting' && value === 'flat')
  })
}
