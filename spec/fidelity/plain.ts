/** Functions that are not durable, for both to call. */
export async function plain(event: unknown, context: { tenantId?: string }) {
  return { event, tenant: context.tenantId ?? null }
}

export async function failing(): Promise<never> {
  throw new RangeError('out of stock')
}
