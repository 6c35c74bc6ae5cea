/** docs/protocol.md has every search of `npm run model`, and every planted mistake stands in spec/commit.pml. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './ensure-installed.mjs';
import { holdSections, report } from './generated-sections.mjs';
import { CONFIGURATIONS, MISTAKES } from './model-searches.mjs';

const MODEL = 'spec/commit.pml';

function table(head, rows) {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function configurationTable() {
  const rows = CONFIGURATIONS.map(({ name, what, form, cycles }) => [
    name,
    what,
    form,
    cycles ? 'cycles' : 'every end',
  ]);
  return table(['configuration', 'in it', 'from', 'searched for'], rows);
}

function mistakeTable() {
  return table(
    ['mistake', 'taken away'],
    MISTAKES.map(({ name, what }) => [`\`${name}\``, what]),
  );
}

const SECTIONS = { 'model configurations': configurationTable, 'model mistakes': mistakeTable };

/** A name that is defined for a search and asked for nowhere plants nothing, and the other way round. */
function strangers() {
  const model = readFileSync(join(ROOT, MODEL), 'utf8');
  const asked = new Set(
    [...model.matchAll(/#ifn?def (\w+)|defined\((\w+)\)/g)].map(([, name, other]) => name ?? other),
  );
  const switches = [...asked].filter((name) => !/^(REACHED|ONLY_COMMITS)$/.test(name) && !isSetByDefault(model, name));
  const planted = MISTAKES.map(({ name }) => name);
  return [
    ...planted.filter((name) => !asked.has(name)).map((name) => `${MODEL} does not plant ${name}`),
    ...switches
      .filter((name) => !planted.includes(name))
      .map((name) => `scripts/model-searches.mjs does not look for ${name}`),
  ];
}

function isSetByDefault(model, name) {
  return model.includes(`#ifndef ${name}\n#define ${name} `);
}

report([...strangers(), ...(await holdSections('docs/protocol.md', (name) => SECTIONS[name]?.() ?? null))]);
