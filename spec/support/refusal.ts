import { PerdureError } from '../../lib/kernel/errors.ts'

/** The code and message of the PerdureError that `act` throws; fails where it throws none. */
export function refusal(act: () => unknown): { code: string; message: string } {
  const { code, message } = refused(act)
  return { code, message }
}

/** The PerdureError that `act` throws. */
function refused(act: () => unknown): PerdureError {
  try {
    act()
  } catch (error) {
    if (error instanceof PerdureError) return error
    throw error
  }
  throw new Error('Expected a refusal, but nothing was thrown.')
}
