import type { Command } from 'commander';
import { changeConfig, readConfig } from '../config/config-file.js';
import { unknownProfile } from '../config/settings.js';
import { withExamples } from '../examples.js';
import { report } from '../report.js';
import type { Call, Shell } from '../shell.js';

export function addConfig(program: Command, shell: Shell): void {
  const config = program.command('config').description('which service is talked to');
  const use = config
    .command('use')
    .argument('<profile>', 'a profile that "eden login" or "eden dev" has written')
    .description('make a profile the current one')
    .action(shell.action(useProfile));
  withExamples(use, [['eden config use dev', 'talk to the service of "eden dev" from now on']]);
  withExamples(config, [['eden config use dev', 'talk to the service of "eden dev" from now on']]);
}

async function useProfile(call: Call<object>, name?: string): Promise<void> {
  const { surroundings } = call;
  const profile = name as string;
  const { profiles } = await readConfig(surroundings);
  if (profiles[profile] === undefined) throw unknownProfile(profile, Object.keys(profiles));
  await changeConfig(surroundings, (config) => ({ ...config, current: profile }));
  const { url } = profiles[profile];
  const sentence = `Profile ${profile} is the current one: ${url}`;
  report(call, { profile, url }, { name: `profile/${profile}`, sentence });
}
