import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { ServiceProcess, type Environment } from '@eden/sandbox';
import { atEndOfFile, reportOnFailure } from '../test-file.js';
import { testSandbox } from '../test-sandbox.js';
import { testServers } from '../test-servers.js';
import { KubernetesApiServer, type ApiServerOptions } from './api-server.js';

/** An API server of this test file's own. */
export async function startKubernetes(options: ApiServerOptions = {}): Promise<KubernetesApiServer> {
  const server = await KubernetesApiServer.start(options);
  atEndOfFile(() => server.stop());
  return server;
}

/** The operator as a real process, at this API server. */
export async function startOperator(server: KubernetesApiServer, env: Environment = {}): Promise<ServiceProcess> {
  const kubeConfig = join(testServers().filesDirectory, `kubeconfig-${randomUUID()}`);
  await writeFile(kubeConfig, server.kubeConfig);
  const operator = await ServiceProcess.start(await testSandbox(), {
    service: 'operator',
    env: { KUBECONFIG: kubeConfig, ...env },
    nodeFlags: ['--enable-source-maps'],
    onStart: (process) => {
      reportOnFailure(async () => `${process.name} (pid ${process.pid}) wrote\n${await process.readLog()}`);
    },
  });
  atEndOfFile(() => operator.stop());
  return operator;
}
