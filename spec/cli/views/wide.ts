/** An execution of one map, or of contexts in each other, as the API would give it. */
export function wide(how: {
  readonly items?: number
  readonly depth?: number
  readonly failed?: readonly number[]
  readonly open?: readonly number[]
  readonly name?: string
  readonly error?: string
}): object {
  const { items = 0, depth = 0, failed = [], open = [], name, error } = how
  const Events: object[] = []
  const add = (EventType: string, rest: object = {}, details: object = {}) => {
    const EventId = Events.length + 1
    const EventTimestamp = new Date(Date.UTC(2026, 0, 1) + EventId)
    Events.push({ EventId, EventType, EventTimestamp, ...rest, [`${EventType}Details`]: details })
  }
  add('ExecutionStarted', {}, { Input: { Payload: '1' }, ExecutionTimeout: 86_400 })
  add('ContextStarted', { Id: '1', Name: 'all', SubType: 'Map' })
  for (let item = 1; item <= items; item++) {
    const identity = {
      Id: `1-${item}`,
      ParentId: '1',
      Name: name ?? `item-${item}`,
      SubType: 'MapIteration',
    }
    add('ContextStarted', identity)
    if (open.includes(item)) continue
    if (failed.includes(item) || error !== undefined) {
      add('ContextFailed', identity, { Error: { Payload: { ErrorMessage: error ?? 'no' } } })
    } else add('ContextSucceeded', identity, { Result: { Payload: '1' } })
  }
  let id = '1'
  for (let level = 1; level < depth; level++) {
    const ParentId = id
    id = `c${level}`
    add('ContextStarted', { Id: id, ParentId, SubType: 'RunInChildContext' })
  }
  return { DurableExecutionName: 'wide', DurableExecutionArn: 'arn', Status: 'RUNNING', Events }
}
