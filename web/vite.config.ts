import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** The built page goes into the package, from where `packshot serve` serves it and the wheel takes it. */
const SITE = "../pipeline/packshot/api/static";

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: SITE,
    emptyOutDir: true,
    assetsInlineLimit: 0, // data: addresses would need a weaker content security policy
    modulePreload: { polyfill: false },
    target: "es2022",
  },
  server: {
    // The page in development talks to `packshot serve`.
    proxy: { "/api": { target: "http://127.0.0.1:8000", changeOrigin: true } },
  },
  test: { include: ["tests/**/*.test.ts"], environment: "node" },
});
