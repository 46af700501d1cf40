import type { OperationStatus, OperationType } from '../../journal/record.ts'
import { fromErrorRecord, type ErrorClass } from '../../kernel/error-record.ts'
import { invalidOption } from '../../kernel/errors.ts'
import type { Serializer } from '../../kernel/serdes.ts'
import { checkOneOf } from '../../operations/options.ts'
import { callbackName, isOpen, type HistoryOperation, type OperationDetails } from './history.ts'
import { jsonOf, read } from './payload.ts'
import type { Watch } from './watch.ts'
import { wordsOf } from './words.ts'

/**
 * Which operation is meant: by its name, by its id, by both, or by its index among those that are
 * left, in the order of their start, from 0.
 */
export type Selector =
  string | { readonly name?: string; readonly id?: string; readonly index?: number }

/**
 * How far an operation has to be: it has begun, what hands it to the outside is done, it is over.
 * A callback of a `waitForCallback` is submitted when its submitter has succeeded; anything else, when
 * it has begun.
 */
export type Stage = 'started' | 'submitted' | 'completed'

/** Those who carry answers to callbacks. */
export interface CallbackSender {
  succeed(callbackId: string, result: string | undefined): Promise<void>
  fail(callbackId: string, error: { ErrorType: string; ErrorMessage: string }): Promise<void>
  heartbeat(callbackId: string): Promise<void>
}

export interface HandleGround {
  readonly watch: Watch
  readonly errors: readonly ErrorClass[]
  readonly sender: CallbackSender
}

/** One operation of an execution. It may be taken before there is one: until then it has no status. */
export class OperationHandle {
  protected readonly ground: HandleGround
  readonly #selector: Exclude<Selector, string>

  constructor(ground: HandleGround, selector: Selector) {
    this.ground = ground
    this.#selector = typeof selector === 'string' ? { name: selector } : checked(selector)
  }

  get id(): string | undefined {
    return this.#found?.id
  }

  get name(): string | undefined {
    return this.#found?.name
  }

  get type(): OperationType | undefined {
    return this.#found?.type
  }

  get subType(): string | undefined {
    return this.#found?.subType
  }

  /** Nothing before the operation has begun. */
  get status(): OperationStatus | undefined {
    return this.#found?.status
  }

  /** What came of it, parsed where it is JSON. */
  get result(): unknown {
    return this.#found && read(this.#found)
  }

  get error(): Error | undefined {
    const record = this.#found?.error
    return record && fromErrorRecord(record, this.ground.errors)
  }

  /** Attempts that have begun; of steps and checks. */
  get attempts(): number {
    return this.#found?.attempts ?? 0
  }

  get startedAt(): Date | undefined {
    return this.#found?.startedAt
  }

  get endedAt(): Date | undefined {
    return this.#found?.endedAt
  }

  /** What is known of an operation of its type. */
  get details(): OperationDetails {
    return this.#found?.details ?? {}
  }

  /** The operations in this one, in the order of their start. */
  get children(): OperationHandle[] {
    const { children = [] } = this.#found ?? {}
    return children.map(({ id }) => new OperationHandle(this.ground, { id }))
  }

  /** In words: `step "charge"`. */
  get words(): string {
    return this.#found ? wordsOf(this.#found) : this.asked
  }

  /** Resolves when the operation is so far. Rejects with NEVER_HAPPENED when it never will be. */
  async waitFor(stage: Stage = this.usualStage): Promise<this> {
    checkOneOf({ stage }, 'stage', ['started', 'submitted', 'completed'])
    const isThere = () => {
      const found = this.#found
      return found && hasReached(found, stage) ? true : undefined
    }
    await this.ground.watch.until(isThere, `${this.asked} ${stage}`)
    return this
  }

  protected get usualStage(): Stage {
    return 'completed'
  }

  /** What was asked for, in words. */
  protected get asked(): string {
    const { name, id, index } = this.#selector
    const parts = [
      ...(index === undefined ? [] : [`number ${index}`]),
      ...(name === undefined ? [] : [JSON.stringify(name)]),
      ...(id === undefined ? [] : [`with id ${id}`]),
    ]
    return [this.noun, ...parts].join(' ')
  }

  protected get noun(): string {
    return 'operation'
  }

  /** Whether one could be meant, its index aside. */
  protected fits(operation: HistoryOperation, name: string | undefined): boolean {
    return name === undefined || operation.name === name
  }

  get #found(): HistoryOperation | undefined {
    const { name, id, index = 0 } = this.#selector
    const { history } = this.ground.watch
    if (id !== undefined) {
      const found = history.get(id)
      return found && this.fits(found, name) ? found : undefined
    }
    let left = index
    for (const one of history.operations) if (this.fits(one, name) && left-- === 0) return one
    return undefined
  }
}

/** A callback of an execution, and the means to answer it. */
export class CallbackHandle extends OperationHandle {
  /** Sends a result, as soon as there is a callback to send it to. */
  async succeed(value?: unknown, serdes?: Serializer<unknown>): Promise<void> {
    const id = await this.#callbackId()
    await this.ground.sender.succeed(id, await payloadOf(value, serdes))
  }

  /** Sends a failure: an error, or its type and message. */
  async fail(error: CallbackError): Promise<void> {
    await this.ground.sender.fail(await this.#callbackId(), failureOf(error))
  }

  /** Says that whoever works on it is still there. */
  async heartbeat(): Promise<void> {
    await this.ground.sender.heartbeat(await this.#callbackId())
  }

  async #callbackId(): Promise<string> {
    await this.waitFor('started')
    return this.details.callbackId ?? ''
  }

  protected override get usualStage(): Stage {
    return 'submitted'
  }

  protected override get noun(): string {
    return 'callback'
  }

  protected override fits(operation: HistoryOperation, name: string | undefined): boolean {
    if (operation.type !== 'CALLBACK') return false
    return name === undefined || callbackName(operation) === name
  }
}

/** Throws INVALID_OPTION for what means no operation. */
function checked(selector: Exclude<Selector, string>): Exclude<Selector, string> {
  if (typeof selector !== 'object' || (selector as unknown) === null) {
    throw invalidOption('selector', 'a name or any of { name, id, index }', selector)
  }
  const { index = 0 } = selector
  if (Number.isInteger(index) && index >= 0) return selector
  throw invalidOption('index', 'an integer from 0 up', index)
}

export type CallbackError = Error | { readonly type?: string; readonly message: string }

/** A value as the payload of a callback; JSON unless a serdes says otherwise. */
export async function payloadOf(
  value: unknown,
  serdes: Serializer<unknown> | undefined,
): Promise<string | undefined> {
  if (serdes) return serdes.serialize(value, { operationId: '', executionArn: '' })
  return value === undefined ? undefined : jsonOf('The answer to a callback', value)
}

export function failureOf(error: CallbackError): { ErrorType: string; ErrorMessage: string } {
  const type = error instanceof Error ? error.name : error.type
  return { ErrorType: type ?? 'Error', ErrorMessage: error.message }
}

function hasReached(operation: HistoryOperation, stage: Stage): boolean {
  if (stage === 'started' || !isOpen(operation)) return true
  if (stage === 'completed') return false
  const { type, parent } = operation
  if (type !== 'CALLBACK' || parent?.subType !== 'WaitForCallback') return true
  return parent.children.some((one) => one.type === 'STEP' && one.status === 'SUCCEEDED')
}
