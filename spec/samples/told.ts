import { formatInvocation, type InvocationTranscript } from 'perdure/testing'

interface Ran {
  readonly invocations: readonly InvocationTranscript[]
}

/** A run as lines, without the times: they count the real milliseconds that bodies take, too. */
export function told({ invocations }: Ran): string[] {
  return invocations
    .flatMap((invocation) => formatInvocation(invocation))
    .map((line) => line.trim().replace(/ +/g, ' '))
    .map((line) => line.replace(/ (at|until) \d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/, ''))
}

/** When each invocation began, in whole units of `seconds` since the first. */
export function times({ invocations }: Ran, seconds: number): number[] {
  const [first] = invocations
  return invocations.map(({ at }) => Math.floor((at - (first?.at ?? 0)) / 1000 / seconds))
}
