#!/bin/sh
# Takes away from node_modules what no process reads: types, source maps, and of Prisma's client what is for other databases,
# other runtimes and its own command line. The query compiler is PostgreSQL's, as the generated client imports it.
set -eu
find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete
prisma=node_modules/@prisma
if [ -d "$prisma/client" ]; then
  find "$prisma/client" -type f \( -name '*edge*' -o -name '*browser*' -o -name 'query_compiler_*' \) \
    ! -name 'query_compiler_fast_bg.postgresql.mjs' ! -name 'query_compiler_fast_bg.postgresql.wasm-base64.mjs' -delete
fi
find node_modules -type d -empty -delete
