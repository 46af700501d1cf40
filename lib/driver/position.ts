import type { Request } from '../journal/match.ts'
import type { OperationType } from '../journal/record.ts'
import type { OperationAction, OperationUpdate } from '../journal/update.ts'
import { describeOperation } from './words.ts'

/** How an operation goes on the wire. */
export interface WireKind {
  readonly type: OperationType
  readonly subType: string
}

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
    return {
      Id: this.id,
      Type: this.type,
      SubType: this.subType,
      ...(this.name === undefined ? undefined : { Name: this.name }),
      ...(this.parentId === undefined ? undefined : { ParentId: this.parentId }),
      Action: action,
      ...rest,
    }
  }
}
