/** A result that Lambda's answer has no room for, and a checkpoint still has: 50 bytes lie between. */
export const aboveTheResponse = 'x'.repeat(6_291_430)

/** One that nothing has room for. */
export const aboveThePayload = 'x'.repeat(6_400_000)

export const largeInput = 'x'.repeat(5_000_000)
