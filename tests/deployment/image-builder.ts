import { spawnSync } from 'node:child_process';
import {
  cpSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import type { Copy, Stage, Step } from './dockerfile.js';
import { REPOSITORY, readProjectFile } from './repository.js';

/*
 * Carries out a Dockerfile's COPY and RUN steps without a container engine: every stage is a folder that stands for
 * the image's root, and commands run in the stage's working directory below it. What an engine adds is missing: the
 * base image's own files, users, isolation. So commands have to use relative paths, and Node is this machine's.
 */

export interface Image {
  /** The folder that stands for the image's working directory. */
  readonly folder: string;
  readonly variables: Readonly<Record<string, string>>;
}

interface Built {
  readonly root: string;
  readonly workdir: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** A RUN step failed. `output` is what it wrote. */
export class BuildError extends Error {
  constructor(
    readonly command: string,
    readonly output: string,
  ) {
    super(`${command}\n${output}`);
  }

  /** The npm registry was needed and could not be reached: says nothing about the Dockerfile. */
  get isOffline(): boolean {
    return /ENOTCACHED|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH/.test(this.output);
  }
}

/** A pattern of .dockerignore; `**` stands for any number of folders, and a folder's name for all that is in it. */
function ignorePattern(line: string): { readonly path: RegExp; readonly ignored: boolean } {
  const pattern = line
    .replace(/^!/, '')
    .replaceAll('.', '\\.')
    .replaceAll('**/', '\0')
    .replaceAll('*', '[^/]*')
    .replaceAll('\0', '(?:.*/)?');
  return { path: new RegExp(`^${pattern}(?:/.*)?$`), ignored: !line.startsWith('!') };
}

/** @returns whether the build's context leaves this path out; the last pattern that fits decides */
export function readDockerignore(text: string): (path: string) => boolean {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const patterns = lines.map(ignorePattern);
  return (path) => patterns.findLast((pattern) => pattern.path.test(path))?.ignored ?? false;
}

/** What the engine would be sent: the checkout without what .dockerignore names. */
function copyContext(folder: string): string {
  const isIgnored = readDockerignore(readProjectFile('.dockerignore'));
  cpSync(REPOSITORY, folder, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !isIgnored(relative(REPOSITORY, path)),
  });
  return folder;
}

/** npm and Node take settings from variables; those of the npm that runs the tests are none of the build's. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const foreign = /^(npm_|NODE_|JEST_)/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

function run(command: string, { root, workdir, variables }: Built): void {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command], {
    cwd: join(root, workdir),
    encoding: 'utf8',
    env: { ...cleanEnvironment(), npm_config_prefer_offline: 'true', ...variables },
  });
  if (status !== 0) throw new BuildError(command, `${stdout}${stderr}`);
}

/** A folder's content goes into the destination folder. */
function linkFolder(source: string, destination: string): void {
  mkdirSync(destination, { recursive: true });
  for (const entry of readdirSync(source, { withFileTypes: true })) {
    const [from, to] = [join(source, entry.name), join(destination, entry.name)];
    if (entry.isDirectory()) linkFolder(from, to);
    else linkPath(from, to);
  }
}

/**
 * A hard link instead of a copy: a hundred megabytes of node_modules go from stage to stage. Only for COPY: what a
 * stage copies it may replace or remove but not write into, and none does; what it is made FROM it may change.
 */
function linkPath(source: string, destination: string): void {
  mkdirSync(dirname(destination), { recursive: true });
  rmSync(destination, { force: true });
  if (lstatSync(source).isSymbolicLink()) symlinkSync(readlinkSync(source), destination);
  else linkSync(source, destination);
}

function copy(step: Copy, into: Built, sourceRoot: string): void {
  const target = join(into.root, step.destination.startsWith('/') ? '' : into.workdir, step.destination);
  for (const path of step.sources) {
    const source = join(sourceRoot, path);
    if (statSync(source).isDirectory()) linkFolder(source, target);
    else linkPath(source, step.destination.endsWith('/') ? join(target, basename(path)) : target);
  }
}

/** Builds stages on demand, each once, in a temporary folder of its own. */
export class ImageBuilder {
  readonly #folder = mkdtempSync(join(tmpdir(), 'eden-image-'));
  readonly #built = new Map<string, Built>();
  readonly #stages: ReadonlyMap<string, Stage>;
  #context: string | undefined;

  constructor(stages: readonly Stage[]) {
    this.#stages = new Map(stages.map((stage) => [stage.name, stage]));
  }

  /** @throws BuildError */
  build(target: string): Image {
    const { root, workdir, variables } = this.#stage(target);
    return { folder: join(root, workdir), variables };
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #stage(name: string): Built {
    const done = this.#built.get(name);
    if (done !== undefined) return done;
    const stage = this.#stages.get(name);
    if (stage === undefined) throw new Error(`no stage ${name}`);
    const built = stage.steps.reduce((state, step) => this.#carryOut(step, state), this.#start(stage));
    this.#built.set(name, built);
    return built;
  }

  #start({ name, base }: Stage): Built {
    const root = join(this.#folder, name);
    mkdirSync(root);
    if (!this.#stages.has(base)) return { root, workdir: '/', variables: {} };
    const inherited = this.#stage(base);
    cpSync(inherited.root, root, { recursive: true, verbatimSymlinks: true });
    return { ...inherited, root };
  }

  #carryOut(step: Step, state: Built): Built {
    switch (step.kind) {
      case 'WORKDIR':
        mkdirSync(join(state.root, step.path), { recursive: true });
        return { ...state, workdir: step.path };
      case 'ENV':
        return { ...state, variables: { ...state.variables, ...step.variables } };
      case 'RUN':
        run(step.command, state);
        return state;
      case 'COPY':
        copy(step, state, step.from === undefined ? this.#contextFolder() : this.#stage(step.from).root);
        return state;
    }
  }

  #contextFolder(): string {
    this.#context ??= copyContext(join(this.#folder, '.context'));
    return this.#context;
  }
}
