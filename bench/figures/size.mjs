// @ts-check
import { bundled, doors } from '../doors.mjs'
import { figure } from '../table.mjs'

/** What a deployment carries. */
export async function sizeFigures() {
  const sizes = {
    perdure: { kB: (await bundled(doors.perdure)).byteLength / 1000 },
    official: { kB: (await bundled(doors.official)).byteLength / 1000 },
  }
  return [figure('bundle, minified', 'kB', sizes, 'kB', { under: 40 })]
}
