// Functions that do what no function should, and one that works.

export async function loops() {
  for (;;);
}

export async function exits() {
  process.exit(3)
}

export async function hogs() {
  const held = []
  for (;;) {
    held.push(Buffer.alloc(16 * 2 ** 20, 1))
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

export async function chatters() {
  const line = `${'x'.repeat(1023)}\n`
  for (let written = 0; written < 10 * 1024; written += 1) process.stdout.write(line)
  return 'said'
}

export async function works(input) {
  await new Promise((resolve) => setTimeout(resolve, 20))
  return input
}
