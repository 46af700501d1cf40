// The few functions that a saved spec brings along, each only where it is used.

const helpers: Readonly<Record<string, string>> = {
  byId: `/** Answers each attempt of an operation as it is on record. */
function byId(answers: Readonly<Record<string, readonly (() => unknown)[]>>) {
  return (...args: unknown[]): unknown => {
    const { operationId, attempt } = args.at(-1) as { operationId: string; attempt: number }
    const answer = answers[operationId]?.[attempt - 1]
    if (answer === undefined) {
      throw new Error(\`No attempt \${attempt} of operation \${operationId} is on record.\`)
    }
    return answer()
  }
}`,
  inTurn: `/** Answers one call after the other. */
function inTurn(answers: readonly (() => unknown)[]) {
  const left = [...answers]
  return (): unknown => {
    const answer = left.shift()
    if (answer === undefined) throw new Error('No further call is on record.')
    return answer()
  }
}`,
  throws: `function throws(thrown: unknown) {
  return (): never => {
    throw thrown
  }
}`,
  failure: `/** An error as it is on record: its class is known by its name. */
function failure(name: string, message: string, fields: object = {}): Error {
  return Object.assign(new Error(message), { ...fields, name })
}`,
  never: `/** What was under way when the execution had no more use for it. */
function never(): Promise<never> {
  return new Promise(() => {})
}`,
  asSent: `/** A payload that is no JSON goes as it is. */
const asSent = { serialize: (text: unknown) => String(text) }`,
}

/** Those that the text of a suite needs. */
export function helpersFor(suite: string): string {
  return Object.entries(helpers)
    .filter(([name]) => new RegExp(`\\b${name}\\b(?=[(,;\\]} \\n]|$)`).test(suite))
    .map(([, text]) => text)
    .join('\n\n')
}
