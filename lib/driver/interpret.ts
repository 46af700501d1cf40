import type { AmbientOperation } from '../operations/ambient.ts'
import type { CallbackOperation, CallbackResultOperation } from '../operations/callback.ts'
import type { ChildContextOperation } from '../operations/child-context.ts'
import type { InvokeOperation } from '../operations/invoke.ts'
import type { Descriptor } from '../operations/operation.ts'
import type { StepOperation } from '../operations/step.ts'
import type { WaitForCallbackOperation } from '../operations/wait-for-callback.ts'
import type { ConditionOperation } from '../operations/wait-for-condition.ts'
import type { WaitOperation } from '../operations/wait.ts'
import type { CombinatorOperation } from '../operations/combinator.ts'
import type { IterationOperation } from '../operations/fan-out.ts'
import type {
  CompensationOperation,
  SealOperation,
  ShieldOperation,
} from '../operations/compensation.ts'
import type { SagaOperation } from '../operations/saga.ts'
import type { StatusOperation } from '../operations/status.ts'
import type { VersionOperation } from '../operations/version.ts'
import { interpretSaga } from './interpreters/saga.ts'
import type { ForkOperation } from '../operations/fork.ts'
import type { MapOperation } from '../operations/map.ts'
import type { ParallelOperation } from '../operations/parallel.ts'
import type { TaskOperation } from '../operations/task.ts'
import { interpretCombinator } from './interpreters/combinator.ts'
import { interpretFork } from './interpreters/fork.ts'
import { interpretIteration } from './interpreters/iteration.ts'
import { interpretMap } from './interpreters/map.ts'
import { interpretParallel } from './interpreters/parallel.ts'
import { interpretCallback } from './interpreters/callback.ts'
import { interpretChildContext } from './interpreters/child-context.ts'
import { interpretCondition } from './interpreters/condition.ts'
import type { Interpreter } from './interpreters/interpreter.ts'
import { interpretInvoke } from './interpreters/invoke.ts'
import { interpretStep } from './interpreters/step.ts'
import { interpretWaitForCallback } from './interpreters/wait-for-callback.ts'
import { interpretWait } from './interpreters/wait.ts'
import type { WireKind } from './position.ts'

/** Every descriptor that a driver knows. */
export type Known =
  | Numbered
  | CallbackResultOperation<unknown>
  | TaskOperation<unknown>
  | ShieldOperation<unknown>
  | SealOperation
  | VersionOperation
  | StatusOperation
  | AmbientOperation<unknown>

/** Those that take the next number of their context when they are met. */
export type Numbered =
  | StepOperation<unknown>
  | WaitOperation
  | CallbackOperation<unknown>
  | WaitForCallbackOperation<unknown>
  | InvokeOperation<unknown, unknown>
  | ConditionOperation<unknown>
  | ChildContextOperation<unknown>
  | MapOperation<unknown, unknown>
  | ParallelOperation<unknown>
  | IterationOperation
  | CombinatorOperation<unknown>
  | ForkOperation<unknown>
  | SagaOperation<unknown>
  | CompensationOperation

interface Entry<D extends Descriptor<unknown>> {
  readonly wire: WireKind
  readonly interpret: Interpreter<D>
}

type Table = { readonly [K in Numbered['kind']]: Entry<OfKind<K>> }
type OfKind<K> = Numbered extends infer D
  ? D extends { kind: infer L }
    ? K extends L
      ? D
      : never
    : never
  : never

/** One line an operation, or it does not compile: how it goes on the wire, and who carries it out. */
const table: Table = {
  step: entry('STEP', 'Step', interpretStep),
  wait: entry('WAIT', 'Wait', interpretWait),
  callback: entry('CALLBACK', 'Callback', interpretCallback),
  'wait-for-callback': entry('CONTEXT', 'WaitForCallback', interpretWaitForCallback),
  invoke: entry('CHAINED_INVOKE', 'ChainedInvoke', interpretInvoke),
  condition: entry('STEP', 'WaitForCondition', interpretCondition),
  'child-context': entry('CONTEXT', 'RunInChildContext', interpretChildContext),
  map: entry('CONTEXT', 'Map', interpretMap),
  parallel: entry('CONTEXT', 'Parallel', interpretParallel),
  'map-iteration': entry('CONTEXT', 'MapIteration', interpretIteration),
  'parallel-branch': entry('CONTEXT', 'ParallelBranch', interpretIteration),
  all: entry('CONTEXT', 'All', interpretCombinator),
  'all-settled': entry('CONTEXT', 'AllSettled', interpretCombinator),
  any: entry('CONTEXT', 'Any', interpretCombinator),
  race: entry('CONTEXT', 'Race', interpretCombinator),
  fork: entry('CONTEXT', 'Fork', interpretFork),
  saga: entry('CONTEXT', 'Saga', interpretSaga),
  compensation: entry('STEP', 'Compensation', interpretStep),
}

/** The entry for a numbered operation; `undefined` for those that take no number. */
export function entryOf(operation: Known): Entry<Descriptor<unknown>> | undefined {
  const found = (table as Readonly<Record<string, Entry<never> | undefined>>)[operation.kind]
  return found as Entry<Descriptor<unknown>> | undefined
}

function entry<D extends Descriptor<unknown>>(
  type: WireKind['type'],
  subType: string,
  interpret: Interpreter<D>,
): Entry<D> {
  return { wire: { type, subType }, interpret }
}
