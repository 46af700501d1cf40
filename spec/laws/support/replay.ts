import type { DurableService } from '../../../lib/checkpoint/port.ts'
import { hostKey, type Host } from '../../../lib/lambda/host.ts'
import type { Checkpointing } from '../../../lib/driver/environment.ts'
import type { Coroutine } from '../../../lib/operations/workflow.ts'
import { handlerOf } from './handler-of.ts'
import { Stage, type House } from './stage.ts'
import type { Entry } from './transcript.ts'
import { visible } from './visible.ts'
import type { Witnessed } from './world.ts'

/** What code does over the whole journal of a run: nothing may be run, and nothing said. */
export async function replay(
  code: (stage: Stage) => Coroutine<unknown>,
  mode: Checkpointing,
  { execution }: Pick<Witnessed, 'execution'>,
): Promise<{ readonly answer: unknown; readonly entries: readonly Entry[] }> {
  const entries: Entry[] = []
  const house: House = {
    note: (entry) => void entries.push(entry),
    diesAt: () => false,
    nextBody: () => 0,
    expect: () => undefined,
    pass: () => new Promise(() => {}),
  }
  const stage = new Stage(house, 0, () => undefined)
  const records = execution.operations.map(({ record }) => record)
  const host: Host = { service: mute }
  const answer = await handlerOf(mode, () => code(stage))(
    {
      DurableExecutionArn: execution.facts.arn,
      CheckpointToken: 'dG9rZW4=',
      InitialExecutionState: { Operations: visible(records), NextMarker: '' },
      [hostKey]: host,
    },
    {},
  )
  return { answer, entries }
}

const mute: DurableService = {
  checkpoint: async ({ Updates }) => {
    throw new Error(`A replay of everything says ${JSON.stringify(Updates)}`)
  },
  getExecutionState: async () => {
    throw new Error('A replay of everything asks for state.')
  },
}
