import type { SourceCode } from 'eslint'
import { builderOf, ruleOfBuilder, type BuilderName } from './builders.ts'
import { namesOf, type Names } from './names.ts'
import {
  functionsAround,
  isFunction,
  keyOf,
  parentOf,
  syntaxByType,
  unwrap,
  wrapped,
  type Call,
  type FunctionSyntax,
  type Syntax,
  type SyntaxOf,
} from './syntax.ts'
import { isTypedAsWorkflow } from './types.ts'

// What of a file is workflow code, told from its text alone and, where in doubt, not told at all.
//
//   W1. A generator function is a workflow when it builds an operation, when it is handed to
//       `lambdaHandler` or to a tool of `perdure/testing`, or when its types say so (types.ts).
//   W2. What is handed to `childContext`, `map`, `all` and their like is workflow code, generator or not.
//   W3. What a workflow delegates to by `yield*` is a workflow, and so is what delegates to one.
//   W4. What is handed to `step`, `waitForCallback` and `waitForCondition`, and `compensate`, is a
//       body: free to do as it likes. So is all that lies in one.
//   W5. A function inside a workflow is workflow code where it is called at once: `list.map(…)`, a
//       function that is called where it is written. Of any other nobody knows when it runs.

/** Where a function was handed over. */
export interface Place {
  readonly builder: BuilderName
  readonly call: Call
}

/** A file, read for the rules. */
export interface Code {
  readonly source: SourceCode
  readonly names: Names
  each<K extends Syntax['type']>(type: K): readonly SyntaxOf<K>[]
  builderOf(call: Syntax): BuilderName | undefined
  /** Generator functions that yield operations, and other functions that run as part of one. */
  readonly workflows: ReadonlySet<FunctionSyntax>
  readonly bodies: ReadonlyMap<FunctionSyntax, Place>
  /** Workflow code that was handed to an operation, such as the body of a child context. */
  readonly members: ReadonlyMap<FunctionSyntax, Place>
}

const read = new WeakMap<SourceCode, Code>()

/** Reads a file once for all rules. */
export function codeOf(source: SourceCode): Code {
  const known = read.get(source)
  if (known) return known
  const code = readCode(source)
  read.set(source, code)
  return code
}

/** The function that is running when `node` is evaluated, be it inside a `list.map(…)` (W5). */
export function runnerOf(code: Code, node: Syntax): FunctionSyntax | undefined {
  for (const around of functionsAround(node)) if (!isCalledAtOnce(code, around)) return around
  return undefined
}

export function isWorkflowCode(code: Code, node: Syntax): boolean {
  const runner = runnerOf(code, node)
  return runner !== undefined && code.workflows.has(runner) && !bodyAround(code, node)
}

/** The innermost body that `node` lies in, however deep. */
export function bodyAround(code: Code, node: Syntax): FunctionSyntax | undefined {
  for (const around of functionsAround(node)) if (code.bodies.has(around)) return around
  return undefined
}

function readCode(source: SourceCode): Code {
  const names = namesOf(source)
  const byType = syntaxByType(source)
  const each = <K extends Syntax['type']>(type: K) => (byType.get(type) ?? []) as SyntaxOf<K>[]
  const workflows = new Set<FunctionSyntax>()
  const bodies = new Map<FunctionSyntax, Place>()
  const members = new Map<FunctionSyntax, Place>()
  const builder = (call: Syntax) =>
    call.type === 'CallExpression' ? builderOf(names.originOf(call.callee)) : undefined
  const code = { source, names, each, builderOf: builder, workflows, bodies, members }

  for (const call of each('CallExpression')) {
    const name = builder(call)
    if (name === undefined) {
      for (const taken of takenAsWorkflow(names, call)) workflows.add(taken)
      continue
    }
    const runner = runnerOf(code, call)
    if (runner?.generator === true) workflows.add(runner)
    const handed = handedOver(code, call, name)
    for (const node of handed.bodies) bodies.set(node, { builder: name, call })
    for (const node of handed.workflows) workflows.add(node)
    for (const node of handed.members) members.set(node, { builder: name, call })
  }
  for (const type of ['FunctionDeclaration', 'FunctionExpression'] as const) {
    for (const node of each(type)) {
      if (node.generator === true && isTypedAsWorkflow(names, node)) workflows.add(node)
    }
  }
  followDelegation(code, workflows)
  for (const node of bodies.keys()) workflows.delete(node)
  return code
}

/** W1: functions handed to `lambdaHandler`, and generator functions handed to the testing kit. */
function takenAsWorkflow(names: Names, { callee, arguments: handed }: Call): FunctionSyntax[] {
  const called = unwrap(callee)
  const [first] = handed
  if (called.type === 'MemberExpression' && keyOf(called) === 'lambdaHandler' && first) {
    return [...names.functionsOf(first)]
  }
  if (names.originOf(called)?.module !== 'perdure/testing') return []
  return handed.flatMap((one) => names.functionsOf(one)).filter(({ generator }) => generator)
}

/** Options that decide, as workflow code does, and must decide alike on every replay. */
const deciding: ReadonlySet<string> = new Set(['completion', 'itemName', 'mapError'])
/** Options that are asked when there is something new to record, and never again. */
const recording: ReadonlySet<string> = new Set(['summarize', 'serdes', 'itemSerdes', 'batch'])

interface HandedOver {
  readonly bodies: FunctionSyntax[]
  readonly workflows: FunctionSyntax[]
  readonly members: FunctionSyntax[]
}

function handedOver(code: Code, call: Call, name: BuilderName): HandedOver {
  const found: HandedOver = { bodies: [], workflows: [], members: [] }
  const { takes } = ruleOfBuilder(name)
  const { functionsOf, valueOf } = code.names
  if (takes === 'body') {
    found.bodies.push(...call.arguments.flatMap((one) => functionsOf(one)))
    for (const [key, value] of entriesOf(valueOf(call.arguments.at(-1) ?? call))) {
      if (key === 'compensate') found.bodies.push(...functionsOf(value))
    }
  }
  if (takes !== 'workflow') return found

  const addMember = (node: Syntax) => {
    found.members.push(...functionsOf(node))
    found.workflows.push(...functionsOf(node))
  }
  /** `calls.map((call) => () => use(call))` makes members too. */
  const addMade = (list: Syntax) => {
    if (list.type !== 'CallExpression' || methodOf(list) !== 'map' || code.builderOf(list)) return
    const [make] = list.arguments.flatMap((one) => functionsOf(one))
    if (make && make.body.type !== 'BlockStatement') addMember(make.body)
  }
  for (const one of call.arguments) {
    const value = valueOf(one)
    addMember(value)
    if (name !== 'map') addMade(value)
    if (name !== 'map' && value.type === 'ArrayExpression') {
      for (const element of value.elements) if (element) addMember(element)
    }
    for (const [key, member] of entriesOf(value)) {
      if (deciding.has(key)) found.workflows.push(...functionsOf(member))
      if (deciding.has(key) || recording.has(key)) continue
      addMember(member)
      for (const [inner, run] of entriesOf(valueOf(member))) if (inner === 'run') addMember(run)
    }
  }
  return found
}

function entriesOf(node: Syntax): (readonly [string, Syntax])[] {
  if (node.type !== 'ObjectExpression') return []
  return node.properties
    .filter((property) => property.type === 'Property')
    .map((property) => [keyOf(property) ?? '', property.value])
}

/** W3, until nothing is added. */
function followDelegation(code: Code, workflows: Set<FunctionSyntax>): void {
  const steps = code.each('YieldExpression').flatMap(({ argument, delegate }) => {
    const called = argument && unwrap(argument)
    const [from] = called ? functionsAround(called) : []
    if (!delegate || !from || called?.type !== 'CallExpression') return []
    const to = code.names.functionsOf(called.callee).filter(({ generator }) => generator)
    return to.map((one) => [from, one] as const)
  })
  for (let before = -1; before !== workflows.size;) {
    before = workflows.size
    for (const [from, to] of steps) {
      if (workflows.has(from)) workflows.add(to)
      if (workflows.has(to)) workflows.add(from)
    }
  }
}

const callsItsArgument: ReadonlySet<string> = new Set([
  'every',
  'filter',
  'find',
  'findIndex',
  'findLast',
  'findLastIndex',
  'flatMap',
  'forEach',
  'from',
  'fromEntries',
  'map',
  'reduce',
  'reduceRight',
  'replace',
  'replaceAll',
  'some',
  'sort',
  'toSorted',
])

function isCalledAtOnce(code: Code, node: FunctionSyntax): boolean {
  if (node.generator === true || code.members.has(node)) return false
  const outer = wrapped(node)
  const call = parentOf(outer)
  if (call?.type !== 'CallExpression') return false
  if (call.callee === outer) return true
  return callsItsArgument.has(methodOf(call) ?? '')
}

/** The last name of what is called: `push` in `list.push(…)`. */
export function methodOf({ callee }: Call): string | undefined {
  const called = unwrap(callee)
  return called.type === 'MemberExpression' ? keyOf(called) : undefined
}

/** The name by which people know a function. */
export function nameOfFunction(node: FunctionSyntax): string | undefined {
  if ('id' in node && node.id) return node.id.name
  const around = parentOf(wrapped(node))
  if (around?.type === 'VariableDeclarator' && around.id.type === 'Identifier')
    return around.id.name
  if (around?.type === 'Property' && !isFunction(around.key)) return keyOf(around)
  return undefined
}
