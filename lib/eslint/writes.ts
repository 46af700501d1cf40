import type { Scope } from 'eslint'
import type { Code } from './code.ts'
import { keyOf, parentOf, unwrap, type Syntax } from './syntax.ts'

/** A place where what a variable holds is set or changed. */
export interface Write {
  readonly node: Syntax
  readonly variable: Scope.Variable
  /** Whether the variable itself is set, and not something in what it holds. */
  readonly isWhole: boolean
}

/** Every assignment, `++`, `delete`, and call of a method that changes what it is called on. */
export function writesIn(code: Code): readonly Write[] {
  const assigned = [
    ...code.each('AssignmentExpression').flatMap(({ left }) => targetsIn(left)),
    ...code.each('UpdateExpression').map(({ argument }) => argument),
    ...[...code.each('ForInStatement'), ...code.each('ForOfStatement')].flatMap(({ left }) =>
      left.type === 'VariableDeclaration' ? [] : targetsIn(left),
    ),
  ]
  const removed = code
    .each('UnaryExpression')
    .filter(({ operator }) => operator === 'delete')
    .map(({ argument }) => argument)
  return [
    ...[...assigned, ...removed].flatMap((target) => writeTo(code, target, target)),
    ...code.each('CallExpression').flatMap((call) => {
      const changed = changedBy(code, call)
      return changed ? writeTo(code, changed, call, false) : []
    }),
  ]
}

function writeTo(code: Code, target: Syntax, node: Syntax, isWhole?: boolean): Write[] {
  const variable = variableUnder(code, target)
  if (!variable) return []
  return [{ node, variable, isWhole: isWhole ?? unwrap(target).type === 'Identifier' }]
}

/** The variable at the bottom of `a.b.c`. */
function variableUnder(code: Code, node: Syntax): Scope.Variable | undefined {
  let bottom = unwrap(node)
  while (bottom.type === 'MemberExpression') bottom = unwrap(bottom.object)
  return bottom.type === 'Identifier' ? code.names.variableOf(bottom) : undefined
}

/** What `[a, { b: c.d }] = …` sets. */
function targetsIn(pattern: Syntax): Syntax[] {
  switch (pattern.type) {
    case 'ArrayPattern':
      return pattern.elements.flatMap((element) => (element ? targetsIn(element) : []))
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) =>
        targetsIn(property.type === 'Property' ? property.value : property),
      )
    case 'AssignmentPattern':
      return targetsIn(pattern.left)
    case 'RestElement':
      return targetsIn(pattern.argument)
    default:
      return [pattern]
  }
}

const changesLists: ReadonlySet<string> = new Set([
  'copyWithin',
  'fill',
  'pop',
  'push',
  'reverse',
  'shift',
  'sort',
  'splice',
  'unshift',
])
const changesCollections: ReadonlySet<string> = new Set(['add', 'clear', 'delete', 'set'])
const changesItsArgument: ReadonlySet<string> = new Set([
  'Object.assign',
  'Object.defineProperties',
  'Object.defineProperty',
  'Object.setPrototypeOf',
  'Reflect.deleteProperty',
  'Reflect.set',
])

/** What a call changes; nothing where the method may well be that of a client: `queue.push(message)`. */
function changedBy(code: Code, call: Syntax & { type: 'CallExpression' }): Syntax | undefined {
  const callee = unwrap(call.callee)
  const origin = code.names.originOf(callee)
  if (origin?.module === undefined && changesItsArgument.has(origin?.path.join('.') ?? '')) {
    return call.arguments[0]
  }
  if (callee.type !== 'MemberExpression') return undefined
  const method = keyOf(callee) ?? ''
  const variable = variableUnder(code, callee.object)
  if (!variable) return undefined
  const isDirect = unwrap(callee.object).type === 'Identifier'
  const made = isDirect ? makerOf(variable) : undefined
  const isChanged =
    (changesLists.has(method) && isData(variable)) ||
    (changesCollections.has(method) && /^(?:Weak)?(?:Map|Set)$/.test(made ?? ''))
  return isChanged ? callee.object : undefined
}

/** The class of `const x = new Class()`. */
function makerOf(variable: Scope.Variable): string | undefined {
  const init = initOf(variable)
  if (init?.type !== 'NewExpression') return undefined
  return init.callee.type === 'Identifier' ? init.callee.name : undefined
}

/** Whether a variable was given something written out, recorded, or handed to a workflow. */
function isData(variable: Scope.Variable): boolean {
  if (variable.defs[0]?.type === 'Parameter') return true
  const init = initOf(variable)
  if (!init) return false
  if (init.type === 'YieldExpression') return init.delegate
  if (init.type === 'NewExpression') return makerOf(variable) === 'Array'
  return init.type === 'ArrayExpression' || init.type === 'ObjectExpression'
}

function initOf(variable: Scope.Variable): Syntax | undefined {
  const [definition] = variable.defs
  if (definition?.type !== 'Variable' || !definition.node.init) return undefined
  return unwrap(definition.node.init)
}

/** The function that a variable belongs to; none where it belongs to the whole file. */
export function ownerOf({ scope }: Scope.Variable): Syntax | undefined {
  let block: Syntax | null = scope.block
  while (block && !('params' in block)) block = parentOf(block)
  return block ?? undefined
}
