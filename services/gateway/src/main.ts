import { once } from 'node:events';
import { ConfigError, loadGatewayConfig } from '@eden/config';
import { createContext } from './context.js';
import { startGateway } from './gateway.js';

async function main(): Promise<void> {
  const config = loadGatewayConfig();
  const stopped = Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
  const gateway = await startGateway(await createContext(config), config.http);
  await stopped;
  await gateway.stop();
}

main().catch((error: unknown) => {
  console.error(error instanceof ConfigError ? `Configuration: ${error.message}` : error);
  process.exitCode = 1;
});
