import type { OutsideClass, OutsideStep } from '@eden/domain';
import { batched } from './batched.js';
import { compensable } from './compensable.js';
import { irreversible } from './irreversible.js';
import type { StepClass } from './step-class.js';

const CLASSES: Readonly<Record<OutsideClass, StepClass>> = { batched, compensable, irreversible };

export function stepClassOf({ class: name }: Pick<OutsideStep, 'class'>): StepClass {
  return CLASSES[name];
}
