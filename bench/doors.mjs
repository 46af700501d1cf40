// @ts-check
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** The files that a user's import of either package leads to. */
export const doors = {
  perdure: fileURLToPath(new URL('../dist/index.js', import.meta.url)),
  official: fileURLToPath(import.meta.resolve('@aws/durable-execution-sdk-js')),
}

/**
 * A door with all it reaches in one minified module, as it is deployed; Lambda has the AWS SDK.
 * @param {string} door
 * @param {string} [banner] put before it
 * @returns {Promise<Uint8Array>}
 */
export async function bundled(door, banner = '') {
  const { outputFiles } = await build({
    entryPoints: [door],
    bundle: true,
    minify: true,
    write: false,
    platform: 'node',
    format: 'esm',
    external: ['@aws-sdk/*'],
    banner: { js: banner },
  })
  const [file] = outputFiles
  if (file === undefined) throw new Error(`esbuild made nothing of ${door}.`)
  return file.contents
}
