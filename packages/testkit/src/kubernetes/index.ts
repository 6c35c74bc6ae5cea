export { KubernetesApiServer } from './api-server.js';
export type { FakeRequest, Fault } from './faults.js';
export type { KubeObject } from './objects.js';
export { startKubernetes, startOperator } from './start.js';
