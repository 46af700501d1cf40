import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Workflow } from 'perdure'
import * as clockRead from './clock-read.ts'
import * as counterInAClosure from './counter-in-a-closure.ts'
import * as effectInFinally from './effect-in-finally.ts'
import * as forgottenYield from './forgotten-yield.ts'
import * as mapIterationOrder from './map-iteration-order.ts'
import * as mutatedInput from './mutated-input.ts'
import * as nonIdempotentCharge from './non-idempotent-charge.ts'
import * as raceByArrival from './race-by-arrival.ts'
import * as randomBranch from './random-branch.ts'
import * as renamedStep from './renamed-step.ts'
import * as submitterOutsideAStep from './submitter-outside-a-step.ts'
import * as swallowedCancellation from './swallowed-cancellation.ts'

/** What is to find a mistake. */
export type Tool =
  /** `determinism: 'check'` ends the execution with REPLAY_DIVERGED. */
  | 'determinism check'
  /** `determinism: 'check'` ends the execution with FORGOTTEN_YIELD. */
  | 'forgotten yield'
  /** `determinism: 'check'` warns in the log of operations that cancelled code has asked for. */
  | 'cancellation report'
  | 'crash explorer'
  | 'order explorer'
  | 'verifier'

/** A workflow with one mistake in it. */
export interface Faulty {
  /** The name of its file, without `.ts`. */
  readonly file: string
  readonly foundBy: Tool
  readonly workflow: Workflow<never>
  readonly input: unknown
  /** The line that carries the mark `// faulty`, counted from 1. */
  readonly line: number
}

type Module = Pick<Faulty, 'workflow' | 'input'>

/** Every workflow of the corpus, and which tool it is meant for. */
export const corpus: readonly Faulty[] = [
  faulty('non-idempotent-charge', nonIdempotentCharge, 'crash explorer'),
  faulty('counter-in-a-closure', counterInAClosure, 'determinism check'),
  faulty('clock-read', clockRead, 'determinism check'),
  faulty('random-branch', randomBranch, 'determinism check'),
  faulty('submitter-outside-a-step', submitterOutsideAStep, 'determinism check'),
  faulty('race-by-arrival', raceByArrival, 'order explorer'),
  faulty('mutated-input', mutatedInput, 'determinism check'),
  faulty('forgotten-yield', forgottenYield, 'forgotten yield'),
  faulty('swallowed-cancellation', swallowedCancellation, 'cancellation report'),
  faulty('effect-in-finally', effectInFinally, 'cancellation report'),
  faulty('map-iteration-order', mapIterationOrder, 'determinism check'),
  faulty('renamed-step', renamedStep, 'verifier'),
]

/** The mistakes that are found by `tool`. */
export function foundBy(...tools: readonly Tool[]): readonly Faulty[] {
  return corpus.filter((one) => tools.includes(one.foundBy))
}

/** What the line of a mistake looks like in a report. */
export function lineIn({ file, line }: Faulty): RegExp {
  return new RegExp(`/spec/testing/faulty/${file}\\.ts:${line}:\\d+`)
}

function faulty(file: string, { workflow, input }: Module, tool: Tool): Faulty {
  return { file, workflow, input, foundBy: tool, line: markedLine(file) }
}

function markedLine(file: string): number {
  const path = fileURLToPath(new URL(`./${file}.ts`, import.meta.url))
  const lines = readFileSync(path, 'utf8').split('\n')
  const marked = lines.flatMap((line, index) => (line.endsWith('// faulty') ? [index + 1] : []))
  const [line] = marked
  if (line === undefined || marked.length > 1) {
    throw new Error(`Expected one line of ${path} to end in // faulty, got ${marked.length}.`)
  }
  return line
}
