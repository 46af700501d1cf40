import type { ConcurrentRun } from './concurrent-run.ts'

/** Judges L1: an id stands for one place of the tree, and a place has one id, in all that is sent. */
export function judgePlaces({ entries }: ConcurrentRun): string[] {
  const names = new Map<string, string>()
  return entries.flatMap((entry) => {
    if (entry.what !== 'sent') return []
    return entry.updates.flatMap(({ Id, Type, SubType = '', Name = '' }) => {
      const its = `${Type} ${SubType} ${Name}`
      const before = names.get(Id)
      names.set(Id, its)
      return before === undefined || before === its ? [] : [`L1: ${Id} is ${before} and ${its}`]
    })
  })
}

/** Judges L5 by what the service has applied: nothing below a context is updated after its end. */
export function judgeScopes({ execution }: ConcurrentRun): string[] {
  const over = new Set<string>()
  return execution.events.flatMap(({ type, subject }) => {
    const id = subject?.Id ?? ''
    if (!/^\d/.test(id)) return []
    const scope = ancestorsOf(id).find((one) => over.has(one))
    if (/^Context(Succeeded|Failed)$/.test(type)) over.add(id)
    // A timer that goes off, or an attempt that falls due, is no update of ours.
    return scope === undefined || type === 'WaitSucceeded'
      ? []
      : [`L5: ${type} of ${id} after the end of ${scope}`]
  })
}

/** Judges L5 of code: a body cleans up at most once in an invocation. */
export function judgeCleanUps({ words }: ConcurrentRun): string[] {
  const cleanUps = words.filter((word) => / cleans up /.test(word))
  return cleanUps
    .filter((word, i) => cleanUps.indexOf(word) !== i)
    .map((word) => `L5: ${word} twice`)
}

/** Judges L6: what an invocation saw that came to its answer is what every later one sees. */
export function judgeSights({ words }: ConcurrentRun): string[] {
  const durable = new Set(words.flatMap((word) => /^(\d+) answered/.exec(word)?.[1] ?? []))
  const kept = new Map<string, string>()
  return words.flatMap((word) => {
    const [, invocation = '', place = '', outcome = ''] = /^(\d+) saw (\S+) (.*)$/.exec(word) ?? []
    if (place === '') return []
    const before = kept.get(place)
    if (durable.has(invocation)) kept.set(place, before ?? outcome)
    if (before === undefined || before === outcome) return []
    return [`L6: ${place} gave ${before}, and ${outcome} in invocation ${invocation}`]
  })
}

function ancestorsOf(id: string): string[] {
  const turns = id.split('-')
  return turns.slice(1).map((_turn, i) => turns.slice(0, i + 1).join('-'))
}
