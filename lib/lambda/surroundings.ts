import type { Environment } from '../driver/environment.ts'
import { replayAware, withFields } from '../driver/workflow-log.ts'
import type { Journal } from '../journal/journal.ts'
import { toEpochMilliseconds } from '../journal/time.ts'
import type { Log } from '../kernel/logger.ts'
import type { Order } from './order.ts'

/** What a workflow and its bodies find around them in one invocation. */
export function environmentOf(
  order: Order,
  journal: Journal,
  isReplaying: () => boolean,
): Environment {
  const { envelope, settings, lambda, ports } = order
  const { DurableExecutionArn: executionArn } = envelope
  // By name: adding to a spread takes several times as long.
  const { serdes, retry, errors, checkpointing } = settings
  const log = executionLog(order)
  return {
    serdes,
    retry,
    errors,
    checkpointing,
    check: undefined,
    determinism: settings.determinism ?? ports.determinism,
    executionArn,
    clock: ports.clock,
    standIn: ports.standIn,
    random: ports.random,
    log: (fields) => withFields(log, fields),
    context: {
      log: replayAware(log, settings.replayLogs, isReplaying),
      executionArn,
      executionName: nameIn(executionArn),
      get isReplaying() {
        return isReplaying()
      },
      lambda,
      startedAt: new Date(toEpochMilliseconds(journal.execution.StartTimestamp) ?? 0),
    },
  }
}

/** The author's logger, with the facts that tell whose line it is. */
export function executionLog({ envelope, lambda, log }: Order): Log {
  return withFields(log, {
    executionArn: envelope.DurableExecutionArn,
    ...(lambda.awsRequestId === undefined ? {} : { requestId: lambda.awsRequestId }),
    ...(lambda.tenantId === undefined ? {} : { tenantId: lambda.tenantId }),
  })
}

/** The name in `…/durable-execution/<name>/<id>`; the whole where the ARN is of another form. */
function nameIn(executionArn: string): string {
  return /\/durable-execution\/([^/]+)\/[^/]+$/.exec(executionArn)?.[1] ?? executionArn
}
