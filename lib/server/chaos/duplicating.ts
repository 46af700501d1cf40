import type { Invoker } from '../../service/invoker.ts'
import type { Chaos } from './chaos.ts'

/** Delivers an invocation twice at once where a fault asks for it; the first answer counts. */
export function duplicating(invoker: Invoker, chaos: Chaos): Invoker {
  return {
    ...(invoker.keepsTime === undefined ? {} : { keepsTime: invoker.keepsTime }),
    invoke(request) {
      const { functionName } = request
      const first = invoker.invoke(request)
      if (!chaos.strikes('duplicate', { functionName })) return first
      // Whatever becomes of the second one, it is not the service that hears of it.
      invoker.invoke(request).catch(() => {})
      return first
    },
  }
}
