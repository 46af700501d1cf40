import type { Execution, FunctionConfiguration } from '@aws-sdk/client-lambda'
import type { Remote } from './remote.ts'
import { UsageError } from './usage-error.ts'
import { executionView } from './views/execution-view.ts'
import { resolveExecution, type Candidate } from './views/resolve-execution.ts'
import type { ExecutionStatus, ExecutionView } from './views/view.ts'

// Executions as the commands ask for them, on Lambda or the local service.

export interface ExecutionFilter {
  /** Of this function only; of all that are durable when left out. */
  readonly functionName?: string | undefined
  readonly statuses?: readonly ExecutionStatus[] | undefined
  readonly startedAfter?: Date | undefined
  readonly name?: string | undefined
  /** The newest so many of each function. */
  readonly limit?: number | undefined
}

export interface ListedExecution extends Candidate {
  readonly FunctionArn: string
  readonly Status: ExecutionStatus
  readonly EndTimestamp?: Date
}

const largestPage = 1000

export async function functionsOf(remote: Remote): Promise<FunctionConfiguration[]> {
  const found: FunctionConfiguration[] = []
  let Marker: string | undefined
  do {
    const page = await remote.call((lambda) => lambda.listFunctions(Marker ? { Marker } : {}))
    found.push(...(page.Functions ?? []))
    Marker = page.NextMarker
  } while (Marker !== undefined)
  return found
}

/** What a function is set to. Throws UsageError with those that there are, where it is none of them. */
export async function configurationOf(
  remote: Remote,
  FunctionName: string,
  Qualifier?: string,
): Promise<FunctionConfiguration> {
  const which = Qualifier === undefined ? { FunctionName } : { FunctionName, Qualifier }
  try {
    return await remote.call((lambda) => lambda.getFunctionConfiguration(which))
  } catch (error) {
    const { cause } = error as { readonly cause?: unknown }
    if ((cause as Error | undefined)?.name !== 'ResourceNotFoundException') throw error
    const names = (await functionsOf(remote)).map((one) => one.FunctionName ?? '')
    const [plainName = ''] = FunctionName.split(':')
    if (names.includes(plainName)) throw error
    const there = names.length === 0 ? 'there is none' : `there are ${names.join(', ')}`
    throw new UsageError(`There is no function ${FunctionName}; ${there}.`)
  }
}

/** Executions that fit, the newest first. */
export async function listExecutions(
  remote: Remote,
  filter: ExecutionFilter = {},
): Promise<ListedExecution[]> {
  const { functionName } = filter
  if (functionName !== undefined) await configurationOf(remote, functionName)
  const names = functionName
    ? [functionName]
    : (await functionsOf(remote)).flatMap((one) =>
        one.DurableConfig && one.FunctionName ? [one.FunctionName] : [],
      )
  const lists = await Promise.all(names.map((name) => ofFunction(remote, name, filter)))
  const found = lists
    .flat()
    .toSorted((one, other) => timeOf(other.StartTimestamp) - timeOf(one.StartTimestamp))
  return filter.limit === undefined ? found : found.slice(0, filter.limit)
}

async function ofFunction(
  remote: Remote,
  FunctionName: string,
  { statuses, startedAfter, name, limit = Infinity }: ExecutionFilter,
): Promise<ListedExecution[]> {
  const found: Execution[] = []
  let Marker: string | undefined
  do {
    const page = await remote.call((lambda) =>
      lambda.listDurableExecutionsByFunction({
        FunctionName,
        MaxItems: Math.min(limit - found.length, largestPage),
        ...(statuses ? { Statuses: [...statuses] } : {}),
        ...(startedAfter ? { StartedAfter: startedAfter } : {}),
        ...(name === undefined ? {} : { DurableExecutionName: name }),
        ...(Marker === undefined ? {} : { Marker }),
      }),
    )
    found.push(...(page.DurableExecutions ?? []))
    Marker = page.NextMarker
  } while (Marker !== undefined && found.length < limit)
  return found as ListedExecution[]
}

/** The ARN of the execution that a text on the command line means. */
export async function findExecution(remote: Remote, text: string): Promise<string> {
  if (isArn(text)) return text
  const fits = text === 'last' ? { limit: 1 } : { name: text }
  const exact = isName(text) ? await listExecutions(remote, fits) : []
  const candidates = exact.length > 0 ? exact : await listExecutions(remote)
  return resolveExecution(text, candidates).DurableExecutionArn
}

export function isArn(text: string): boolean {
  return text.startsWith('arn:')
}

function isName(text: string): boolean {
  return /^[A-Za-z0-9_-]{1,64}$/.test(text)
}

/** All that the API tells of an execution, as the views take it: its description and its history. */
export async function readExecution(
  remote: Remote,
  DurableExecutionArn: string,
  { withData = true }: { readonly withData?: boolean } = {},
): Promise<object[]> {
  const description = await remote.call((lambda) =>
    lambda.getDurableExecution({ DurableExecutionArn }),
  )
  const pages: object[] = []
  let Marker: string | undefined
  do {
    const page = await remote.call((lambda) =>
      lambda.getDurableExecutionHistory({
        DurableExecutionArn,
        IncludeExecutionData: withData,
        MaxItems: largestPage,
        ...(Marker === undefined ? {} : { Marker }),
      }),
    )
    pages.push({ Events: page.Events ?? [] })
    Marker = page.NextMarker
  } while (Marker !== undefined)
  return [description, ...pages]
}

/** An execution as it is shown, by what the command line calls it. */
export async function viewExecution(
  remote: Remote,
  text: string,
  { longest }: { readonly longest?: number } = {},
): Promise<ExecutionView> {
  const source = await readExecution(remote, await findExecution(remote, text))
  const now = await remote.now()
  return executionView(source, { now, ...(longest === undefined ? {} : { longest }) })
}

/** The name of the function in the ARN of an execution. */
export function functionNameIn(arn: string): string {
  const [, name] = /:function:([^:/]+)/.exec(arn) ?? []
  if (name === undefined) throw new UsageError(`${arn} is not the ARN of an execution.`)
  return name
}

function timeOf(time: Candidate['StartTimestamp']): number {
  return new Date(time).getTime()
}
