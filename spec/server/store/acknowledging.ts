// A process to be killed: it runs executions on the store that it is given, and says on its standard
// output what it has acknowledged, each time only after the commit.

import { systemClock } from '../../../lib/kernel/clock.ts'
import { openStore } from '../../../lib/server/store/open-store.ts'
import type { InvocationRequest } from '../../../lib/service/invoker.ts'
import { LambdaService } from '../../../lib/service/service.ts'

interface Envelope {
  readonly CheckpointToken: string
  readonly InitialExecutionState: { readonly Operations: readonly { readonly Id: string }[] }
}

const steps = ['1', '2', '3']
const open = openStore({ file: process.argv[2] ?? '' })
const service = new LambdaService({ clock: systemClock, store: open.store, invoker: { invoke } })

async function acknowledge(...words: string[]): Promise<void> {
  await open.durability.committed()
  process.stdout.write(`${words.join(' ')}\n`)
}

async function invoke({ executionArn = '', event }: InvocationRequest): Promise<unknown> {
  await open.durability.committed()
  const { CheckpointToken, InitialExecutionState } = event as Envelope
  const done = InitialExecutionState.Operations.map(({ Id }) => Id)
  let token = CheckpointToken
  for (const Id of steps.filter((id) => !done.includes(id))) {
    const answer = await service.checkpointDurableExecution({
      DurableExecutionArn: executionArn,
      CheckpointToken: token,
      Updates: [{ Id, Type: 'STEP', Action: 'SUCCEED', Payload: JSON.stringify('x'.repeat(2000)) }],
    })
    await acknowledge(executionArn, Id)
    token = answer.CheckpointToken ?? ''
  }
  return { Status: 'SUCCEEDED' }
}

async function oneAfterAnother(): Promise<void> {
  for (;;) {
    const request = { FunctionName: 'orders', InvocationType: 'Event' } as const
    const { DurableExecutionArn: arn = '' } = await service.invoke(request)
    await acknowledge(arn, 'started')
    await service.ended(arn)
    await acknowledge(arn, 'ended')
  }
}

service.register({ name: 'orders', durable: {} })
service.resume()
await Promise.all(Array.from({ length: 5 }, oneAfterAnother))
