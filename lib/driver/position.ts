import type { Request } from '../journal/match.ts'
import type { OperationType } from '../journal/record.ts'
import type { OperationAction, OperationUpdate } from '../journal/update.ts'
import { describeOperation } from './words.ts'

/** How an operation goes on the wire. */
export interface WireKind {
  readonly type: OperationType
  readonly subType: string
}

type Writable = { -readonly [K in keyof OperationUpdate]: OperationUpdate[K] }

/** Where an operation stands, and under which words the service knows it. */
export class Position implements Request {
  readonly id: string
  readonly parentId: string | undefined
  readonly type: OperationType
  readonly subType: string
  readonly name: string | undefined

  constructor(id: string, parentId: string | undefined, kind: WireKind, name: string | undefined) {
    this.id = id
    this.parentId = parentId
    this.type = kind.type
    this.subType = kind.subType
    this.name = name
  }

  /** The operation in words: `step "charge"`. */
  get words(): string {
    return describeOperation(this, this.name)
  }

  /** The same with its id: `step "charge" (operation 3)`. */
  get place(): string {
    return `${this.words} (operation ${this.id})`
  }

  update(action: OperationAction, rest?: Partial<OperationUpdate>): OperationUpdate {
    const { id, type, subType, name, parentId } = this
    // Made tens of thousands of times in a wide fan-out, where spreads were a tenth of the whole.
    const update: Writable = { Id: id, Type: type, SubType: subType, Action: action }
    if (name !== undefined) update.Name = name
    if (parentId !== undefined) update.ParentId = parentId
    return rest === undefined ? update : Object.assign(update, rest)
  }
}
