import { formatInvocation, type Rehearsed } from 'perdure/testing'

/** A run as lines, without the times: they count the real milliseconds that bodies take, too. */
export function told({ invocations }: Rehearsed): string[] {
  return invocations
    .flatMap((invocation) => formatInvocation(invocation))
    .map((line) => line.trim().replace(/ +/g, ' '))
    .map((line) => line.replace(/ (at|until) \d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/, ''))
}

/** When each invocation began, in whole units of `seconds` since the first. */
export function times({ invocations }: Rehearsed, seconds: number): number[] {
  const [first] = invocations
  return invocations.map(({ at }) => Math.floor((at - (first?.at ?? 0)) / 1000 / seconds))
}

/** What the execution ended with. */
export function end({ status, result, error }: Rehearsed): unknown {
  if (result !== undefined) return { status, result: JSON.parse(result) as unknown }
  return { status, error: error?.ErrorType }
}
