/** The environment does not describe a process that could run. The message is one line and holds no value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
