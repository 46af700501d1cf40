import type { Entry } from '../transcript.ts'

/**
 * Judges L1: an id stands for one place and a place has one id, in all that is sent by whatever
 * invocation, and in whatever order things end, when given the transcripts of several runs.
 */
export function judgePlaces(...runs: readonly (readonly Entry[])[]): string[] {
  const places = new Map<string, string>()
  const ids = new Map<string, string>()
  return runs.flat().flatMap((entry) => {
    if (entry.what !== 'sent') return []
    return entry.updates.flatMap(({ Id, Type, SubType = '', Name = '', ParentId = '' }) => {
      // What undoes a step stands in the saga that has failed, be it this one or one around it.
      const parent = SubType === 'Compensation' ? 'a saga' : ParentId || 'the workflow'
      const place = `${Type} ${SubType} ${Name} in ${parent}`
      const placeBefore = places.get(Id) ?? place
      places.set(Id, placeBefore)
      if (placeBefore !== place) return [`${Id} is ${placeBefore}, and ${place}`]
      // What stands beside the numbered ones may have no name to tell it by.
      if (SubType === 'Status' || SubType === 'Decision') return []
      const idBefore = ids.get(place) ?? Id
      ids.set(place, idBefore)
      return idBefore === Id ? [] : [`${place} is ${idBefore}, and ${Id}`]
    })
  })
}
