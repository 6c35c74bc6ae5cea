import { managedApiId } from '@eden/domain';
import type { Statement } from '../control/steps.js';
import { calendarOf } from '../schedule/calendar.js';
import { endpointOfFolder, filesOf, folderId, folderOf } from './folders.js';
import type { SimulationPlan } from './plan.js';
import { apiUuid, endpointUuid, membershipUuid, migrationUuid, sourceUuid } from './uuids.js';

/** Numbers of the APIs of folders, which come after all others. */
const FOLDERS = 64;
const BORN = calendarOf(0);

/** Each with its API, which is a member as any other. */
export function seedFolder({ tx }: Statement, plan: SimulationPlan, number: number): void {
  const folder = folderOf(plan, number);
  const [uuid, api] = [sourceUuid(number), apiUuid(FOLDERS + number)];
  const files = filesOf(plan, number, { files: folder.files, isBroken: false });
  tx.put('sources', uuid, {
    uuid,
    id: folderId(number),
    migrationUuid: migrationUuid(folder.migration),
    endpointUuid: endpointUuid(endpointOfFolder(plan, folder)),
    apiUuid: api,
    tool: 'dbmate',
    stage: folder.stage,
    options: { table: folderId(number) },
    digest: '',
    files,
    statuses: null,
    checkedAt: null,
    createdAt: BORN,
    updatedAt: BORN,
  });
  const id = managedApiId(`migration-${folder.migration}`, folderId(number));
  const plain = { description: null, fields: [], bindings: [], createdAt: BORN, updatedAt: BORN };
  tx.put('apis', api, { uuid: api, id, ...plain, managed: true, schemaVersion: 1, gates: [], untouchedOn: '1' });
  tx.put('memberships', membershipUuid(FOLDERS + number), {
    uuid: membershipUuid(FOLDERS + number),
    migrationUuid: migrationUuid(folder.migration),
    apiUuid: api,
    active: true,
    synced: false,
    stage: folder.stage,
    position: FOLDERS + number,
    bindings: [],
    next: null,
    previous: null,
    committedSchemaVersion: null,
    order: FOLDERS + number,
  });
}
