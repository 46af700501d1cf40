// Resolve and load hooks, for modules that lie outside this package, as handlers of other people do.
//
//   O1. `perdure`, and every door of it, is this package, whatever is installed beside the module.
//   O2. What cannot be found from the module is looked for from this package.
//   O3. A module is an ES module, in whatever folder it lies, and its types are stripped by the
//       loader that strips ours.

import type { LoadHook, ResolveHook } from 'node:module'

const packageRoot = new URL('../../', import.meta.url).href

export const resolve: ResolveHook = async (specifier, context, nextResolve) => {
  const fromHere = { ...context, parentURL: import.meta.url }
  if (!isOutside(context.parentURL) || !isBare(specifier)) return nextResolve(specifier, context)
  if (/^perdure(\/|$)/.test(specifier)) return nextResolve(specifier, fromHere)
  try {
    return await nextResolve(specifier, context)
  } catch (error) {
    try {
      return await nextResolve(specifier, fromHere)
    } catch {
      // The first failure names the module that asked; the second would name this file.
      throw error
    }
  }
}

export const load: LoadHook = (url, context, nextLoad) =>
  nextLoad(url, isModuleOutside(url) ? { ...context, format: 'module' } : context)

function isModuleOutside(url: string): boolean {
  return isOutside(url) && /\.m?[jt]s$/.test(new URL(url).pathname)
}

function isOutside(url: string | undefined): boolean {
  if (url === undefined || !url.startsWith('file:')) return false
  return !url.startsWith(packageRoot) && !url.includes('/node_modules/')
}

function isBare(specifier: string): boolean {
  return !/^(\.{0,2}\/|[a-z][a-z+.-]*:)/i.test(specifier)
}
