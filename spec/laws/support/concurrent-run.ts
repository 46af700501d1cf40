import { createDriver, retry } from '../../../lib/index.ts'
import { nextTurn } from '../../../lib/kernel/clock.ts'
import { MemoryStore } from '../../../lib/service/memory-store.ts'
import type { StoredExecution } from '../../../lib/service/store.ts'
import { Embedded } from '../../../lib/testing/embedded.ts'
import { VirtualClock } from '../../../lib/testing/virtual-clock.ts'
import { carryOut, type Ground, type Node } from './concurrent-plan.ts'
import { countedRandom } from './counted-random.ts'
import type { BodyFault, CallFault, Fault, Places } from './faults.ts'
import { silent } from './handler-of.ts'
import { Seam } from './seam.ts'
import type { Entry } from './transcript.ts'
import type { Setting } from './world.ts'

/** What was seen of a run. */
export interface ConcurrentRun {
  /** What each invocation did, in the order in which it happened. */
  readonly words: readonly string[]
  readonly entries: readonly Entry[]
  readonly execution: StoredExecution
  readonly places: Places
}

/** Nothing in a tree takes so long: when time gets there, the execution hangs. */
const endOfPatience = 86_400_000
const quietTurns = 10

/** Runs a tree of concurrent operations to its end, with so much trouble. */
export async function runTree(
  tree: readonly Node[],
  setting: Setting,
  faults: readonly Fault[] = [],
): Promise<ConcurrentRun> {
  const clock = new VirtualClock({ auto: false })
  const store = new MemoryStore()
  const words: string[] = []
  const entries: Entry[] = []
  const crashes = new Map<string, () => void>()
  const numbers = new Map<string, number>()
  let calls = 0
  let bodies = 0
  const note = (entry: Entry): void => {
    entries.push(entry)
    if (entry.what === 'sent') {
      const said = entry.updates.map(({ Action, Id }) => `${Action} ${Id}`).join(', ')
      words.push(`${entry.invocation} sent ${said}`)
    }
  }
  const embedded = new Embedded({
    clock,
    store,
    random: countedRandom(),
    limits: { envelopeItems: setting.pageItems },
    observe: (invocation) => {
      const { requestId } = invocation.request
      numbers.set(requestId, numbers.size + 1)
      crashes.set(requestId, () => void invocation.crash())
      return undefined
    },
    between: (service, { requestId }) => {
      const invocation = numbers.size + 1
      const wire = {
        note,
        nextCall: () => (calls += 1),
        supersede: () => undefined,
        troubleAt: (call: number) =>
          faults.find((one): one is CallFault => one.at === 'call' && one.index === call - 1)?.what,
        pageItems: setting.pageItems,
        travel: () => void clock.advance(setting.latency),
      }
      return new Seam(service, wire, { invocation, crash: () => crashes.get(requestId)?.() })
    },
  })
  const { mode: checkpointing, determinism } = setting
  const driver = createDriver({ checkpointing, determinism, retry: retry.none, log: silent })
  const handler = driver.lambdaHandler(function* (_input: unknown, { lambda }) {
    const { awsRequestId } = lambda as { awsRequestId: string }
    const invocation = numbers.get(awsRequestId) ?? 0
    const die = (when: string, body: number): void => {
      const fault = faults.find((one): one is BodyFault => one.at === 'body' && one.index === body)
      if (fault?.when !== when) return
      crashes.get(awsRequestId)?.()
      throw new Error('The process has died.')
    }
    const ground: Ground = {
      body(place, turns) {
        const number = bodies++
        words.push(`${invocation} began ${place}`)
        die('begin', number)
        if (turns === 0) {
          die('end', number)
          return undefined
        }
        return (async () => {
          for (let turn = 0; turn < turns; turn++) await new Promise<void>(nextTurn)
          words.push(`${invocation} ended ${place}`)
          die('end', number)
        })()
      },
      saw: (place, outcome) => {
        words.push(`${invocation} saw ${place} ${JSON.stringify(outcome)}`)
      },
      cleansUp: (place) => void words.push(`${invocation} cleans up ${place}`),
    }
    return yield* carryOut(tree, 'p', ground)
  })
  embedded.register('f', async (event, context) => {
    const { awsRequestId } = context as { awsRequestId: string }
    const answer = (await handler(event, context)) as { Status: string }
    words.push(`${numbers.get(awsRequestId)} answered ${answer.Status}`)
    return answer
  })
  await embedded.service.invoke({
    FunctionName: 'f',
    Qualifier: '$LATEST',
    InvocationType: 'Event',
    Payload: 'null',
  })
  const stored = (): StoredExecution => [...store.load()][0] as StoredExecution
  const quiet = async (): Promise<void> => {
    for (let seen = -1, still = 0; still < quietTurns; still++) {
      const activity = words.length + entries.length + calls + stored().events.length
      if (activity !== seen) still = 0
      seen = activity
      await new Promise<void>(nextTurn)
    }
  }
  const patience = clock.now() + endOfPatience
  await quiet()
  while (stored().progress.status === 'RUNNING') {
    clock.next()
    if (clock.now() > patience) throw new Error(`The execution hangs.\n${words.join('\n')}`)
    await quiet()
  }
  return {
    words,
    entries,
    execution: stored(),
    places: { call: calls, body: bodies, invocation: 0 },
  }
}
