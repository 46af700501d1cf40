import type { GateAnswer } from './differences.ts'
import type { Walked } from './walk.ts'

/** A version gate over all histories: which of them still need which version of the code. */
export interface GateReport {
  readonly id: string
  /** As the code has it now; absent where it has no gate of that id any more. */
  readonly range?: { readonly min: number; readonly max: number }
  /** Oldest first. */
  readonly versions: readonly GateVersion[]
}

export interface GateVersion {
  readonly version: number
  /** Histories that ran this version, by name. */
  readonly histories: readonly string[]
  /** Those of them that have not ended: as long as there is one, the version's code must stay. */
  readonly running: readonly string[]
}

/** What the gates answered in one walk, and what is on record of gates that the code did not get to. */
export function gatesIn({ unnumbered, journal, said }: Walked): GateAnswer[] {
  const answers = new Map<string, GateAnswer>()
  const recorded = (id: string): number | undefined => {
    const record = journal.get(`v-${id}`)
    return record?.Type === 'STEP' ? Number(record.StepDetails?.Result) : undefined
  }
  for (const operation of unnumbered) {
    if (operation.kind !== 'version') continue
    const { name: id, min, max } = operation
    const version = recorded(id) ?? (said.has(`v-${id}`) ? max : min)
    answers.set(id, { id, version, range: { min, max } })
  }
  for (const { Id, SubType } of journal.records()) {
    const id = Id.slice(2)
    if (SubType !== 'Version' || !Id.startsWith('v-') || answers.has(id)) continue
    answers.set(id, { id, version: recorded(id) ?? NaN })
  }
  return [...answers.values()]
}

export interface GatedHistory {
  readonly name: string
  readonly isRunning: boolean
  readonly gates: readonly GateAnswer[]
}

interface Growing {
  range?: NonNullable<GateReport['range']>
  readonly versions: Map<number, { readonly histories: string[]; readonly running: string[] }>
}

/** The gates of many histories, put together by id. */
export function gateReports(histories: readonly GatedHistory[]): GateReport[] {
  const gates = new Map<string, Growing>()
  for (const { name, isRunning, gates: answers } of histories) {
    for (const { id, version, range } of answers) {
      const gate: Growing = gates.get(id) ?? { versions: new Map() }
      gates.set(id, gate)
      if (range) gate.range = range
      const its = gate.versions.get(version) ?? { histories: [], running: [] }
      gate.versions.set(version, its)
      its.histories.push(name)
      if (isRunning) its.running.push(name)
    }
  }
  return [...gates].map(([id, { range, versions }]) => ({
    id,
    ...(range ? { range } : {}),
    versions: [...versions]
      .sort(([one], [other]) => one - other)
      .map(([version, its]) => ({ version, ...its })),
  }))
}
