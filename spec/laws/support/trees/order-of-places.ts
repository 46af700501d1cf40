// What places of a tree tell of each other; see `nodes.ts` for how they are written.

/** Whether `place` is inside of what stands at `scope`, tasks included. */
export function isWithin(place: string, scope: string): boolean {
  return place.startsWith(scope) && /^[./~]/.test(place.slice(scope.length))
}

/** Whether what stands at `one` is over before anything at `other` begins: bodies go step by step. */
export function isBefore(one: string, other: string): boolean {
  const [first, second] = [stepsOf(one), stepsOf(other)]
  const fork = first.findIndex((step, i) => step !== second[i])
  const [here = '', there = ''] = [first[fork], second[fork]]
  if (!here.startsWith('.') || !there.startsWith('.')) return false
  return Number(here.slice(1)) < Number(there.slice(1))
}

function stepsOf(place: string): string[] {
  return place.match(/[./~][\d_]+/g) ?? []
}

/** Ids of the contexts that an id is in, the outermost first. */
export function ancestorsOf(id: string): string[] {
  const turns = id.split('-')
  return turns.slice(1).map((_turn, i) => turns.slice(0, i + 1).join('-'))
}

/** The place of the task that is forked at `path` in a body. */
export function taskPlaceOf({ body, path }: { readonly body: string; readonly path: string }) {
  return `${body}~${path.slice(1).replaceAll('.', '_')}`
}
