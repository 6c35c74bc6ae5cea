/** An execution of spec/commit.pml, as SPIN follows it, in words: who does what, in order. */

const MARK = /@(step|at|by|fault|broken) (\w+)((?: \d+)*)/;
const CYCLE = /START OF CYCLE/;
/** The worker number of what a request does. */
const REQUEST = 9;

const inWords = (name) => name.replaceAll('_', ' ');
const who = (number) => (number === REQUEST ? 'request ' : `worker ${number}`);
const ofToken = (token) => (token === 0 ? '' : `, token ${token}`);

const TOLD = {
  step: (name, [worker, epoch, token]) => `${who(worker)}  ${name} (epoch ${epoch}${ofToken(token)})`,
  at: (name, [worker, database, token]) =>
    `${who(worker)}  ${name} at database ${database}${token === 0 ? '' : ` (token ${token})`}`,
  by: (name, [worker]) => `${who(worker)}  ${inWords(name)}`,
  fault: (name) => `world     ${inWords(name)}`,
  broken: (name) => `=> broken: ${inWords(name)}`,
};

/** One line for each action. */
export function toldTrail(trail) {
  return trail.split('\n').flatMap((line) => {
    if (CYCLE.test(line)) return ['=> and from here on for ever:'];
    const found = MARK.exec(line);
    if (found === null) return [];
    const [, kind, name, numbers] = found;
    return [TOLD[kind](name, numbers.split(' ').slice(1).map(Number))];
  });
}
