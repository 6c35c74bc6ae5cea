import type { Instruction, JSONInstruction, PropertyInstruction } from 'dockerfile-ast';
import { DockerfileParser } from 'dockerfile-ast';

export interface Copy {
  /** The stage that is copied from; undefined for the build's context. */
  readonly from: string | undefined;
  readonly sources: readonly string[];
  readonly destination: string;
}

export type Step =
  | { readonly kind: 'WORKDIR'; readonly path: string }
  | { readonly kind: 'ENV'; readonly variables: Readonly<Record<string, string>> }
  | { readonly kind: 'RUN'; readonly command: string }
  | ({ readonly kind: 'COPY' } & Copy);

/** What an image says of itself. */
interface ImageSettings {
  readonly user?: string;
  readonly stopSignal?: string;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  /** Undefined also for NONE. */
  readonly healthcheck?: readonly string[] | undefined;
  readonly port?: string;
}

/** One stage, with the settings of the stage that it is made from. */
export interface Stage extends ImageSettings {
  readonly name: string;
  readonly base: string;
  /** Its own steps, in order. */
  readonly steps: readonly Step[];
}

function words(instruction: Instruction): string[] {
  return instruction.getArguments().map((argument) => argument.getValue());
}

/** @throws Error for the shell form: its process 1 is a shell that hands no signal on */
function execForm(text: string): string[] {
  const list: unknown = JSON.parse(text);
  if (!Array.isArray(list)) throw new Error(`not the exec form: ${text}`);
  return list as string[];
}

function copyStep(instruction: JSONInstruction): Step {
  const from =
    instruction
      .getFlags()
      .find((flag) => flag.getName() === 'from')
      ?.getValue() ?? undefined;
  const paths = words(instruction);
  return { kind: 'COPY', from, sources: paths.slice(0, -1), destination: paths.at(-1) ?? '' };
}

function variables(instruction: PropertyInstruction): Record<string, string> {
  return Object.fromEntries(
    instruction.getProperties().map((property) => [property.getName(), property.getValue() ?? '']),
  );
}

function stepOf(instruction: Instruction): Step[] {
  switch (instruction.getKeyword()) {
    case 'WORKDIR':
      return [{ kind: 'WORKDIR', path: words(instruction)[0] ?? '' }];
    case 'ENV':
      return [{ kind: 'ENV', variables: variables(instruction as PropertyInstruction) }];
    case 'RUN':
      return [{ kind: 'RUN', command: instruction.getArgumentsContent() ?? '' }];
    case 'COPY':
      return [copyStep(instruction as JSONInstruction)];
    default:
      return [];
  }
}

const SETTINGS: Readonly<Record<string, (content: string) => ImageSettings>> = {
  USER: (content) => ({ user: content }),
  STOPSIGNAL: (content) => ({ stopSignal: content }),
  ENTRYPOINT: (content) => ({ entrypoint: execForm(content) }),
  CMD: (content) => ({ command: execForm(content) }),
  HEALTHCHECK: (content) => ({
    healthcheck: content === 'NONE' ? undefined : execForm(content.slice(content.indexOf('CMD') + 'CMD'.length)),
  }),
  EXPOSE: (content) => ({ port: content }),
};

function settingsOf(instruction: Instruction): ImageSettings {
  return SETTINGS[instruction.getKeyword()]?.(instruction.getRawArgumentsContent() ?? '') ?? {};
}

function stageOf([from, ...instructions]: readonly Instruction[], earlier: ReadonlyMap<string, Stage>): Stage {
  const [base = '', , name = ''] = from === undefined ? [] : words(from);
  const settings = instructions.map(settingsOf);
  return Object.assign({}, earlier.get(base), ...settings, {
    name,
    base,
    steps: instructions.flatMap(stepOf),
  }) as Stage;
}

/** Instructions from one FROM to the next. */
function split(instructions: readonly Instruction[]): Instruction[][] {
  return instructions.reduce<Instruction[][]>((stages, instruction) => {
    if (instruction.getKeyword() === 'FROM') return [...stages, [instruction]];
    stages.at(-1)?.push(instruction);
    return stages;
  }, []);
}

/** The stages of a Dockerfile in order. */
export function buildStages(text: string): Stage[] {
  const stages = new Map<string, Stage>();
  for (const instructions of split(DockerfileParser.parse(text).getInstructions())) {
    const stage = stageOf(instructions, stages);
    stages.set(stage.name, stage);
  }
  return [...stages.values()];
}
