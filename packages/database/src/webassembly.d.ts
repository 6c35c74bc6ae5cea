/** The part of Node's WebAssembly that schema-engine.ts uses; TypeScript only knows it with the DOM library. */
declare namespace WebAssembly {
  type Exports = Readonly<Record<string, unknown>>;
  function instantiate(
    bytes: Uint8Array,
    imports: Readonly<Record<string, object>>,
  ): Promise<{ readonly instance: { readonly exports: Exports } }>;
}
