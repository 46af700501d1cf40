// What samples/checkout.ts invokes: a plain function, which answers at once and is not durable.

interface Order {
  id: string
}

export async function handler(order: Order) {
  return { tracking: `track-${order.id}` }
}
