import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findDocker, run } from './programs.mjs';

const START_TIMEOUT_MS = 60_000;
const POLL_MS = 200;

/**
 * A Docker engine of our own, beside whatever else runs here: its data, its socket and its network are in one folder and
 * one network namespace. It ends with `stop()`.
 */
export class Engine {
  #process;
  #program;

  constructor(process, program, socket) {
    this.#process = process;
    this.#program = program;
    this.socket = socket;
  }

  /**
   * @param prefix What the engine's program is started by, such as `nsenter …`.
   * @param flags Of dockerd.
   */
  static async start(folder, { prefix = [], flags = [] } = {}) {
    for (const name of ['data', 'exec']) mkdirSync(join(folder, name), { recursive: true });
    const socket = join(folder, 'docker.sock');
    const logFile = join(folder, 'engine.log');
    const log = openSync(logFile, 'a');
    const own = [
      '--data-root',
      join(folder, 'data'),
      '--exec-root',
      join(folder, 'exec'),
      '--pidfile',
      join(folder, 'engine.pid'),
    ];
    const [command, ...args] = [...prefix, 'dockerd', '--host', `unix://${socket}`, ...own, ...flags];
    const child = spawn(command, args, { stdio: ['ignore', log, log] });
    closeSync(log);
    const engine = new Engine(child, await findDocker(), socket);
    await engine.#untilItAnswers(logFile);
    return engine;
  }

  /** Variables for docker and docker-compose. */
  get env() {
    return { DOCKER_HOST: `unix://${this.socket}`, DOCKER_BUILDKIT: '1' };
  }

  docker(args, options = {}) {
    return run(this.#program, args, { ...options, env: { ...this.env, ...options.env } });
  }

  async stop() {
    if (this.#process.exitCode !== null) return;
    this.#process.kill('SIGTERM');
    await once(this.#process, 'exit');
  }

  async #untilItAnswers(logFile) {
    const deadline = performance.now() + START_TIMEOUT_MS;
    for (;;) {
      if (this.#process.exitCode !== null || performance.now() > deadline)
        throw new Error(`the engine does not start:\n${readFileSync(logFile, 'utf8').slice(-3000)}`);
      try {
        await this.docker(['version']);
        return;
      } catch {
        await delay(POLL_MS);
      }
    }
  }
}

/** The engine that `docker` talks to by itself. */
export const GIVEN_ENGINE = {
  env: { DOCKER_BUILDKIT: '1' },
  docker: (args, options = {}) => run('docker', args, options),
};

/** A network namespace in which an engine may make bridges and rules of its own. */
export class Namespace {
  constructor(name) {
    this.name = name;
  }

  static async create(name) {
    await run('ip', ['netns', 'add', name]);
    await run('ip', ['-n', name, 'link', 'set', 'lo', 'up']);
    return new Namespace(name);
  }

  /** What a program is started by, to be in it. */
  get prefix() {
    return ['nsenter', `--net=/run/netns/${this.name}`];
  }

  async remove() {
    await run('ip', ['netns', 'delete', this.name]);
  }
}
