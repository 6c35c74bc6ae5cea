import type { Uuid } from '@eden/domain';
import { asUuid } from '@eden/domain';

/** Uuids that say what they are of, the same in every schedule. */
export function uuidOf(kind: number, number: number): Uuid {
  return asUuid(`${kind.toString(16).padStart(8, '0')}-0000-4000-8000-${number.toString(16).padStart(12, '0')}`);
}

export const ORGANIZATION = uuidOf(0, 1);
const [ENDPOINT, TEMPLATE, API, MIGRATION, MEMBERSHIP, SOURCE] = [1, 2, 3, 4, 5, 6];

export const endpointUuid = (number: number): Uuid => uuidOf(ENDPOINT, number);
export const apiUuid = (number: number): Uuid => uuidOf(API, number);
export const migrationUuid = (number: number): Uuid => uuidOf(MIGRATION, number);
export const membershipUuid = (api: number): Uuid => uuidOf(MEMBERSHIP, api);
export const sourceUuid = (folder: number): Uuid => uuidOf(SOURCE, folder);

/** Values of a counter that read templates are made for. */
export const VALUES = 4;
const EACH_API = 512;
const EACH_ENDPOINT = 16;
const OUTSIDE = 12;
const slot = (api: number, endpoint: number): number => api * EACH_API + endpoint * EACH_ENDPOINT;

export const readTemplate = (api: number, endpoint: number, value: number): Uuid =>
  uuidOf(TEMPLATE, slot(api, endpoint) + value);
export const writeTemplate = (api: number, endpoint: number, value: number): Uuid =>
  uuidOf(TEMPLATE, slot(api, endpoint) + VALUES + value);
export const stepTemplate = (api: number, endpoint: number, binding: number): Uuid =>
  uuidOf(TEMPLATE, slot(api, endpoint) + 2 * VALUES + binding);
/** A template of a step outside the transaction. */
export const outsideTemplate = (api: number, endpoint: number, number: number): Uuid =>
  uuidOf(TEMPLATE, slot(api, endpoint) + OUTSIDE + number);

/** The value of its API's counter that a read template was made for. */
export function valueOf(template: Uuid): number {
  return Number.parseInt(template.slice(-12), 16) % VALUES;
}
