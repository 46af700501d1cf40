import type { OperationRecord, OperationStatus } from '../../../lib/journal/record.ts'
import { expectedAnswer, expectedReading, expectedValue } from './expected-values.ts'
import { mapped, ownWords, Raised, recorded, thrown, told, wrapped } from './raised.ts'
import type {
  CallbackDeed,
  ContextDeed,
  Deed,
  InvokeDeed,
  OperationDeed,
  Plan,
  StepDeed,
  WaitForCallbackDeed,
} from './plan.ts'
import { make, most, much, shortened } from './values.ts'

// What becomes of a plan, worked out without engine and service: what it returns, which operations it
// leaves behind, and under which ids. This is the oracle of all laws.

export interface ExpectedOperation {
  readonly id: string
  readonly type: string
  readonly subType: string
  readonly name: string | undefined
  readonly parentId: string | undefined
  /** A crash in the middle of such a body counts as an attempt. */
  readonly isAtMostOnce: boolean
  /** `undefined` where it is left open, and time decides how far it came. */
  status?: OperationStatus
}

export type End =
  | { readonly status: 'SUCCEEDED'; readonly result: unknown }
  | { readonly status: 'FAILED'; readonly error: string }
  /** At which operation the replay stops. */
  | { readonly status: 'DIVERGED'; readonly at: string }

export interface Expectation {
  readonly end: End
  readonly operations: ReadonlyMap<string, ExpectedOperation>
  /** The operation that is yielded at a place of the plan, where it leaves a record. */
  readonly places: ReadonlyMap<string, string>
  readonly outcomes: ReadonlyMap<string, () => unknown>
}

/** What an earlier version of the plan has left behind. */
export interface Past {
  readonly records: ReadonlyMap<string, OperationRecord>
  readonly outcomes: Expectation['outcomes']
}

export function expected(plan: Plan, past?: Past): Expectation {
  return new Interpretation(past).run(plan)
}

class Diverged extends Error {
  readonly at: string

  constructor(at: string) {
    super(`Diverged at ${at}`)
    this.at = at
  }
}

/** A context: where it stands, and how many operations were met in it. */
interface Frame {
  readonly id: string
  readonly parentId: string | undefined
  readonly isRebuilding: boolean
  met: number
}

interface Around {
  readonly frame: Frame
  readonly notes: unknown[]
  readonly turns: string
}

class Interpretation {
  readonly #past: Past | undefined
  readonly #operations = new Map<string, ExpectedOperation>()
  readonly #places = new Map<string, string>()
  readonly #outcomes = new Map<string, () => unknown>()

  constructor(past: Past | undefined) {
    this.#past = past
  }

  run(plan: Plan): Expectation {
    return {
      end: this.#end(plan),
      operations: this.#operations,
      places: this.#places,
      outcomes: this.#outcomes,
    }
  }

  #end(plan: Plan): End {
    const root: Frame = { id: '', parentId: undefined, isRebuilding: false, met: 0 }
    try {
      return { status: 'SUCCEEDED', result: asJson(this.#body(plan, root, '', '')) }
    } catch (error) {
      if (error instanceof Diverged) return { status: 'DIVERGED', at: error.at }
      if (error instanceof Raised) return { status: 'FAILED', error: told(recorded(error)) }
      throw error
    }
  }

  #body(plan: Plan, frame: Frame, place: string, turns: string): unknown {
    const around: Around = { frame, notes: [], turns }
    try {
      this.#all(plan.deeds, place, around)
    } catch (error) {
      if (error instanceof Raised) this.#checkEnd(frame)
      throw error
    }
    this.#checkEnd(frame)
    if (plan.returns === 'nothing') return undefined
    if (plan.returns === 'most') return most()
    return plan.returns === 'much' ? much : asJson(around.notes)
  }

  /** Code that ends before it got to all that is recorded has diverged. */
  #checkEnd(frame: Frame): void {
    const prefix = frame.id === '' ? '' : `${frame.id}-`
    const unmet = [...(this.#past?.records.keys() ?? [])].filter(
      (id) => id.startsWith(prefix) && parseInt(id.slice(prefix.length)) > frame.met,
    )
    if (unmet.length === 0) return
    throw new Diverged(unmet.reduce((first, id) => (isBefore(id, first) ? id : first)))
  }

  #all(deeds: readonly Deed[], place: string, around: Around): boolean {
    return deeds.some((deed, i) => this.#one(deed, `${place}/${i}`, around))
  }

  #one(deed: Deed, place: string, around: Around): boolean {
    const { notes } = around
    switch (deed.kind) {
      case 'throw':
        throw thrown(deed.thrown)
      case 'leave':
        return true
      case 'loop':
        for (let turn = 1; turn <= deed.times; turn++) {
          const turns = `${around.turns}.${turn}`
          if (this.#all(deed.body, `${place}.${turn}`, { ...around, turns })) return true
        }
        return false
      case 'try': {
        let isLeft = false
        let raised: Raised | undefined
        try {
          isLeft = this.#all(deed.body, `${place}:try`, around)
        } catch (error) {
          if (!(error instanceof Raised)) throw error
          notes.push({ caught: told(error) })
          raised = error
        }
        this.#all(deed.cleanUp, `${place}:finally`, around)
        if (raised && deed.rethrows) throw raised
        return isLeft
      }
      case 'now':
      case 'random':
        notes.push({ got: 'number' })
        return false
      case 'uuid':
        notes.push({ got: 'string' })
        return false
      case 'callback':
        return this.#callback(deed, place, around)
      default:
        notes.push({ got: shortened(this.#operation(deed, place, around)) })
        return false
    }
  }

  #callback(deed: CallbackDeed, place: string, around: Around): boolean {
    const operation = this.#meet(around, { type: 'CALLBACK', subType: 'Callback', deed })
    this.#places.set(`${place}:made`, operation.id)
    this.#places.set(`${place}:result`, operation.id)
    if (this.#all(deed.between, `${place}:between`, around)) return true
    for (let turn = 1; turn <= deed.awaited; turn++) {
      const answer = expectedAnswer(deed.answer)
      operation.status = answer.status
      const got = expectedReading(answer.text(), deed.reading)
      around.notes.push({ got: shortened(got) })
    }
    return false
  }

  #operation(deed: Exclude<Numbered, CallbackDeed>, place: string, around: Around): unknown {
    switch (deed.kind) {
      case 'wait':
        return this.#settle(place, around, { type: 'WAIT', subType: 'Wait', deed }, () => undefined)
      case 'step':
        return this.#settle(place, around, { type: 'STEP', subType: 'Step', deed }, () => {
          if (deed.fails >= deed.tries) throw wrapped('STEP_FAILED', thrown(deed.thrown))
          return expectedValue(deed.value, deed.reading)
        })
      case 'condition':
        return this.#settle(
          place,
          around,
          { type: 'STEP', subType: 'WaitForCondition', deed },
          () => {
            if (deed.ends === 'thrown') throw new Raised('CONDITION_FAILED', 'check refused')
            if (deed.ends === 'exhausted') throw new Raised('CONDITION_EXHAUSTED', ownWords)
            return deed.checks
          },
        )
      case 'invoke':
        return this.#invoke(deed, place, around)
      case 'context':
        return this.#context(deed, place, around)
      case 'wait-for-callback':
        return this.#waitForCallback(deed, place, around)
    }
  }

  #invoke(deed: InvokeDeed, place: string, around: Around): unknown {
    // An input that cannot be written fails the operation before anything is said of it.
    const facts = { type: 'CHAINED_INVOKE', subType: 'ChainedInvoke', deed }
    if (deed.input.is === 'bigint') {
      this.#place(around, facts)
      throw new Raised('SERDES_FAILED', ownWords)
    }
    return this.#settle(place, around, facts, () => {
      if (deed.callee.endsWith('echo')) return { echo: asJson(make(deed.input)) ?? null }
      if (deed.callee.endsWith('refuse')) throw new Raised('INVOKE_FAILED', 'callee refuses')
      const arn = 'arn:aws:lambda:us-east-1:123456789012:function:missing'
      throw new Raised('INVOKE_FAILED', `Function not found: ${arn}`)
    })
  }

  #context(deed: ContextDeed, place: string, around: Around): unknown {
    const facts = { type: 'CONTEXT', subType: 'RunInChildContext', deed }
    const within: Work = (id, isRebuilding) => {
      const parentId = deed.virtual ? around.frame.parentId : id
      const frame = { id, parentId, isRebuilding, met: 0 }
      try {
        return asJson(this.#body(deed.body, frame, `${place}:in`, around.turns))
      } catch (error) {
        if (!(error instanceof Raised)) throw error
        const kept = recorded(error)
        throw deed.mapped ? mapped(kept) : wrapped('CHILD_CONTEXT_FAILED', kept)
      }
    }
    if (!deed.virtual) return this.#settle(place, around, facts, within)
    const { id } = this.#place(around, facts)
    return within(id, around.frame.isRebuilding)
  }

  #waitForCallback(deed: WaitForCallbackDeed, place: string, around: Around): unknown {
    const facts = { type: 'CONTEXT', subType: 'WaitForCallback', deed }
    return this.#settle(place, around, facts, (id, isRebuilding) => {
      const frame = { id, parentId: id, isRebuilding, met: 0 }
      const inside = { frame, notes: [], turns: '' }
      const callback = this.#meet(inside, { type: 'CALLBACK', subType: 'Callback' })
      const submit = this.#meet(inside, { type: 'STEP', subType: 'Step' })
      submit.status = 'FAILED'
      if (deed.fails >= deed.tries) throw wrapped('CALLBACK_SUBMIT_FAILED', thrown(deed.thrown))
      submit.status = 'SUCCEEDED'
      const answer = expectedAnswer(deed.answer)
      callback.status = answer.status
      const text = answer.text()
      // The context has its payload by now; that it cannot be read is found out by who gets it.
      this.#found(id).status = 'SUCCEEDED'
      return expectedReading(text, deed.reading)
    })
  }

  /** Meets an operation that ends as `work` does, or as it had ended before. */
  #settle(place: string, around: Around, facts: Facts, work: Work): unknown {
    const operation = this.#meet(around, facts)
    const { id } = operation
    this.#places.set(place, id)
    const record = this.#past?.records.get(id)
    const isRebuilding =
      record?.Type === 'CONTEXT' && record.ContextDetails?.ReplayChildren === true
    const before = isEnded(record) && !isRebuilding ? this.#past?.outcomes.get(id) : undefined
    if (before) return before()
    try {
      const value = work(id, isRebuilding || around.frame.isRebuilding)
      operation.status = 'SUCCEEDED'
      this.#outcomes.set(id, () => value)
      return value
    } catch (error) {
      if (!(error instanceof Raised)) throw error
      if (isRebuilding) throw new Diverged(id)
      operation.status ??= 'FAILED'
      this.#outcomes.set(id, () => {
        throw error
      })
      throw error
    }
  }

  #meet(around: Around, facts: Facts): ExpectedOperation {
    const operation = this.#place(around, facts)
    const isKnown = this.#past?.records.has(operation.id) === true
    if (around.frame.isRebuilding && !isKnown) throw new Diverged(operation.id)
    this.#operations.set(operation.id, operation)
    return operation
  }

  /** Gives an operation its place, and holds it against what is recorded there. */
  #place({ frame, turns }: Around, { type, subType, deed }: Facts): ExpectedOperation {
    frame.met += 1
    const id = idIn(frame, frame.met)
    const name = deed?.name === undefined ? undefined : `${deed.name}${turns}`
    const isAtMostOnce = deed?.semantics === 'at-most-once'
    const { parentId } = frame
    const operation: ExpectedOperation = { id, type, subType, name, parentId, isAtMostOnce }
    const record = this.#past?.records.get(id)
    if (record && !fits(record, operation)) throw new Diverged(id)
    return operation
  }

  #found(id: string): ExpectedOperation {
    const operation = this.#operations.get(id)
    if (!operation) throw new Error(`Operation ${id} was not met.`)
    return operation
  }
}

type Numbered = Extract<OperationDeed, { readonly name?: string | undefined }>

/** How an operation ends: what it hands over, or what it raises. */
type Work = (id: string, isRebuilding: boolean) => unknown

interface Facts {
  readonly type: string
  readonly subType: string
  readonly deed?: { readonly name?: string | undefined; readonly semantics?: StepDeed['semantics'] }
}

function idIn({ id }: Frame, turn: number): string {
  return id === '' ? String(turn) : `${id}-${turn}`
}

/** Whether one id stands before another, as their numbers count. */
function isBefore(id: string, other: string): boolean {
  return id.localeCompare(other, 'en', { numeric: true }) < 0
}

function isEnded(record: OperationRecord | undefined): boolean {
  return record !== undefined && !['STARTED', 'PENDING', 'READY'].includes(record.Status)
}

function fits(record: OperationRecord, operation: ExpectedOperation): boolean {
  return (
    record.Type === operation.type &&
    record.SubType === operation.subType &&
    record.Name === operation.name &&
    record.ParentId === operation.parentId
  )
}

/** A value as it comes back from JSON; `undefined` is no text at all. */
function asJson(value: unknown): unknown {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown)
}
