import { loadGatewayConfig, runProcess } from '@eden/config';
import { createContext } from './context.js';
import { startGateway } from './gateway.js';

await runProcess(async () => {
  const config = loadGatewayConfig();
  return startGateway(await createContext(config), config.http);
});
