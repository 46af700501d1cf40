const nouns: Readonly<Record<string, string>> = {
  Step: 'step',
  Wait: 'wait',
  Callback: 'callback',
  ChainedInvoke: 'invoke',
  WaitForCondition: 'waitForCondition',
  WaitForCallback: 'waitForCallback',
  RunInChildContext: 'childContext',
  Map: 'map',
  MapIteration: 'item',
  Parallel: 'parallel',
  ParallelBranch: 'branch',
  All: 'all',
  AllSettled: 'allSettled',
  Any: 'any',
  Race: 'race',
  Fork: 'fork',
  Saga: 'saga',
  Compensation: 'compensation of',
  Version: 'version',
  Status: 'status',
  Decision: 'decision',
  HandOver: 'hand-over',
}

/** A task, at the beginning of a sentence: `The task "nightly"`. */
export function describeTask(name: string | undefined): string {
  return name === undefined ? 'A task' : `The task ${JSON.stringify(name)}`
}

/** An operation as people name it: `step "charge"`, `wait`. */
export function describeOperation(
  kind: { readonly type: string; readonly subType: string | undefined },
  name: string | undefined,
): string {
  const noun = nouns[kind.subType ?? ''] ?? kind.subType ?? kind.type
  return name === undefined ? noun : `${noun} ${JSON.stringify(name)}`
}

const words: Readonly<Record<string, string>> = {
  condition: 'waitForCondition',
  'child-context': 'childContext',
  'all-settled': 'allSettled',
  'map-iteration': 'item',
  'parallel-branch': 'branch',
  compensation: 'compensation of',
  'wait-for-callback': 'waitForCallback',
  callback: 'createCallback',
  'callback-result': 'the result of callback',
}

/** A descriptor as people wrote it: `step "charge"`. */
export function describeDescriptor(descriptor: {
  readonly kind: string
  readonly name: string | undefined
  readonly functionName?: string
}): string {
  const word = words[descriptor.kind] ?? descriptor.kind
  const name = descriptor.name ?? descriptor.functionName
  return name === undefined ? word : `${word} ${JSON.stringify(name)}`
}
