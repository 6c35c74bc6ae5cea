import { EdenError, type Endpoint, type OutsideSpec } from '@eden/domain';

/** Somebody newer has the step, or the control database has forgotten that it had it itself. */
export function fencedStep({ id }: Endpoint, { runUuid, epoch }: OutsideSpec, newer: number | undefined): EdenError {
  const details = 'The target knows a newer epoch of this step';
  const seen = newer === undefined ? {} : { newer_epoch: newer };
  return new EdenError('FENCED', { endpoint_id: id, run_uuid: runUuid, epoch, details, ...seen });
}

/** By an attempt that the control database has forgotten: it is not done anew, as nobody can tell what was wrong with it. */
export function takenBack({ id }: Endpoint): EdenError {
  const message = 'the target knows that this step was taken back already, which the control database has forgotten';
  return new EdenError('TEMPLATE_EXECUTION_FAILED', { endpoint_id: id, message });
}
