import { isDeepStrictEqual } from 'node:util'
import type { StoredExecution } from '../../service/store.ts'
import type { CrashFindings } from './crash-report.ts'
import { disturb, type Counts, type Disturbance, type Disturbed } from './disturbed.ts'
import type { KeptWorld } from './kept-world.ts'
import type { Point, PointKind } from './points.ts'
import type { Moment } from './run.ts'
import type { Subject } from './subject.ts'

/** Points that leave the same behind: on record at the service, and in the world. */
export interface Group {
  readonly points: [Point, ...Point[]]
  /** From where a run may begin that was disturbed here; nothing where the world cannot be restored. */
  readonly begins: { readonly moment: Moment; readonly counts: Counts } | undefined
  readonly world: unknown
  /** How many bodies had begun. */
  readonly attempted: number
  /** Whether the disturbance is over with that beginning. */
  readonly isWithin: boolean
}

/** A run, and every point that it came by. */
export interface Recording {
  readonly run: Disturbance
  readonly findings: CrashFindings
  /** Deaths in the order in which the run came by them, then what else may befall an invocation. */
  readonly groups: readonly Group[]
}

/** Those that happen to an invocation as it goes, not to what it leaves behind. */
const ofInvocations: ReadonlySet<PointKind> = new Set([
  'deadline',
  'hand-over',
  'stale-token',
  'duplicate',
])

export async function record(
  subject: Subject,
  world: KeptWorld,
  troubles: readonly Point[] = [],
): Promise<Recording> {
  const groups = new Map<string, Group>()
  let seen: unknown = undefined
  let worlds = 0

  function onPoint(point: Point, run: Disturbed): void {
    const isWithin = !ofInvocations.has(point.kind)
    const now = world.snapshot()
    if (worlds === 0 || !isDeepStrictEqual(now, seen)) worlds += 1
    seen = now
    // What bodies have done is unknown where there is no world to look at.
    const bodies = world.isRestorable ? '' : `${run.attempted.length} ${run.goneOn}`
    const key = isWithin ? `${run.version} ${worlds} ${bodies}` : `${point.kind} ${point.number}`
    const known = groups.get(key)
    if (known) return void known.points.push(point)
    const attempted = run.attempted.length
    const begins = world.isRestorable ? beginning(run, isWithin) : undefined
    groups.set(key, { points: [point], begins, world: now, attempted, isWithin })
  }

  const run = await disturb(subject, { troubles, onPoint })
  return {
    run,
    findings: { ...run.outcome, world: world.snapshot() },
    // The plain ones first: what they find is easier to understand.
    groups: [...groups.values()].sort((a, b) => Number(b.isWithin) - Number(a.isWithin)),
  }
}

function beginning(run: Disturbed, isWithin: boolean): Group['begins'] {
  const { counts } = run
  const moment = run.moment()
  if (isWithin) return { moment, counts }
  const executions = moment.executions.map((one) => aboutToBeInvoked(one, moment.now))
  const invocations = counts.invocations - 1
  return { moment: { ...moment, executions }, counts: { ...counts, invocations } }
}

/** As if the invocation in flight were due only now. */
function aboutToBeInvoked(stored: StoredExecution, now: number): StoredExecution {
  const { invocation, ...progress } = stored.progress
  return invocation ? { ...stored, progress: { ...progress, retryAt: now } } : stored
}
