import type { Scope, SourceCode } from 'eslint'
import {
  isFunction,
  keyOf,
  parentOf,
  textOf,
  unwrap,
  type FunctionSyntax,
  type Name,
  type Syntax,
} from './syntax.ts'

/** Where a value comes from: `Date.now` of the globals, `step` of the module `perdure`. */
export interface Origin {
  /** Without `node:`; none for what is global. */
  readonly module: string | undefined
  readonly path: readonly string[]
}

/** What the names in a file stand for, as far as the text tells. */
export interface Names {
  readonly variableOf: (name: Name) => Scope.Variable | undefined
  /** Where the text of a value ends: `a.b` and, after `const { b } = a`, `b` are both part `b` of `a`. */
  readonly sourceOf: (node: Syntax) => Source
  /** What a name, or a part of what it names, was given once and for all. */
  readonly valueOf: (node: Syntax) => Syntax
  readonly originOf: (node: Syntax) => Origin | undefined
  /** The functions of this file that `node` may be. */
  readonly functionsOf: (node: Syntax) => readonly FunctionSyntax[]
}

/** Code, and the part that is meant of what it answers. */
export interface Source {
  readonly node: Syntax
  readonly path: readonly string[]
}

/** What a variable is given by its only definition. */
type Given =
  | { readonly by: 'import'; readonly origin: Origin }
  | { readonly by: 'value'; readonly init: Syntax; readonly path: readonly string[] }
  | { readonly by: 'function'; readonly node: FunctionSyntax }

const globalObjects: ReadonlySet<string> = new Set(['globalThis', 'global', 'window', 'self'])

/** Longer chains of names than anybody writes; `const a = b, b = a` would never end. */
const furthest = 10

export function namesOf(file: SourceCode): Names {
  const variables = new Map<unknown, Scope.Variable>()
  for (const scope of file.scopeManager.scopes) {
    for (const { identifier, resolved } of scope.references) {
      if (resolved && resolved.defs.length > 0) variables.set(identifier, resolved)
    }
  }
  const variableOf = (name: Name) => variables.get(name)

  const givenTo = (node: Syntax) => {
    const variable = node.type === 'Identifier' ? variableOf(node) : undefined
    return variable && given(variable)
  }

  function sourceOf(node: Syntax, far = 0): Source {
    const inner = unwrap(node)
    if (far > furthest) return { node: inner, path: [] }
    if (inner.type === 'MemberExpression') {
      const key = keyOf(inner)
      return key === undefined ? { node: inner, path: [] } : partOf(inner.object, [key], far)
    }
    const what = givenTo(inner)
    if (what?.by === 'value') return partOf(what.init, what.path, far)
    return { node: what?.by === 'function' ? what.node : inner, path: [] }
  }

  function partOf(node: Syntax, path: readonly string[], far: number): Source {
    const whole = sourceOf(node, far + 1)
    const [key, ...rest] = [...whole.path, ...path]
    if (key === undefined) return whole
    const member = memberOf(whole.node, key)
    return member ? partOf(member, rest, far + 1) : { node: whole.node, path: [key, ...rest] }
  }

  function valueOf(node: Syntax): Syntax {
    const source = sourceOf(node)
    return source.path.length === 0 ? source.node : unwrap(node)
  }

  function originOf(node: Syntax, far = 0): Origin | undefined {
    const inner = unwrap(node)
    if (far > furthest) return undefined
    if (inner.type === 'Identifier') {
      if (!variables.has(inner)) return inGlobal([inner.name])
      const what = givenTo(inner)
      if (what?.by === 'import') return what.origin
      return what?.by === 'value' ? within(originOf(what.init, far + 1), what.path) : undefined
    }
    if (inner.type === 'MemberExpression') {
      const key = keyOf(inner)
      return key === undefined ? undefined : within(originOf(inner.object, far + 1), [key])
    }
    if ((inner.type as string) === 'TSQualifiedName') {
      // TypeScript's own syntax has no place in ESTree's types; here and below.
      const { left, right } = inner as unknown as { left: Syntax; right: Name }
      return within(originOf(left, far + 1), [right.name])
    }
    return requiredBy(inner)
  }

  /** `require('x')` and `await import('x')`. */
  function requiredBy(node: Syntax): Origin | undefined {
    if (node.type === 'AwaitExpression') {
      const { argument } = node
      return argument.type === 'ImportExpression' ? inModule(textOf(argument.source)) : undefined
    }
    if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier') return undefined
    return node.callee.name === 'require' ? inModule(textOf(node.arguments[0])) : undefined
  }

  function functionsOf(node: Syntax, far = 0): readonly FunctionSyntax[] {
    const value = valueOf(node)
    if (isFunction(value)) return [value]
    if (value.type !== 'ConditionalExpression' || far > furthest) return []
    return [value.consequent, value.alternate].flatMap((one) => functionsOf(one, far + 1))
  }

  return {
    variableOf,
    valueOf,
    sourceOf: (node) => sourceOf(node),
    originOf: (node) => originOf(node),
    functionsOf: (node) => functionsOf(node),
  }
}

/** Whether a variable belongs to a file as a whole. */
export function isShared(variable: Scope.Variable): boolean {
  return variable.scope.type === 'module' || variable.scope.type === 'global'
}

function given(variable: Scope.Variable): Given | undefined {
  const [definition, ...others] = variable.defs
  if (!definition || others.length > 0) return undefined
  if (variable.references.some((reference) => reference.isWrite() && reference.init !== true)) {
    return undefined
  }
  const { name, node } = definition
  if (definition.type === 'ImportBinding') {
    if ((node.type as string) === 'TSImportEqualsDeclaration') {
      const { moduleReference } = node as unknown as { moduleReference: { expression?: Syntax } }
      const origin = inModule(textOf(moduleReference.expression))
      return origin && { by: 'import', origin }
    }
    const from = inModule(textOf(definition.parent.source))
    if (node.type === 'ImportNamespaceSpecifier') return from && { by: 'import', origin: from }
    const key = node.type === 'ImportSpecifier' ? nameIn(node.imported) : 'default'
    const origin = within(from, [key])
    return origin && { by: 'import', origin }
  }
  if (node.type === 'VariableDeclarator') {
    const path = node.init ? pathTo(name, node.id) : undefined
    return node.init && path ? { by: 'value', init: node.init, path } : undefined
  }
  const isDeclared = definition.type === 'FunctionName' && isFunction(node)
  return isDeclared ? { by: 'function', node } : undefined
}

function nameIn(node: Syntax): string {
  return node.type === 'Identifier' ? node.name : (textOf(node) ?? '')
}

/** The keys that lead to `name` in the pattern `{ a: { b: name } }`; nothing for lists and rests. */
function pathTo(name: Syntax, pattern: Syntax): readonly string[] | undefined {
  const path: string[] = []
  let node = name
  while (node !== pattern) {
    const around = parentOf(node)
    if (around === null || around.type === 'RestElement' || around.type === 'ArrayPattern') {
      return undefined
    }
    if (around.type === 'Property') {
      const key = keyOf(around)
      if (key === undefined) return undefined
      path.unshift(key)
    }
    node = around
  }
  return path
}

function memberOf(node: Syntax, key: string): Syntax | undefined {
  if (node.type !== 'ObjectExpression') return undefined
  return node.properties
    .filter((property) => property.type === 'Property')
    .find((property) => keyOf(property) === key)?.value
}

function inGlobal(path: readonly string[]): Origin {
  const [first = '', ...rest] = path
  return { module: undefined, path: globalObjects.has(first) ? rest : path }
}

function inModule(module: string | undefined): Origin | undefined {
  return module === undefined ? undefined : { module: module.replace(/^node:/, ''), path: [] }
}

function within(origin: Origin | undefined, more: readonly string[]): Origin | undefined {
  if (!origin) return undefined
  const path = [...origin.path, ...more]
  if (origin.module === undefined) return inGlobal(path)
  // What CommonJS exports is, to an ES module, under `default` as well.
  return { module: origin.module, path: path[0] === 'default' ? path.slice(1) : path }
}
