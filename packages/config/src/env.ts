/** Environment variables as a process gets them. */
export type Env = Readonly<Record<string, string | undefined>>;

/** The only read of `process.env` in the project: everybody else is given a checked config. */
export function processEnv(): Env {
  return process.env;
}

/** Compose files and shells set variables to nothing when they mean "not set". */
export function isSet(value: string | undefined): boolean {
  return value !== undefined && value.trim() !== '';
}
