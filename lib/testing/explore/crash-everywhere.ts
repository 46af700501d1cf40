import { isDeepStrictEqual } from 'node:util'
import { invalidOption } from '../../kernel/errors.ts'
import type { Workflow } from '../../operations/workflow.ts'
import type { Handler } from '../in-process-invocation.ts'
import {
  CrashesMatter,
  type CrashFailure,
  type CrashFindings,
  type CrashReport,
} from './crash-report.ts'
import { drawer } from './counted-random.ts'
import { disturb, type Disturbance } from './disturbed.ts'
import { complaintOf, type ExploreOptions } from './finding.ts'
import { keep, type KeptWorld } from './kept-world.ts'
import { lineOf, linesOf } from './lines.ts'
import { mistakeOf, namedIn, repeated } from './mistakes.ts'
import type { Place, Point } from './points.ts'
import { record, type Group, type Recording } from './recording.ts'
import { subjectOf, type Subject } from './subject.ts'

// Ends the process wherever that could matter, and looks whether it does.
//
//   X1. What a crash leaves behind is what the service has on record and what the world has seen. Points
//       that leave the same behind share a run.
//   X2. Where the world can be restored, a run begins from what was left behind; else at the beginning,
//       and is disturbed on its way. The first finds failures, and only the second confirms one.
//   X3. Runs are alike in time and chance, so that nothing but the disturbance can make a difference.

export interface CrashOptions extends ExploreOptions {
  /** Judges a disturbed run in place of the comparison: by throwing, or by answering `false`. */
  readonly check?: ((found: CrashFindings, undisturbed: CrashFindings) => unknown) | undefined
  /** Also two disturbances in one run. */
  readonly pairs?: boolean | undefined
  /** Pairs beyond so many are left to chance; 500 when left out. */
  readonly mostPairs?: number | undefined
}

/**
 * Runs a workflow once undisturbed and then again for each point at which its process can end, and
 * compares what comes of it. Throws a `CrashesMatter` with the smallest failing point.
 */
export async function crashEverywhere<I>(
  code: Workflow<I> | Handler,
  input: I,
  options: CrashOptions = {},
): Promise<CrashReport> {
  const { mostPairs = 500 } = options
  if (!Number.isInteger(mostPairs) || mostPairs < 1) {
    throw invalidOption('mostPairs', 'an integer from 1 up', mostPairs)
  }
  const subject = subjectOf(code, input, options)
  const world = keep(options.world)
  try {
    const report = await new Explorer(subject, world, options).explore(mostPairs)
    if (!report.ok && options.throws !== false) throw new CrashesMatter(report)
    return report
  } finally {
    world.reset()
  }
}

interface Found {
  readonly points: readonly Point[]
  readonly findings: CrashFindings
  readonly attempted: readonly Place[]
  readonly complaint: string | undefined
}

class Explorer {
  readonly #subject: Subject
  readonly #world: KeptWorld
  readonly #options: CrashOptions
  #runs = 0
  #mayBeginAnywhere: boolean

  constructor(subject: Subject, world: KeptWorld, options: CrashOptions) {
    this.#subject = subject
    this.#world = world
    this.#options = options
    this.#mayBeginAnywhere = world.isRestorable
  }

  async explore(mostPairs: number): Promise<CrashReport> {
    const recording = await this.#record([])
    const undisturbed = recording.findings
    const { counts: places, unused: notCalled } = recording.run
    const unused = { ...notCalled, ...this.#subject.unused() }
    const facts = { places, undisturbed, unused }
    const second = await this.#record([])
    if (!isDeepStrictEqual(second.findings, undisturbed)) {
      const failure = unsteady(undisturbed, second.findings)
      const tried = { points: 0, pairs: 0 }
      return { ...facts, ok: false, tried, runs: 2, isExhaustive: true, failures: 1, failure }
    }
    const singles = await this.#singles(recording)
    const pairs = this.#options.pairs
      ? await this.#pairs(recording, mostPairs)
      : { tried: 0, failures: 0, first: undefined, isExhaustive: true }
    const first = singles.first ?? pairs.first
    return {
      ...facts,
      ok: first === undefined,
      tried: { points: singles.tried, pairs: pairs.tried },
      runs: this.#runs,
      isExhaustive: pairs.isExhaustive,
      failures: singles.failures + pairs.failures,
      failure: first && (await this.#explain(first, recording)),
    }
  }

  async #singles(recording: Recording): Promise<Tally> {
    for (;;) {
      const tally: Tally = { tried: 0, failures: 0, first: undefined }
      let isSound = true
      for (const group of recording.groups) {
        const found = await this.#try(recording, group)
        tally.tried += group.points.length
        if (!found) continue
        if (this.#mayBeginAnywhere && tally.first === undefined) {
          const confirmed = await this.#fromTheBeginning([group.points[0]], recording)
          // Bodies remember more than the world holds: then every run has to begin at the beginning.
          isSound = confirmed !== undefined
          if (!isSound) break
        }
        tally.failures += group.points.length
        tally.first ??= found
      }
      if (isSound) return tally
      this.#mayBeginAnywhere = false
    }
  }

  async #pairs(recording: Recording, most: number): Promise<Tally & { isExhaustive: boolean }> {
    const draw = drawer(this.#options.seed ?? 1)
    const tally: Tally = { tried: 0, failures: 0, first: undefined }
    const firsts = recording.groups.map((group) => group.points[0])
    const share = Math.max(1, Math.floor(most / firsts.length))
    let isExhaustive = firsts.length <= most
    for (const first of isExhaustive ? firsts : sample(firsts, most, draw)) {
      const disturbed = await this.#record([first])
      const at = disturbed.groups.findIndex(({ points }) => points.some((one) => same(one, first)))
      const later = disturbed.groups.slice(at + 1).map((group) => group.points[0])
      if (later.length > share) isExhaustive = false
      for (const second of later.length > share ? sample(later, share, draw) : later) {
        const found = await this.#fromTheBeginning([first, second], recording)
        tally.tried += 1
        if (!found) continue
        tally.failures += 1
        tally.first ??= found
      }
    }
    return { ...tally, isExhaustive }
  }

  /** What is different after a group's first point; nothing where all is as undisturbed. */
  async #try(recording: Recording, group: Group): Promise<Found | undefined> {
    const { points, begins } = group
    if (!this.#mayBeginAnywhere || !begins) return this.#fromTheBeginning([points[0]], recording)
    this.#world.restore(group.world)
    const troubles = group.isWithin ? [] : [points[0]]
    this.#runs += 1
    const run = await disturb(this.#subject, { begins, troubles })
    const attempted = [...recording.run.attempted.slice(0, group.attempted), ...run.attempted]
    return this.#judge({ ...run, attempted }, [points[0]], recording)
  }

  async #fromTheBeginning(points: readonly Point[], recording: Recording) {
    this.#world.reset()
    this.#runs += 1
    const run = await disturb(this.#subject, { troubles: points })
    return this.#judge(run, points, recording)
  }

  #judge(run: Disturbance, points: readonly Point[], recording: Recording): Found | undefined {
    const findings = { ...run.outcome, world: this.#world.snapshot() }
    const { check } = this.#options
    const complaint = check && complaintOf(() => check(findings, recording.findings))
    const isFine = check ? complaint === undefined : isDeepStrictEqual(findings, recording.findings)
    if (isFine) return undefined
    return { points, findings, attempted: run.attempted, complaint }
  }

  async #explain(found: Found, recording: Recording): Promise<CrashFailure> {
    const { points, findings, complaint } = found
    const { world: before, ...expected } = recording.findings
    const { world: after, ...outcome } = findings
    const differs = {
      outcome: !isDeepStrictEqual(outcome, expected),
      world: !isDeepStrictEqual(after, before),
    }
    const again = repeated(found.attempted, recording.run.attempted)
    const mistake = mistakeOf({ outcome }, differs, again)
    const operation =
      mistake === 'effect repeated' ? again : (namedIn(outcome.error) ?? points.at(-1)?.at ?? again)
    this.#world.reset()
    const line = operation && lineOf(await linesOf(this.#subject), operation.id)
    return {
      points,
      mistake,
      operation,
      line,
      expected: recording.findings,
      found: findings,
      ...(complaint === undefined ? {} : { complaint }),
    }
  }

  #record(troubles: readonly Point[]): Promise<Recording> {
    this.#world.reset()
    this.#runs += 1
    return record(this.#subject, this.#world, troubles)
  }
}

interface Tally {
  tried: number
  failures: number
  first: Found | undefined
}

function unsteady(expected: CrashFindings, found: CrashFindings): CrashFailure {
  const nowhere = { points: [], operation: undefined, line: undefined }
  return { ...nowhere, mistake: 'not repeatable', expected, found }
}

function same(one: Point, other: Point): boolean {
  return one.kind === other.kind && one.number === other.number
}

/** So many of them, no one twice, in their own order. */
function sample<T>(all: readonly T[], count: number, draw: (limit: number) => number): T[] {
  const left = all.map((_one, index) => index)
  const drawn: number[] = []
  while (drawn.length < count && left.length > 0) drawn.push(...left.splice(draw(left.length), 1))
  return drawn.sort((a, b) => a - b).map((index) => all[index] as T)
}
