import type { Scope } from 'eslint'
import { isWorkflowCode, methodOf, type Code } from '../code.ts'
import { isShared } from '../names.ts'
import { builtBy, type Found } from '../operations.ts'
import { rule, type Problem } from '../rule.ts'
import {
  functionsAround,
  parentOf,
  wrapped,
  type FunctionSyntax,
  type Name,
  type Syntax,
} from '../syntax.ts'

export const noUnyieldedOperation = rule({
  description: 'An operation that is built is yielded.',
  messages: {
    dropped: '`{{what}}` is built and not yielded, so it does nothing. Write `yield*` before it.',
    value:
      '`{{what}}` is used as if it were its result. Write `yield*` before it: only that carries it ' +
      'out and gives what came of it.',
    returned: '`{{what}}` is returned without being carried out. Write `return yield*`.',
    unused: '`{{name}}` holds `{{what}}`, which nothing yields. Write `yield*` before it.',
  },
  *check(code) {
    for (const node of code.each('CallExpression')) {
      const found = isWorkflowCode(code, node) ? builtBy(code, node) : undefined
      const problem = found && problemWith(code, node, found)
      if (problem) yield problem
    }
  },
})

/** What becomes of the value of a piece of code, by the code around it. */
type Use = 'dropped' | 'value' | 'returned' | 'kept' | { readonly variable: Scope.Variable }

function problemWith(code: Code, node: Syntax, { name }: Found): Problem | undefined {
  const use = useOf(code, node)
  const what = `${name}(…)`
  if (use === 'kept') return undefined
  if (typeof use === 'string') return { node, message: use, data: { what } }
  const uses = use.variable.references
    .filter((reference) => reference.isRead())
    .map(({ identifier }) => useOf(code, identifier as Name))
  if (uses.some((one) => one !== 'dropped' && one !== 'value')) return undefined
  return { node, message: 'unused', data: { what, name: use.variable.name } }
}

function useOf(code: Code, node: Syntax): Use {
  const outer = wrapped(node)
  const around = parentOf(outer)
  switch (around?.type) {
    case 'ExpressionStatement':
      return 'dropped'
    case 'UnaryExpression':
      return around.operator === 'void' ? 'dropped' : 'value'
    case 'MemberExpression':
      return around.object === outer ? 'value' : 'kept'
    case 'BinaryExpression':
    case 'TemplateLiteral':
    case 'SwitchStatement':
    case 'UpdateExpression':
      return 'value'
    case 'IfStatement':
    case 'WhileStatement':
    case 'DoWhileStatement':
      return 'value'
    case 'ForOfStatement':
    case 'ForInStatement':
      return around.right === outer ? 'value' : 'kept'
    case 'ConditionalExpression':
      return around.test === outer ? 'value' : useOf(code, around)
    case 'LogicalExpression':
      return around.left === outer ? 'value' : useOf(code, around)
    case 'SequenceExpression':
      return around.expressions.at(-1) === outer ? useOf(code, around) : 'dropped'
    case 'ReturnStatement':
      return useOfReturned(functionsAround(around).next().value as FunctionSyntax | undefined)
    case 'ArrowFunctionExpression':
      return around.body === outer ? useOfReturned(around) : 'kept'
    case 'VariableDeclarator':
      return around.init === outer ? useOfSet(code, around.id) : 'kept'
    case 'AssignmentExpression': {
      const isAll = parentOf(around)?.type === 'ExpressionStatement' && around.operator === '='
      return isAll && around.right === outer ? useOfSet(code, around.left) : 'kept'
    }
    default:
      return 'kept'
  }
}

function useOfReturned(from: FunctionSyntax | undefined): Use {
  if (from?.generator === true) return 'returned'
  const call = from && parentOf(wrapped(from))
  return call?.type === 'CallExpression' && methodOf(call) === 'forEach' ? 'dropped' : 'kept'
}

function useOfSet(code: Code, target: Syntax): Use {
  if (target.type === 'ObjectPattern' || target.type === 'ArrayPattern') return 'value'
  const variable = target.type === 'Identifier' ? code.names.variableOf(target) : undefined
  return variable && !isShared(variable) ? { variable } : 'kept'
}
