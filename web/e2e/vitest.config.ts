import { defineConfig } from "vitest/config";

/** The page in a real browser against the real local server: `npm run e2e`. */
export default defineConfig({
  test: {
    include: ["e2e/**/*.test.ts"],
    environment: "node",
    // One story: a step stands on what the one before has left.
    sequence: { concurrent: false },
    fileParallelism: false,
    bail: 1,
    expect: { poll: { timeout: 20_000 } },
    testTimeout: 240_000,
    hookTimeout: 120_000,
  },
});
