export type { SettledLint } from '@eden/lint';
export { attributeError } from './bindings/attribute-error.js';
export { finishBatch, type FinishedBatch } from './bindings/batch-keys.js';
export { checkExpectation } from './bindings/check-expectation.js';
export { collectOutputs, isOutputPath } from './bindings/collect-outputs.js';
export { bindTemplate, lengthOf, usesRaw } from './bindings/compile-template.js';
export { childOf, parsePath } from './bindings/json-path.js';
export type { PathSegment } from './bindings/json-path.js';
export { needsRows } from './bindings/needs-rows.js';
export { nestValues } from './bindings/nest-values.js';
export { literalOf, lookupIn, referenceOf, resolveMigrationFields } from './bindings/resolve-references.js';
export { limitsOf, runOperations } from './bindings/run-operations.js';
export type { StatementRunner, TemplateResult } from './bindings/run-operations.js';
export { SYSTEM_NAMES } from './bindings/system-names.js';
export {
  bindOperations,
  bindingEndpoints,
  bodyOf,
  composeWork,
  distinctEndpoints,
  loadWork,
  templatesOf,
} from './load-work.js';
export type { MigrationWork, WorkApi, WorkBinding, WorkSource } from './load-work.js';
export { lookAtHistory, readHistory } from './sources/look-at-history.js';
export type { History } from './sources/look-at-history.js';
export { excerptOf } from './sources/excerpt.js';
export { textToRun } from './sources/plan-files.js';
export { obstaclesOfFolder } from './sources/plan-source.js';
export { problemsOf, sourceRefused, viewSource } from './sources/read-source.js';
export { lockTimeoutError, lockTimeoutOf } from './lock-timeout.js';
export { lockedOf, lockedWith } from './locked-resources.js';
export { lintTemplate } from './plan/lint-binding.js';
export type { KnownTargets } from './plan/plan-apis.js';
export { withClasses } from './plan/plan-atomicity.js';
export { planDatabases, withFindings } from './plan/plan-databases.js';
export { planWork } from './plan/plan-work.js';
export type { Planner, SourceFolders, WorkToPlan } from './plan/planner.js';
export type { Stage } from './plan/stages.js';
export { groupByDatabase, groupByKeys, stagesOf } from './plan/stages.js';
export { allEndpoints, databaseKeys, inspectTargets, reportOf } from './plan/target-reports.js';
export type { InspectedTarget, TargetReports } from './plan/target-reports.js';
export { surveyTargets } from './plan/target-surveys.js';
export { hashOfRequest, planHash, planOutOfDate } from './plan-hash.js';
export { loadRollbackWork, refuseRollback } from './rollback-work.js';
