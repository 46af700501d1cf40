import type { OperationRecord, OperationType } from './record.ts'

/** What a yielded operation asks for, as far as its record must agree (law L9). */
export interface Request {
  readonly type: OperationType
  readonly subType: string
  readonly name: string | undefined
  readonly parentId: string | undefined
}

/** One member that record and request do not agree on. */
export interface Difference {
  readonly member: 'type' | 'sub-type' | 'name' | 'parent'
  readonly recorded: string | undefined
  readonly yielded: string | undefined
}

/** Does this request fit this record? Answers with the first difference, and never throws. */
export function mismatch(record: OperationRecord, request: Request): Difference | undefined {
  if (record.Type !== request.type) return differ('type', record.Type, request.type)
  // A service that does not echo the sub-type has not contradicted it.
  if (record.SubType !== request.subType && record.SubType != null) {
    return differ('sub-type', record.SubType, request.subType)
  }
  if ((record.Name ?? undefined) !== request.name) return differ('name', record.Name, request.name)
  if ((record.ParentId ?? undefined) !== request.parentId) {
    return differ('parent', record.ParentId, request.parentId)
  }
  return undefined
}

function differ(
  member: Difference['member'],
  recorded: string | undefined,
  yielded: string | undefined,
): Difference {
  return { member, recorded, yielded }
}
