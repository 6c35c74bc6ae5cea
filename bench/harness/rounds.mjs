import { round } from './service.mjs';

/** Measures every side in turn, A B A B, so that what else the machine does hits all of them. Median, least, greatest. */
export async function alternate(sides, rounds, measure) {
  const figures = new Map(sides.map((side) => [side, []]));
  for (let n = 0; n < rounds; n += 1) for (const side of sides) figures.get(side).push(await measure(side));
  return figures;
}

export function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

export function spread(name, values) {
  return {
    [name]: round(median(values)),
    [`${name}_min`]: round(Math.min(...values)),
    [`${name}_max`]: round(Math.max(...values)),
  };
}
