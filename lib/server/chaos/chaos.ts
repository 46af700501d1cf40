import type { Random } from '../../kernel/random.ts'

/** What can go wrong on request. */
export type FaultKind = 'throttle' | 'lose-answer' | 'delay' | 'duplicate'

export const faultKinds: readonly FaultKind[] = ['throttle', 'lose-answer', 'delay', 'duplicate']

/** A fault that waits for its turn. */
export interface Fault {
  readonly kind: FaultKind
  /** Only this call of the API, as `CheckpointDurableExecution`; any when left out. */
  readonly call?: string | undefined
  /** Only what concerns this function; any when left out. */
  readonly functionName?: string | undefined
  /** How many times, at most; without end when left out. */
  readonly times?: number | undefined
  /** How likely it is each time, from 0 to 1; 1 when left out. */
  readonly rate?: number | undefined
  /** How long a `delay` is. */
  readonly milliseconds?: number | undefined
}

/** A fault as it stands: what is left of it, and how often it has struck. */
export interface PlantedFault extends Fault {
  readonly id: number
  readonly struck: number
}

export interface Occasion {
  readonly call?: string | undefined
  readonly functionName?: string | undefined
}

/** The faults that were asked for, and their turns. */
export class Chaos {
  readonly #random: Pick<Random, 'fraction'>
  #faults: PlantedFault[] = []
  #planted = 0

  constructor(random: Pick<Random, 'fraction'>) {
    this.#random = random
  }

  plant(fault: Fault): PlantedFault {
    this.#planted += 1
    const planted = { ...fault, id: this.#planted, struck: 0 }
    this.#faults.push(planted)
    return planted
  }

  get faults(): readonly PlantedFault[] {
    return this.#faults
  }

  /** Takes away one fault, or all of them. Answers how many there were. */
  clear(id?: number): number {
    const before = this.#faults.length
    this.#faults = id === undefined ? [] : this.#faults.filter((one) => one.id !== id)
    return before - this.#faults.length
  }

  /** The first fault of this kind whose turn it is; it counts as having struck. */
  strikes(kind: FaultKind, occasion: Occasion): PlantedFault | undefined {
    const place = this.#faults.findIndex(
      (fault) =>
        fault.kind === kind &&
        isMeant(fault.call, occasion.call) &&
        isMeant(fault.functionName, occasion.functionName) &&
        (fault.rate === undefined || this.#random.fraction() < fault.rate),
    )
    const fault = this.#faults[place]
    if (!fault) return undefined
    const struck = { ...fault, struck: fault.struck + 1 }
    if (struck.times !== undefined && struck.struck >= struck.times) this.#faults.splice(place, 1)
    else this.#faults[place] = struck
    return struck
  }
}

function isMeant(wanted: string | undefined, found: string | undefined): boolean {
  return wanted === undefined || wanted === found
}
