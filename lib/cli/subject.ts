import { fileURLToPath } from 'node:url'
import { basename, extname } from 'node:path'
import { functionNameIn } from './executions.ts'
import type { Remote } from './remote.ts'
import { UsageError } from './usage-error.ts'

/**
 * Where the code of an execution's function lies, as `module#export`: as it was given, or as the local
 * service knows it.
 */
export async function subjectOf(
  remote: Remote,
  executionArn: string,
  given: string | undefined,
): Promise<string> {
  if (given !== undefined) return given
  const FunctionName = functionNameIn(executionArn)
  const { Code, Configuration } = await remote.call((lambda) =>
    lambda.getFunction({ FunctionName }),
  )
  const location = Code?.Location ?? ''
  if (!location.startsWith('file:')) {
    throw new UsageError(
      `Where the code of ${FunctionName} lies is not known here: --workflow MODULE#EXPORT.`,
    )
  }
  const file = fileURLToPath(location)
  const { Handler = '' } = Configuration ?? {}
  const exportName = Handler.slice(basename(file, extname(file)).length + 1)
  return `${file}#${exportName || 'handler'}`
}
