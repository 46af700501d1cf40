import type { OperationRecord } from '../../../../lib/journal/record.ts'
import type { StoredExecution } from '../../../../lib/service/store.ts'
import { placesOf, type Tree, type Undo } from './nodes.ts'
import { ancestorsOf, isBefore } from './order-of-places.ts'

/**
 * Judges L6 of sagas: when one has not succeeded, or the workflow has not, every step that has
 * completed in it is undone, the later before the earlier; no other step is.
 */
export function judgeUndoing(
  { operations, events, progress }: Pick<StoredExecution, 'operations' | 'events' | 'progress'>,
  tree: Tree,
): string[] {
  const records = new Map(operations.map(({ record }) => [record.Id, record]))
  const when = (id: string, types: RegExp): number =>
    events.findIndex(({ type, subject }) => subject?.Id === id && types.test(type))
  const undoes = new Map(
    [...placesOf(tree)].flatMap(([place, node]): [string, Undo][] =>
      node.kind === 'step' && node.undo !== undefined ? [[place, node.undo]] : [],
    ),
  )
  const done = [...records.values()].filter(isDone).filter(({ Name = '' }) => undoes.has(Name))
  const faults = done.flatMap(({ Id, Name = '' }) => {
    const status = records.get(`c-${Id}`)?.Status
    const wanted = undoes.get(Name) === 'fails' ? 'FAILED' : 'SUCCEEDED'
    const saga = ancestorsOf(Id).find((one) => isLostSaga(records.get(one)))
    if (saga === undefined && progress.status !== 'FAILED') {
      return status === undefined ? [] : [`${Id} is undone, and nothing around it has failed`]
    }
    const cause = saga === undefined ? 'the workflow has failed' : `the saga ${saga} was lost`
    return status === wanted ? [] : [`${Id} is not undone (${status ?? 'no record'}), and ${cause}`]
  })
  for (const { Id } of records.values()) {
    const step = /^c-(.*)$/.exec(Id)?.[1]
    if (step === undefined) continue
    const completed = when(step, /^StepSucceeded$/)
    if (completed < 0 || completed > when(Id, /^StepStarted$/)) {
      faults.push(`${step} is undone, and was not done`)
    }
  }
  for (const early of done) {
    for (const late of done) {
      if (!isBefore(early.Name ?? '', late.Name ?? '')) continue
      const begin = when(`c-${early.Id}`, /^StepStarted$/)
      const isOwed = records.has(`c-${late.Id}`) && when(late.Id, /^StepSucceeded$/) < begin
      if (isOwed && !events.slice(0, begin).some(isEndOf(`c-${late.Id}`))) {
        faults.push(`${early.Id} is undone before ${late.Id}, which was done after it`)
      }
    }
  }
  return faults
}

function isDone({ Type, SubType, Status }: OperationRecord): boolean {
  return Type === 'STEP' && SubType === 'Step' && Status === 'SUCCEEDED'
}

/** One that has failed, or that was cancelled and left as it was. */
function isLostSaga(record: OperationRecord | undefined): boolean {
  return record?.SubType === 'Saga' && record.Status !== 'SUCCEEDED'
}

function isEndOf(id: string) {
  return ({ type, subject }: StoredExecution['events'][number]): boolean =>
    subject?.Id === id && /^Step(Succeeded|Failed)$/.test(type)
}
