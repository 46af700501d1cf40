import fc from 'fast-check'

/** How many cases each law is tried on, and from where chance starts. */
const { PERDURE_RUNS: runs, PERDURE_SEED: seed } = process.env

/** Whether more cases were asked for than fit the suite's time limits. */
export const isSoak = runs !== undefined

/** The suite tries the same cases every time; a soak is there to find new ones. */
const seedOfTheSuite = 20_261_121

/** Tries a law on so many generated cases; `PERDURE_RUNS` and `PERDURE_SEED` say otherwise. */
export async function holds<Ts>(cases: number, law: fc.IAsyncProperty<Ts>): Promise<void> {
  const details = await fc.check(law, {
    // Without the limit, making a failing case small could take far longer than finding it did.
    ...(isSoak ? { numRuns: Number(runs) } : { numRuns: cases, interruptAfterTimeLimit: 40_000 }),
    ...(seed === undefined && isSoak ? {} : { seed: Number(seed ?? seedOfTheSuite) }),
  })
  if (!details.failed) return
  const report = await fc.asyncDefaultReportMessage(details)
  const cause = details.errorInstance instanceof Error ? details.errorInstance.message : ''
  throw new Error(`${cause}\nAgain with PERDURE_SEED=${details.seed}\n${report ?? ''}`)
}
