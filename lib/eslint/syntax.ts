import type { Rule, Scope, SourceCode } from 'eslint'

/** A piece of code, as ESTree has it. TypeScript's own kinds are met too, under types not listed here. */
export type Syntax = Scope.Scope['block']
export type SyntaxOf<K extends Syntax['type']> = Extract<Syntax, { type: K }>
export type Call = SyntaxOf<'CallExpression'>
export type Name = SyntaxOf<'Identifier'>
export type FunctionSyntax = SyntaxOf<
  'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression'
>

/** Every piece of a file's code by its type, in the order of the text. */
export function syntaxByType(source: SourceCode): ReadonlyMap<string, readonly Syntax[]> {
  const found = new Map<string, Syntax[]>()
  const visit = (node: Syntax) => {
    const known = found.get(node.type)
    if (known) known.push(node)
    else found.set(node.type, [node])
    for (const key of source.visitorKeys[node.type] ?? []) {
      // By the parser's own list of what holds children, which no type of a node says.
      for (const child of [(node as unknown as Record<string, unknown>)[key]].flat()) {
        if (isSyntax(child)) visit(child)
      }
    }
  }
  visit(source.ast)
  return found
}

export function parentOf(node: Syntax): Syntax | null {
  return (node as Rule.Node).parent
}

export function isFunction(node: Syntax): node is FunctionSyntax {
  return (
    node.type === 'FunctionDeclaration' ||
    node.type === 'FunctionExpression' ||
    node.type === 'ArrowFunctionExpression'
  )
}

/** The functions that `node` lies in, innermost first; a function does not lie in itself. */
export function* functionsAround(node: Syntax): Generator<FunctionSyntax, void> {
  for (let around = parentOf(node); around; around = parentOf(around)) {
    if (isFunction(around)) yield around
  }
}

const wrappers: ReadonlySet<string> = new Set([
  'ChainExpression',
  'ParenthesizedExpression',
  'TSAsExpression',
  'TSInstantiationExpression',
  'TSNonNullExpression',
  'TSSatisfiesExpression',
  'TSTypeAssertion',
])

/** What stands in parentheses, assertions and optional chains. */
export function unwrap(node: Syntax): Syntax {
  let inner = node
  // Each of them has one, TypeScript's too, which ESTree's types do not know.
  while (wrappers.has(inner.type)) inner = (inner as unknown as { expression: Syntax }).expression
  return inner
}

/** `node` with the parentheses, assertions and optional chains around it. */
export function wrapped(node: Syntax): Syntax {
  let outer = node
  for (
    let around = parentOf(outer);
    around && wrappers.has(around.type);
    around = parentOf(outer)
  ) {
    outer = around
  }
  return outer
}

/** What is named by `a.b`, `a['b']` and `{ b: … }`; nothing where only a run can tell. */
export function keyOf(node: SyntaxOf<'MemberExpression' | 'Property'>): string | undefined {
  const key = node.type === 'Property' ? node.key : node.property
  if (!node.computed) {
    if (key.type === 'Identifier') return key.name
    return key.type === 'Literal' ? String(key.value) : undefined
  }
  if (key.type === 'Literal' && typeof key.value === 'string') return key.value
  if (key.type !== 'TemplateLiteral' || key.expressions.length > 0) return undefined
  return key.quasis[0]?.value.cooked ?? undefined
}

/** The text of an `import`, `import()` or `require` where it is written out. */
export function textOf(node: Syntax | undefined): string | undefined {
  return node?.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined
}

function isSyntax(value: unknown): value is Syntax {
  return typeof value === 'object' && value !== null && 'type' in value
}
