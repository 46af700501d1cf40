import { UsageError } from '../usage-error.ts'

/** An execution that a text on the command line may mean; as ListDurableExecutionsByFunction has it. */
export interface Candidate {
  readonly DurableExecutionArn: string
  readonly DurableExecutionName: string
  readonly Status?: string
  readonly StartTimestamp: Date | string | number
}

const mostListed = 10

/**
 * The execution that is meant: by its ARN, its name, a beginning of its name or id that no other has,
 * or `last` for the one that started last. Throws UsageError with those that come near.
 */
export function resolveExecution<C extends Candidate>(text: string, candidates: readonly C[]): C {
  const wanted = text.trim()
  if (wanted === '') throw new UsageError('Name an execution: its ARN, its name, or `last`.')
  const newest = [...candidates].sort((one, other) => timeOf(other) - timeOf(one))
  const exact = newest.filter(
    ({ DurableExecutionArn: arn, DurableExecutionName: name }) =>
      wanted === arn || wanted === name || wanted === idOf(arn),
  )
  const [found, ...others] = exact
  if (found !== undefined) return others.length === 0 ? found : ambiguous(wanted, exact)
  if (wanted === 'last') {
    const [last] = newest
    if (last === undefined) throw new UsageError('There is no execution yet.')
    return last
  }
  const begun = newest.filter(
    ({ DurableExecutionArn: arn, DurableExecutionName: name }) =>
      name.startsWith(wanted) || idOf(arn).startsWith(wanted),
  )
  const [only, ...rest] = begun
  if (only !== undefined) return rest.length === 0 ? only : ambiguous(wanted, begun)
  throw new UsageError(unknown(wanted, newest))
}

function ambiguous(text: string, found: readonly Candidate[]): never {
  throw new UsageError(
    `${JSON.stringify(text)} may be ${found.length} executions; say more of the name, or the ARN:\n` +
      listed(found),
  )
}

function unknown(text: string, candidates: readonly Candidate[]): string {
  if (candidates.length === 0)
    return `There is no execution ${JSON.stringify(text)}, nor any other.`
  const near = candidates
    .map((one) => ({ one, distance: distance(text, one.DurableExecutionName) }))
    .filter(({ distance: steps }) => steps <= Math.max(2, text.length / 2))
    .sort((one, other) => one.distance - other.distance)
    .slice(0, 3)
    .map(({ one }) => one)
  return near.length > 0
    ? `There is no execution ${JSON.stringify(text)}. Did you mean\n${listed(near)}`
    : `There is no execution ${JSON.stringify(text)}; the latest are\n${listed(candidates.slice(0, 3))}`
}

function listed(candidates: readonly Candidate[]): string {
  const lines = candidates.slice(0, mostListed).map((one) => {
    const { DurableExecutionName: name, DurableExecutionArn: arn, Status: status = '' } = one
    const started = new Date(timeOf(one)).toISOString().slice(0, 19).replace('T', ' ')
    return `  ${[name, status, `started ${started}Z`, arn].filter((part) => part !== '').join('  ')}`
  })
  const more = candidates.length - lines.length
  return [...lines, ...(more > 0 ? [`  … and ${more} more`] : [])].join('\n')
}

/** The last part of the ARN. */
function idOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1)
}

/** Numbers are seconds, as the API has them. */
function timeOf({ StartTimestamp: time }: Candidate): number {
  return typeof time === 'number' && time < 1e11 ? time * 1000 : new Date(time).getTime()
}

/** How many letters are to be changed, added or left out to make one text of the other. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i)
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1]
    for (let j = 0; j < to.length; j++) {
      const changed = (row[j] ?? 0) + (letter === to[j] ? 0 : 1)
      next.push(Math.min(changed, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
