/** Never answers. */
export async function endless() {
  console.log('begun')
  await new Promise((resolve) => setTimeout(resolve, 2 ** 31 - 1))
}
