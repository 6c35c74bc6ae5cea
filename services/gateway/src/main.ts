import { loadGatewayConfig, runProcess } from '@eden/config';
import { startTracing } from '@eden/telemetry';
import { createContext } from './context.js';
import { startGateway } from './gateway.js';

await runProcess(async () => {
  const config = loadGatewayConfig();
  const tracing = await startTracing({ service: 'gateway', endpoint: config.otlpEndpoint });
  return startGateway(await createContext(config, tracing), config.http);
});
