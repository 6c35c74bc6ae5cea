/**
 * Liveness for the container runtime: node healthcheck.mjs <variable that may name the port> <port otherwise>.
 * Exits with 0 when GET /healthz on the loopback address answers 2xx.
 */
const [variable, fallback] = process.argv.slice(2);
const port = process.env[variable] || fallback;
const TIMEOUT_MS = 2_000;

try {
  const response = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  process.exitCode = response.ok ? 0 : 1;
} catch (error) {
  console.error(`GET /healthz on port ${port}: ${error.cause?.code ?? error.name}`);
  process.exitCode = 1;
}
