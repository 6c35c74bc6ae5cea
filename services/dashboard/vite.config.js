import { defaultClientConditions, defineConfig } from 'vite';

/** Relative to nothing: the gateway serves it at /ui, and at no other place. */
export default defineConfig({
  base: '/ui/',
  logLevel: 'warn',
  // Workspace packages are built from their sources, as everywhere here.
  resolve: { conditions: ['source', ...defaultClientConditions] },
  build: {
    outDir: 'dist/pages',
    emptyOutDir: true,
    target: 'es2023',
    // What is put into the page itself would need `data:` in its policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    manifest: true,
    // "use client" means something to servers that render React, of which there is none here.
    rolldownOptions: { onLog: (level, log, handle) => log.code !== 'MODULE_LEVEL_DIRECTIVE' && handle(level, log) },
  },
  // `npm run dev -w @eden/dashboard`, beside a gateway on its usual port.
  server: { proxy: { '/api': 'http://127.0.0.1:8000' } },
});
