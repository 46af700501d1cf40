import { invalidOption } from '../kernel/errors.ts'
import type { Deserializer, Schema, Serializer } from '../kernel/serdes.ts'
import { Descriptor, type Operation } from './operation.ts'
import { checkName, checkSerdes, frozen } from './options.ts'

export interface InvokeOptions<I, O> {
  readonly name?: string | undefined
  /** For functions with tenant isolation. */
  readonly tenantId?: string | undefined
  readonly inputSerdes?: Serializer<I> | undefined
  readonly resultSerdes?: Deserializer<O> | undefined
  readonly schema?: Schema<O> | undefined
}

/**
 * Call another Lambda function, durable or plain, and wait for its result without being alive
 * meanwhile. A durable one must be named with a qualifier or `$LATEST`, as Lambda wants it.
 */
export function invoke<O = unknown, I = unknown>(
  functionName: string,
  input?: I,
  options?: InvokeOptions<I, O>,
): Operation<O> {
  return new InvokeOperation(functionName, input, options)
}

export class InvokeOperation<I, O> extends Descriptor<O> {
  readonly kind = 'invoke'
  readonly name: string | undefined
  readonly functionName: string
  readonly input: I | undefined
  readonly options: InvokeOptions<I, O> | undefined

  constructor(functionName: string, input: I | undefined, options?: InvokeOptions<I, O>) {
    super()
    if (typeof functionName !== 'string' || functionName === '') {
      throw invalidOption('functionName', 'the name or ARN of a function', functionName)
    }
    this.functionName = functionName
    this.input = input
    this.options = frozen(options)
    this.name = checkName(this.options?.name)
    if (this.options !== undefined) checkOptions(this.options)
    Object.freeze(this)
  }
}

function checkOptions(options: InvokeOptions<never, unknown>): void {
  const { tenantId } = options
  // As the API model has it for `ChainedInvokeOptions.TenantId`.
  if (tenantId !== undefined && !/^[a-zA-Z0-9._:/=+\-@ ]{1,256}$/.test(tenantId)) {
    throw invalidOption('tenantId', '1 to 256 of the characters a-z A-Z 0-9 ._:/=+-@', tenantId)
  }
  checkSerdes(options, 'inputSerdes', 'serialize')
  checkSerdes(options, 'resultSerdes', 'deserialize')
  checkSerdes(options, 'schema', 'create')
}
