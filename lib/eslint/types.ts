import type { Names } from './names.ts'
import { parentOf, wrapped, type FunctionSyntax, type Syntax } from './syntax.ts'

/** TypeScript's syntax, as far as it is looked at. */
interface Typed {
  readonly type: string
  readonly typeAnnotation?: Typed
  readonly typeName?: Syntax
  readonly typeArguments?: { readonly params: readonly Typed[] }
  readonly returnType?: Typed
  readonly id?: Typed
}

/**
 * Whether types of perdure say that a generator function is a workflow: one that returns a `Coroutine`
 * or yields an `Operation`, is a `Workflow`, or takes a `WorkflowContext`.
 */
export function isTypedAsWorkflow(names: Names, node: FunctionSyntax): boolean {
  const named = (type: Typed | undefined): string | undefined => {
    if (type?.typeAnnotation) return named(type.typeAnnotation)
    if (!type?.typeName) return undefined
    const origin = names.originOf(type.typeName)
    return origin?.module === 'perdure' ? origin.path.join('.') : undefined
  }
  const returned = (node as Typed).returnType?.typeAnnotation
  const yielded = returned?.typeArguments?.params[0]
  if (named(returned) === 'Coroutine' || named(yielded) === 'Operation') return true
  if (node.params.some((parameter) => named(parameter) === 'WorkflowContext')) return true

  const around = parentOf(wrapped(node)) as Typed | null
  if (around?.type === 'VariableDeclarator' && named(around.id) === 'Workflow') return true
  const cast = parentOf(node) as Typed | null
  return cast?.type === 'TSSatisfiesExpression' && named(cast) === 'Workflow'
}
