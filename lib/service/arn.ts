import { invalid } from './refusal.ts'

/** Where the service says it stands. */
export interface Location {
  readonly region: string
  readonly accountId: string
}

/** A function as a caller names it: by name, partial or full ARN, with or without a qualifier. */
export interface FunctionReference {
  readonly name: string
  readonly qualifier?: string
  readonly location?: Location
}

export function functionArn(at: Location, name: string, version: string): string {
  return `arn:aws:lambda:${at.region}:${at.accountId}:function:${name}:${version}`
}

export function executionArn(functionArn: string, executionName: string, id: string): string {
  return `${functionArn}/durable-execution/${executionName}/${id}`
}

const reference =
  /^(?:arn:(?:aws[a-z-]*):lambda:(?<region>[a-z0-9-]+):(?<account>\d{12}):function:|(?<partial>\d{12}):function:|function:)?(?<name>[A-Za-z0-9_-]{1,140})(?::(?<qualifier>\$LATEST(?:\.PUBLISHED)?|[A-Za-z0-9_-]{1,128}))?$/

/** Takes a function's name apart. Refuses what is neither name nor ARN. */
export function parseFunctionReference(text: string, here: Location): FunctionReference {
  const parts = reference.exec(text)?.groups
  if (!parts?.['name']) throw invalid(`Invalid function ARN '${text}'`)
  const { name, qualifier, region, account = parts['partial'] } = parts
  return {
    name,
    ...(qualifier === undefined ? {} : { qualifier }),
    ...(account === undefined
      ? {}
      : { location: { accountId: account, region: region ?? here.region } }),
  }
}

const executionReference =
  /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9_-]+:(?:\$LATEST(?:\.PUBLISHED)?|\d+)\/durable-execution\/[A-Za-z0-9_-]{1,64}\/[A-Za-z0-9_-]+$/

/** Whether `text` could name an execution at all. */
export function isExecutionArn(text: unknown): text is string {
  return typeof text === 'string' && text.length <= 1024 && executionReference.test(text)
}
