import type { Position } from '../../driver/position.ts'
import { describeDescriptor } from '../../driver/words.ts'
import { CombinatorOperation } from '../../operations/combinator.ts'
import { CompensationOperation } from '../../operations/compensation.ts'
import type { Descriptor } from '../../operations/operation.ts'

/** A context around an operation; a member of a combinator is one without an operation of its own. */
export interface Around {
  readonly id: string
  readonly name: string
  readonly operation: Descriptor<unknown> | undefined
}

/** An operation as a test sees it. */
export interface Sight {
  readonly id: string
  /** Its name; of an invoke without one, that of the function. */
  readonly name: string | undefined
  /** As the workflow built it. */
  readonly operation: Descriptor<unknown>
  /** The operation in words: `step "charge"`. */
  readonly words: string
  /** The names of the contexts around it, or the ids of those without one, outermost first. */
  readonly path: readonly string[]
  readonly contexts: readonly Around[]
}

interface Encounter {
  readonly operation: Descriptor<unknown>
  readonly parentId: string | undefined
  readonly since: number | undefined
  /** Which of all encounters it was. */
  turn: number
  isAwaited?: boolean
}

/** The operations that a walk has come by. */
export class Encounters {
  readonly #all = new Map<string, Encounter>()
  #count = 0

  /** Notes an operation; one on record with the time when it had begun. */
  note(operation: Descriptor<unknown>, { id, parentId }: Position, since?: number): void {
    const turn = this.#all.get(id)?.turn ?? this.#count++
    this.#all.set(id, { operation, parentId, since, turn })
  }

  /** A callback that had been made before is waited for only now. */
  awaits(id: string): void {
    const encounter = this.#all.get(id)
    if (encounter) Object.assign(encounter, { turn: this.#count++, isAwaited: true })
  }

  isAwaited(id: string): boolean {
    return this.#all.get(id)?.isAwaited === true
  }

  get(id: string): Descriptor<unknown> | undefined {
    return this.#all.get(id)?.operation
  }

  /** Which of two began to wait first, as `sort` wants to know it. */
  compare(one: string, other: string): number {
    const [a, b] = [one, other].map((id) => this.#all.get(this.#waitAround(id) ?? id))
    if (a === undefined || b === undefined) return 0
    // What is on record had begun before anything else, at the times on record.
    return (a.since ?? Infinity) < (b.since ?? Infinity)
      ? -1
      : a.since === b.since
        ? a.turn - b.turn
        : 1
  }

  /** Whether an operation stands inside a `waitForCallback`, which is made of two. */
  isPartOfCallback(id: string): boolean {
    return this.#waitAround(id) !== undefined
  }

  /** An operation as a test sees it; the callback of a `waitForCallback` is that operation itself. */
  sight(id: string): Sight | undefined {
    const operation = this.get(id)
    if (operation === undefined) return undefined
    const around = operation.kind === 'callback' ? this.#waitAround(id) : undefined
    if (around !== undefined) return this.sight(around)
    const contexts = this.#around(id)
    const { name, functionName } = operation as Descriptor<unknown> & { functionName?: string }
    return {
      id,
      name: name ?? functionName,
      operation,
      words: describeDescriptor(operation),
      path: contexts.map((around) => around.name),
      contexts,
    }
  }

  #waitAround(id: string): string | undefined {
    const parentId = this.#all.get(id)?.parentId
    if (parentId === undefined) return undefined
    return this.get(parentId)?.kind === 'wait-for-callback' ? parentId : undefined
  }

  #around(id: string): Around[] {
    const operation = this.get(id)
    // What undoes a step stands beside the numbered operations, and belongs where the step does.
    const place = operation instanceof CompensationOperation ? operation.undoes : id
    const around: Around[] = []
    for (let dash = place.indexOf('-'); dash >= 0; dash = place.indexOf('-', dash + 1)) {
      const outer = place.slice(0, dash)
      const name = this.#nameOf(outer)
      if (name !== undefined) around.push({ id: outer, name, operation: this.get(outer) })
    }
    return around
  }

  /** How a context is called; nothing for a member of a combinator that has no name. */
  #nameOf(id: string): string | undefined {
    const operation = this.get(id)
    if (operation !== undefined) return operation.name ?? id
    const dash = id.lastIndexOf('-')
    const parent = this.get(id.slice(0, dash))
    if (!(parent instanceof CombinatorOperation) || Array.isArray(parent.members)) return undefined
    return Object.keys(parent.members)[Number(id.slice(dash + 1)) - 1]
  }
}
